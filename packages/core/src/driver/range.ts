import type { KeyField } from '../model/model.js'
import type { OrderedValue } from '../query/condition.js'

/**
 * What a query's `where` says of the sort fields: equality on the first few, then at most one range on the next. Taken
 * out of the condition's top-level `and` by `analyse`; everything else stays in the filter.
 */
export interface SortRange {
  /** Leading sort fields fixed by equality, in order. */
  readonly equal: readonly { readonly field: KeyField; readonly value: OrderedValue }[]
  /** A range on the sort field after them. */
  readonly field: KeyField | undefined
  readonly low: { readonly value: OrderedValue; readonly inclusive: boolean } | undefined
  readonly high: { readonly value: OrderedValue; readonly inclusive: boolean } | undefined
  /** A prefix on a string field; excludes low and high. */
  readonly beginsWith: string | undefined
}
