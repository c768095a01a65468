import type { IndexModel, KeyField, KeyModel } from '../model/model.js'
import type { Condition } from '../query/condition.js'
import { compareValues, evaluate } from '../query/evaluate.js'
import { ALWAYS, isAlways, isLeaf, isNever, join, type LeafCondition, simplify } from '../query/simplify.js'
import type { Value } from '../schema/value.js'
import { type ValueKind, valueKind } from '../schema/value-kind.js'
import type { QuerySpec } from './contract.js'
import type { SortRange } from './range.js'
import { boundsOf, intersect, NO_BOUNDS, type SortBounds } from './sort-bounds.js'

/** A query's `where`, divided between the sort key and the filter. */
export interface Analysis {
  /** What the sort fields are held to. */
  readonly range: SortRange
  /** What the range does not say, simplified; undefined when it says all. */
  readonly rest: Condition | undefined
  /** Nothing can fit: send nothing. The range is then of no meaning. */
  readonly empty: boolean
}

/**
 * Takes the sort conditions out of a query's `where` and simplifies what remains. Conditions on the fields of the
 * partition are decided here, by the values asked for; so are those on sort fields that decide themselves (a value of
 * another type, `exists`). Impossible ranges (between 2 and 1, two different equals, `in []`) make the query empty.
 */
export function analyse(query: QuerySpec): Analysis {
  const model: KeyModel | IndexModel = query.index ?? query.entity.key
  const where = simplify(query.where ?? ALWAYS, (leaf) => decide(leaf, query, model))
  if (isNever(where)) return EMPTY

  const parts = where.op === 'and' ? where.conditions : [where]
  const bounded = model.sort.map((field) => ({ field, ...boundsOn(field, parts) }))
  const equal: SortRange['equal'][number][] = []
  const taken = new Set<Condition>()
  let range: SortRange | undefined
  let ends: readonly Condition[] = []
  for (const { field, bounds, from } of bounded) {
    if (bounds === 'empty') return EMPTY
    if (range !== undefined) continue
    for (const part of from) taken.add(part)
    if (bounds.equal !== undefined) {
      equal.push({ field, value: bounds.equal })
    } else {
      range = rangeOf(equal, from.length === 0 ? undefined : field, bounds)
      if (bounds.beginsWith !== undefined) ends = endConditions(field, bounds)
    }
  }
  const rest = join('and', [...parts.filter((part) => !taken.has(part)), ...ends])
  return {
    range: range ?? rangeOf(equal, undefined, NO_BOUNDS),
    rest: isAlways(rest) ? undefined : rest,
    empty: false,
  }
}

function rangeOf(equal: SortRange['equal'], field: KeyField | undefined, bounds: SortBounds): SortRange {
  const { low, high, beginsWith } = bounds
  return beginsWith === undefined
    ? { equal, field, low, high, beginsWith }
    : { equal, field, low: undefined, high: undefined, beginsWith }
}

const EMPTY: Analysis = Object.freeze({ range: rangeOf([], undefined, NO_BOUNDS), rest: undefined, empty: true })

/** What the parts of an `and` say together of one sort field, and which parts say it. */
function boundsOn(
  field: KeyField,
  parts: readonly Condition[],
): { readonly bounds: SortBounds | 'empty'; readonly from: readonly Condition[] } {
  let bounds = NO_BOUNDS
  const from: Condition[] = []
  for (const part of parts) {
    if (!isLeaf(part) || part.path.length !== 1 || part.path[0] !== field.name) continue
    const one = boundsOf(part)
    if (one === undefined) continue
    const both = intersect(bounds, one)
    if (both === 'empty') return { bounds: both, from }
    bounds = both
    from.push(part)
  }
  return { bounds, from }
}

/** The ends that a range by prefix leaves to the filter. */
function endConditions({ name }: KeyField, { low, high }: SortBounds): readonly Condition[] {
  const ends: Condition[] = []
  if (low !== undefined) ends.push({ op: low.inclusive ? 'gte' : 'gt', path: [name], value: low.value })
  if (high !== undefined) ends.push({ op: high.inclusive ? 'lte' : 'lt', path: [name], value: high.value })
  return ends
}

/** What a leaf comes to before any row is seen, where that can be said. */
function decide(leaf: LeafCondition, query: QuerySpec, model: KeyModel): boolean | undefined {
  if (leaf.op === 'between' && !((compareValues(leaf.low, leaf.high) ?? 1) <= 0)) return false
  const [name] = leaf.path
  if (leaf.path.length !== 1 || typeof name !== 'string') return undefined
  if (model.partition.some((field) => field.name === name)) return evaluate(leaf, query.partition)
  const field = model.sort.find((sort) => sort.name === name)
  return field === undefined ? undefined : decideSort(leaf, kindOf(field))
}

/** A sort field is always there in what its key or index holds, never null, and of its own kind. */
function decideSort(leaf: LeafCondition, kind: ValueKind): boolean | undefined {
  const foreign = (value: Value): boolean => valueKind(value) !== kind
  switch (leaf.op) {
    case 'exists':
      return true
    case 'notExists':
      return false
    case 'ne':
      return foreign(leaf.value) ? true : undefined
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return foreign(leaf.value) ? false : undefined
    case 'between':
      return foreign(leaf.low) ? false : undefined
    case 'in':
      return leaf.values.every(foreign) ? false : undefined
    case 'beginsWith':
    case 'contains':
      return kind !== 'string' || foreign(leaf.value) ? false : leaf.value === '' ? true : undefined
  }
}

function kindOf({ slot }: KeyField): ValueKind {
  return (slot.type.kind === 'enum' ? slot.type.of : slot.type.kind) as ValueKind
}
