import type { Condition, Path } from '@isomodel/core'
import { equal, kindOf, order } from './order.js'

/** The value at a path; undefined where something on the way is missing. */
export function lookUp(entity: unknown, path: Path): unknown {
  let here = entity
  for (const step of path) {
    const list = typeof step === 'number'
    if (here === undefined || kindOf(here) !== (list ? 'list' : 'object')) return undefined
    here = Object.hasOwn(here as object, step)
      ? (here as { readonly [step: string | number]: unknown })[step]
      : undefined
  }
  return here
}

/** Whether a condition holds of an entity: an absent field compares false, null equals null and has no order. */
export function isTrue(condition: Condition, entity: unknown): boolean {
  switch (condition.op) {
    case 'and':
      return !condition.conditions.map((part) => isTrue(part, entity)).includes(false)
    case 'or':
      return condition.conditions.map((part) => isTrue(part, entity)).includes(true)
    case 'not':
      return !isTrue(condition.condition, entity)
    default:
      return isTrueOf(condition, lookUp(entity, condition.path))
  }
}

type Comparison = Exclude<Condition, { readonly op: 'and' | 'or' | 'not' }>

function isTrueOf(condition: Comparison, value: unknown): boolean {
  if (value === undefined) return condition.op === 'notExists'
  const compared = (other: unknown): number => order(value, other) ?? Number.NaN
  switch (condition.op) {
    case 'exists':
      return true
    case 'notExists':
      return false
    case 'eq':
      return equal(value, condition.value)
    case 'ne':
      return !equal(value, condition.value)
    case 'lt':
      return compared(condition.value) < 0
    case 'lte':
      return compared(condition.value) <= 0
    case 'gt':
      return compared(condition.value) > 0
    case 'gte':
      return compared(condition.value) >= 0
    case 'between':
      return compared(condition.low) >= 0 && compared(condition.high) <= 0
    case 'in':
      return condition.values.some((other) => equal(value, other))
    case 'beginsWith':
      return typeof value === 'string' && value.slice(0, condition.value.length) === condition.value
    case 'contains':
      if (typeof value === 'string') return typeof condition.value === 'string' && value.indexOf(condition.value) >= 0
      if (value instanceof Set || Array.isArray(value))
        return [...value].some((member) => equal(member, condition.value))
      return false
  }
}
