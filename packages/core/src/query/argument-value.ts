import { StoreError } from '../errors/store-error.js'
import type { Slot, ValueType } from '../schema/type.js'
import { slotToStorage } from '../schema/validate.js'
import type { Path, Value } from '../schema/value.js'

/**
 * A value given to a condition, in storage form. Its kind must be the field's; the schema's refinements are not asked:
 * comparing with a value that the field could never hold is a fair question with the answer no.
 */
export function argumentValue(slot: Slot, value: unknown, path: Path, op: string): Value {
  if (value === undefined) {
    throw refused(path, `${op} compares with undefined; ask exists or notExists for absence, or eq null for null`)
  }
  if (value === null) {
    if (op === 'eq' || op === 'ne' || op === 'in' || op === 'contains') return null
    throw refused(path, `${op} compares with null, which has no order; use eq or exists`)
  }
  if (slot.converts) return slotToStorage(slot, value, path) as Value
  return scalars[slot.type.kind](slot, value, path, op)
}

type Convert = (slot: Slot, value: unknown, path: Path, op: string) => Value

const viaSchema: Convert = (slot, value, path) => slotToStorage(slot, value, path) as Value

const scalars: { readonly [K in ValueType['kind']]: Convert } = {
  string: (_, value, path, op) => string(value, path, op),
  number: (_, value, path, op) => number(value, path, op),
  bigint: (_, value, path, op) => bigint(value, path, op),
  boolean: (_, value, path, op) => (typeof value === 'boolean' ? value : mismatch('a boolean', value, path, op)),
  date: (_, value, path, op) => {
    if (!(value instanceof Date)) return mismatch('a Date', value, path, op)
    if (Number.isNaN(value.getTime())) return mismatch('a valid Date', new Problem('an invalid one'), path, op)
    // A copy: what becomes of the caller's own must not change a query or a guard.
    return new Date(value)
  },
  bytes: (_, value, path, op) =>
    value instanceof Uint8Array ? new Uint8Array(value) : mismatch('a Uint8Array', value, path, op),
  enum: (slot, value, path, op) => {
    const of = slot.type.kind === 'enum' ? slot.type.of : 'string'
    return scalars[of](slot, value, path, op)
  },
  null: (_, value, path, op) => mismatch('null', value, path, op),
  object: viaSchema,
  record: viaSchema,
  array: viaSchema,
  tuple: viaSchema,
  set: viaSchema,
  union: viaSchema,
  dynamic: (slot, value, path) => slotToStorage({ ...slot, type: { kind: 'dynamic' } }, value, path) as Value,
}

function string(value: unknown, path: Path, op: string): string {
  if (typeof value !== 'string') return mismatch('a string', value, path, op)
  return value.isWellFormed()
    ? value
    : mismatch('well-formed Unicode', new Problem('a string with a lone surrogate'), path, op)
}

function number(value: unknown, path: Path, op: string): number {
  if (typeof value !== 'number') return mismatch('a number', value, path, op)
  // Adding zero turns -0 into 0, as in what is stored.
  return Number.isFinite(value) ? value + 0 : mismatch('a finite number', value, path, op)
}

function bigint(value: unknown, path: Path, op: string): bigint {
  if (typeof value !== 'bigint') return mismatch('a bigint', value, path, op)
  return BigInt.asIntN(64, value) === value ? value : mismatch('a bigint of 64 bits', value, path, op)
}

function mismatch(want: string, got: unknown, path: Path, op: string): never {
  throw refused(path, `${op} takes ${want} here, not ${got instanceof Problem ? got.words : named(got)}`)
}

/** Says what is wrong with a value of the right kind. */
class Problem {
  readonly words: string

  constructor(words: string) {
    this.words = words
  }
}

/** What kind of thing it is; its value may be nobody's business. */
function named(value: unknown): string {
  return typeof value === 'object' ? `an object (${value?.constructor?.name ?? 'null'})` : `a ${typeof value}`
}

function refused(path: Path, message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'VALIDATION', path })
}
