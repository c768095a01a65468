import { getOwn, type Path, type Value, type Values } from '../schema/value.js'
import { valueKind } from '../schema/value-kind.js'
import { compareValues, equalValues } from './compare-values.js'
import type { Condition } from './condition.js'

export { compareValues, equalValues } from './compare-values.js'

/** Whether a condition holds of an entity; the reference meaning of every condition. Both are in storage form. */
export function evaluate(condition: Condition, values: Values): boolean {
  switch (condition.op) {
    case 'and':
      return condition.conditions.every((part) => evaluate(part, values))
    case 'or':
      return condition.conditions.some((part) => evaluate(part, values))
    case 'not':
      return !evaluate(condition.condition, values)
    case 'exists':
      return valueAt(values, condition.path) !== undefined
    case 'notExists':
      return valueAt(values, condition.path) === undefined
  }
  const found = valueAt(values, condition.path)
  if (found === undefined) return false
  switch (condition.op) {
    case 'eq':
      return equalValues(found, condition.value)
    case 'ne':
      return !equalValues(found, condition.value)
    case 'lt':
      return ordered(compareValues(found, condition.value), (order) => order < 0)
    case 'lte':
      return ordered(compareValues(found, condition.value), (order) => order <= 0)
    case 'gt':
      return ordered(compareValues(found, condition.value), (order) => order > 0)
    case 'gte':
      return ordered(compareValues(found, condition.value), (order) => order >= 0)
    case 'between':
      return (
        ordered(compareValues(found, condition.low), (order) => order >= 0) &&
        ordered(compareValues(found, condition.high), (order) => order <= 0)
      )
    case 'in':
      return condition.values.some((value) => equalValues(found, value))
    case 'beginsWith':
      return typeof found === 'string' && found.startsWith(condition.value)
    case 'contains':
      return contains(found, condition.value)
  }
}

/** The value at a path, or undefined when something on the way is absent or of another kind. */
export function valueAt(values: Values, path: Path): Value | undefined {
  let value: Value | undefined = values
  for (const step of path) {
    if (value === undefined) return undefined
    value = stepInto(value, step)
  }
  return value
}

/** One step down: a name into an object, an index into a list; undefined when there is nothing or no such parent. */
export function stepInto(parent: Value, step: string | number): Value | undefined {
  if (typeof step === 'number') return Array.isArray(parent) ? (parent as readonly Value[])[step] : undefined
  return valueKind(parent) === 'object' ? getOwn(parent as Values, step) : undefined
}

function ordered(order: number | undefined, fits: (order: number) => boolean): boolean {
  return order !== undefined && fits(order)
}

function contains(found: Value, value: Value): boolean {
  if (typeof found === 'string') return typeof value === 'string' && found.includes(value)
  if (Array.isArray(found)) return (found as readonly Value[]).some((item) => equalValues(item, value))
  if (found instanceof Set) return found.has(value)
  return false
}
