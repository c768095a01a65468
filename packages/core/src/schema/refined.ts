import type { $ZodType } from 'zod/v4/core'
import { checksOf } from './refine.js'
import type { Slot } from './type.js'

/** The checks that a slot's own type holds as bounds, so that every store can keep to them. */
const BOUNDS: ReadonlySet<string> = new Set(['greater_than', 'less_than', 'number_format', 'bigint_format'])

/**
 * Whether a slot's schema has checks that nothing but the schema can make of a changed value: a list's length, a multiple,
 * a refinement of the author's.
 */
export function isRefined(slot: Slot): boolean {
  let schema: $ZodType | undefined = slot.schema as $ZodType
  while (schema !== undefined) {
    const isNumber = slot.type.kind === 'number' || slot.type.kind === 'bigint'
    if (checksOf(schema).some((check) => !isNumber || !BOUNDS.has(check._zod.def.check))) return true
    schema = (schema._zod.def as { readonly innerType?: $ZodType }).innerType
  }
  return false
}
