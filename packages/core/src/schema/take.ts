import type { $ZodCheck, $ZodType } from 'zod/v4/core'
import { describe, type Node, type Take } from './node.js'
import { checker, decode } from './refine.js'
import { setOwn } from './value.js'
import type { Walk } from './walk.js'

export const LONE_SURROGATE =
  'holds a lone surrogate, which no store can hold; use well-formed Unicode, for example text.toWellFormed()'

/** Structure first, then Zod's checks; what a check like `trim` makes of the value is looked at again. */
export function thenCheck(take: Take, checks: readonly $ZodCheck[] = []): Take {
  if (checks.length === 0) return take
  const check = checker(checks)
  return (value, walk) => {
    const before = walk.problems.length
    const taken = take(value, walk)
    if (walk.problems.length !== before) return undefined
    const checked = check(taken, walk)
    return checked === taken || walk.problems.length !== before ? checked : take(checked, walk)
  }
}

/** Says that a value is of another kind, in the words of the schema's author where there are such. */
export function mismatch(schema: $ZodType, value: unknown, expected: string, walk: Walk): undefined {
  if (schema._zod.def.error !== undefined) {
    const before = walk.problems.length
    decode(schema, value, walk)
    if (walk.problems.length !== before) return undefined
  }
  if (value === undefined) return walk.fail(`is required; give ${expected}`)
  return walk.fail(
    `expects ${expected}, not ${expected.includes('"') && typeof value === 'string' ? 'another string' : describe(value)}`,
  )
}

export type Source = { readonly [name: string]: unknown }

/** Whether a value can have fields: plain objects and instances of classes, but nothing that is a value of another kind. */
export function isObject(value: unknown): value is Source {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !(value instanceof Date || value instanceof Set || value instanceof Map || ArrayBuffer.isView(value))
}

/** Takes a value into an object; an absent one leaves no trace there. */
export function takeInto(target: object, name: string, node: Node, given: unknown, walk: Walk): void {
  const before = walk.problems.length
  const value = node.take(given, walk)
  if (walk.problems.length !== before) walk.within(before, name)
  else if (value !== undefined) setOwn(target, name, value)
}
