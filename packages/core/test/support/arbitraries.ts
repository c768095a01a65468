import fc from 'fast-check'
import { setOwn, type Value, type Values } from '../../src/schema/value.js'

const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '$date', '$bigint', '$object', '$set', 'a.b', '#', '', '$'),
)
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '\u{10ffff}', '\uffff', 'e\u0301', '#$'),
)
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const moments = fc.date({ noInvalidDate: true })
const byteStrings = fc.uint8Array({ maxLength: 6 })

/** Any scalar that a store holds. */
export const scalar: fc.Arbitrary<Value> = fc.oneof(
  text,
  finite,
  int64,
  fc.boolean(),
  fc.constant(null),
  moments,
  byteStrings,
)

/** Any set that a store holds. */
export const set: fc.Arbitrary<Value> = fc.oneof(
  fc.array(text, { maxLength: 4 }).map((members) => new Set(members)),
  fc.array(finite, { maxLength: 4 }).map((members) => new Set(members)),
  fc.array(int64, { maxLength: 4 }).map((members) => new Set(members)),
)

/** Any value that a store holds, some levels deep. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; object: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, set, fc.array(tie('value'), { maxLength: 4 }), tie('object')),
  object: fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map(objectOf),
})).value

export { byteStrings, finite, int64, moments, names, text }

/** An object of these entries, the last of a name winning, prototypes never touched. */
export function objectOf(entries: readonly (readonly [string, Value])[]): Values {
  const made: Values = {}
  for (const [name, value] of entries) setOwn(made, name, value)
  return made
}
