import { equalValues } from '../query/compare-values.js'
import { getOwn, type Value, type Values } from '../schema/value.js'

/** The names of the top-level fields in which two states of an entity differ. */
export function changedFields(old: Values, next: Values): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const field of [...Object.keys(old), ...Object.keys(next)]) {
    if (!isSame(getOwn(old, field), getOwn(next, field))) fields.add(field)
  }
  return fields
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b)
}
