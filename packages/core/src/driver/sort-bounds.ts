import { compareValues } from '../query/compare-values.js'
import type { OrderedValue } from '../query/condition.js'
import type { LeafCondition } from '../query/simplify.js'

export interface Bound {
  readonly value: OrderedValue
  readonly inclusive: boolean
}

/** What several conditions on one field that is always there come to, together. */
export interface SortBounds {
  readonly equal: OrderedValue | undefined
  readonly low: Bound | undefined
  readonly high: Bound | undefined
  readonly beginsWith: string | undefined
}

/** One leaf on one field as bounds; undefined when it is no range: `ne`, `contains`, an `in` of several values. */
export function boundsOf(leaf: LeafCondition): SortBounds | undefined {
  switch (leaf.op) {
    case 'eq':
      return { ...NO_BOUNDS, equal: leaf.value as OrderedValue }
    case 'in':
      return leaf.values.length === 1 ? { ...NO_BOUNDS, equal: leaf.values[0] as OrderedValue } : undefined
    case 'lt':
    case 'lte':
      return { ...NO_BOUNDS, high: { value: leaf.value, inclusive: leaf.op === 'lte' } }
    case 'gt':
    case 'gte':
      return { ...NO_BOUNDS, low: { value: leaf.value, inclusive: leaf.op === 'gte' } }
    case 'between':
      return {
        ...NO_BOUNDS,
        low: { value: leaf.low, inclusive: true },
        high: { value: leaf.high, inclusive: true },
      }
    case 'beginsWith':
      return { ...NO_BOUNDS, beginsWith: leaf.value }
    case 'ne':
    case 'contains':
    case 'exists':
    case 'notExists':
      return undefined
  }
}

export const NO_BOUNDS: SortBounds = Object.freeze({
  equal: undefined,
  low: undefined,
  high: undefined,
  beginsWith: undefined,
})

/**
 * Both at once: the tighter ends, the longer prefix, a single value where only one fits. 'empty' when nothing fits both.
 * A prefix keeps ends beside it only where they cut into it.
 */
export function intersect(a: SortBounds, b: SortBounds): SortBounds | 'empty' {
  const equal = a.equal ?? b.equal
  if (equal !== undefined) {
    return fits(equal, a) && fits(equal, b) ? { ...NO_BOUNDS, equal } : 'empty'
  }
  const low = tighter(a.low, b.low, 1)
  const high = tighter(a.high, b.high, -1)
  if (low !== undefined && high !== undefined) {
    const order = compareValues(low.value, high.value) as number
    if (order > 0 || (order === 0 && !(low.inclusive && high.inclusive))) return 'empty'
    if (order === 0) return intersect({ ...NO_BOUNDS, equal: low.value }, { ...NO_BOUNDS, beginsWith: prefix(a, b) })
  }
  const beginsWith = prefix(a, b)
  if (beginsWith === undefined) return { equal: undefined, low, high, beginsWith: undefined }
  if ([a.beginsWith, b.beginsWith].some((text) => text !== undefined && !beginsWith.startsWith(text))) return 'empty'
  if (high?.value === beginsWith) {
    return high.inclusive ? intersect({ ...NO_BOUNDS, equal: beginsWith }, { ...NO_BOUNDS, low }) : 'empty'
  }
  const lowCuts = low !== undefined && cutsInto(beginsWith, low)
  const highCuts = high !== undefined && cutsInto(beginsWith, high)
  if (low !== undefined && !lowCuts && !inOrder(low.value, beginsWith, true)) return 'empty'
  if (high !== undefined && !highCuts && !inOrder(beginsWith, high.value, false)) return 'empty'
  return { equal: undefined, low: lowCuts ? low : undefined, high: highCuts ? high : undefined, beginsWith }
}

/**
 * Whether an end divides the texts with a prefix. Only one that has the prefix itself can: any other text is before all
 * of them or behind all of them, as it is before or behind the prefix.
 */
function cutsInto(beginsWith: string, { value, inclusive }: Bound): boolean {
  const text = value as string
  return text.startsWith(beginsWith) && !(text === beginsWith && inclusive)
}

function prefix(a: SortBounds, b: SortBounds): string | undefined {
  if (a.beginsWith === undefined || b.beginsWith === undefined) return a.beginsWith ?? b.beginsWith
  return a.beginsWith.length >= b.beginsWith.length ? a.beginsWith : b.beginsWith
}

function fits(value: OrderedValue, { equal, low, high, beginsWith }: SortBounds): boolean {
  return (
    (equal === undefined || compareValues(value, equal) === 0) &&
    (beginsWith === undefined || (value as string).startsWith(beginsWith)) &&
    (low === undefined || inOrder(low.value, value, low.inclusive)) &&
    (high === undefined || inOrder(value, high.value, high.inclusive))
  )
}

function inOrder(a: OrderedValue, b: OrderedValue, orEqual: boolean): boolean {
  const order = compareValues(a, b) as number
  return order < 0 || (orEqual && order === 0)
}

function tighter(a: Bound | undefined, b: Bound | undefined, direction: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const order = (compareValues(a.value, b.value) as number) * direction
  if (order === 0) return a.inclusive ? b : a
  return order > 0 ? a : b
}
