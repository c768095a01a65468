import type { SortRange } from '../driver/range.js'
import type { Condition } from './condition.js'

/** A sort range as the conditions it came from, for explain. */
export function rangeConditions(range: SortRange): readonly Condition[] {
  const conditions: Condition[] = range.equal.map(({ field, value }) => ({ op: 'eq', path: [field.name], value }))
  if (range.field === undefined) return conditions
  const path = [range.field.name]
  if (range.beginsWith !== undefined) conditions.push({ op: 'beginsWith', path, value: range.beginsWith })
  if (range.low !== undefined) conditions.push({ op: range.low.inclusive ? 'gte' : 'gt', path, value: range.low.value })
  if (range.high !== undefined)
    conditions.push({ op: range.high.inclusive ? 'lte' : 'lt', path, value: range.high.value })
  return conditions
}
