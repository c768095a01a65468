import type { $ZodType } from 'zod/v4/core'
import { checksOf } from './refine.js'
import type { ValueType, ZodType } from './type.js'

/** The checks that a type itself holds as bounds, so that every store can keep to them. */
const BOUNDS: ReadonlySet<string> = new Set(['greater_than', 'less_than', 'number_format', 'bigint_format'])

/** The schemas of the same place: what a wrapper wraps, what a lazy one stands for, both sides of a pipe. */
interface Inside {
  readonly innerType?: $ZodType
  readonly getter?: () => $ZodType
  readonly in?: $ZodType
  readonly out?: $ZodType
}

const known = new WeakMap<ZodType, boolean>()

/**
 * Whether the schema of a place has checks that nothing but the schema can make of a changed value: a list's length, a
 * multiple, a refinement of the author's.
 */
export function isRefined({ schema, type }: { readonly schema: ZodType; readonly type: ValueType }): boolean {
  const found = known.get(schema)
  if (found !== undefined) return found
  const refined = hasChecks(schema as $ZodType, type.kind === 'number' || type.kind === 'bigint', new Set())
  known.set(schema, refined)
  return refined
}

function hasChecks(schema: $ZodType | undefined, bounded: boolean, seen: Set<$ZodType>): boolean {
  if (schema === undefined || seen.has(schema)) return false
  seen.add(schema)
  if (checksOf(schema).some((check) => !bounded || !BOUNDS.has(check._zod.def.check))) return true
  const { type } = schema._zod.def
  const { innerType, getter, in: from, out } = schema._zod.def as Inside
  // The sides of a pipe narrow each other: the bounds of one are not all that holds.
  if (type === 'pipe') return hasChecks(from, false, seen) || hasChecks(out, false, seen)
  return hasChecks(type === 'lazy' ? getter?.() : innerType, bounded, seen)
}
