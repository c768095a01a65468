import type { Value } from './value.js'

/** The kinds of values as they are, whatever the schema says of their place. */
export type ValueKind =
  | 'string'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'null'
  | 'date'
  | 'bytes'
  | 'set'
  | 'array'
  | 'object'

/** The JavaScript value of each kind. */
export interface ValueOfKind {
  readonly string: string
  readonly number: number
  readonly bigint: bigint
  readonly boolean: boolean
  readonly null: null
  readonly date: Date
  readonly bytes: Uint8Array
  readonly set: ReadonlySet<string | number | bigint>
  readonly array: readonly Value[]
  readonly object: { readonly [field: string]: Value }
}

/** Which kind a value in storage form is. */
export function valueKind(value: Value): ValueKind {
  if (typeof value !== 'object') return typeof value as 'string' | 'number' | 'bigint' | 'boolean'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Set) return 'set'
  return 'object'
}

/** True when the value is of the kind; narrows it. */
export function isKind<K extends ValueKind>(value: Value, kind: K): value is ValueOfKind[K] & Value {
  return valueKind(value) === kind
}
