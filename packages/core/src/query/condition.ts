import type { Path, Value } from '../schema/value.js'

/**
 * A condition as plain frozen data: used by `where`, by `if`, and by drivers. Values are in storage form.
 *
 * Meaning, the same on every store: comparing an absent field is false, `ne` included (so `not(eq)` of an absent field is
 * true). Null: `exists`, `eq null` and `ne` something else hold, order does not. A value of another type is not equal, and
 * not ordered. `in []` and `or []` are false; `and []` and an empty prefix (on a string) are true.
 */
export type Condition =
  | { readonly op: 'eq' | 'ne'; readonly path: Path; readonly value: Value }
  | { readonly op: 'lt' | 'lte' | 'gt' | 'gte'; readonly path: Path; readonly value: OrderedValue }
  | { readonly op: 'between'; readonly path: Path; readonly low: OrderedValue; readonly high: OrderedValue }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Value[] }
  | { readonly op: 'beginsWith'; readonly path: Path; readonly value: string }
  /** A string contains a substring; a list or a set contains a member. */
  | { readonly op: 'contains'; readonly path: Path; readonly value: Value }
  | { readonly op: 'exists' | 'notExists'; readonly path: Path }
  | { readonly op: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly op: 'not'; readonly condition: Condition }

/** Values that have an order: strings by code point, numbers, bigints and dates by value, bytes unsigned, false < true. */
export type OrderedValue = string | number | bigint | boolean | Date | Uint8Array
