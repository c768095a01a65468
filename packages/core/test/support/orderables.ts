import fc from 'fast-check'
import type { OrderedValue } from '../../src/query/condition.js'
import type { ValueType } from '../../src/schema/type.js'
import { bigint, boolean, bytes, date, number, string } from './build-model.js'

/** A kind that can be ordered, with values of it that have tripped stores before. */
export interface Orderable {
  readonly type: ValueType
  readonly values: fc.Arbitrary<OrderedValue>
}

const characters = fc.oneof(
  fc.constantFrom(
    '\u0000',
    '\u0001',
    ' ',
    '!',
    '"',
    '#',
    '$',
    '%',
    '-',
    '.',
    '/',
    '0',
    '9',
    ':',
    'a',
    'A',
    'z',
    '~',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uff5e',
    '\uffff',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const strings = fc.array(characters, { maxLength: 5 }).map((list) => list.join(''))

const doubles = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.integer({ min: -300, max: 300 }).map((scale) => Number(`1e${scale}`)),
    fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -9, max: 23 }))
      .map(([digits, scale]) => Number(`${digits}e${scale}`)),
    fc.constantFrom(
      0,
      5e-324,
      -5e-324,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      Number.MIN_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      2 ** 53 + 2,
      1e21,
      999999999999999900000,
      1e-6,
      9.99999e-7,
      0.1 + 0.2,
      2.2250738585072014e-308,
      2.225073858507201e-308,
    ),
  )
  .map((value) => value + 0)

const bigints = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -1001n, max: 1001n }),
  fc.constantFrom(0n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n),
)

const dates = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }).map((time) => new Date(time)),
  fc.constantFrom(
    new Date(0),
    new Date(-1),
    new Date(8.64e15),
    new Date(-8.64e15),
    new Date('9999-12-31T23:59:59.999Z'),
    new Date('+010000-01-01T00:00:00.000Z'),
    new Date('0000-01-01T00:00:00.000Z'),
    new Date('-000001-12-31T23:59:59.999Z'),
    new Date('-000100-01-01T00:00:00.000Z'),
    new Date('-000099-06-01T00:00:00.000Z'),
  ),
)

export const orderables: {
  readonly [kind in 'string' | 'number' | 'bigint' | 'boolean' | 'date' | 'bytes']: Orderable
} = {
  string: { type: string, values: strings },
  number: { type: number, values: doubles },
  bigint: { type: bigint, values: bigints },
  boolean: { type: boolean, values: fc.boolean() },
  date: { type: date, values: dates },
  bytes: { type: bytes, values: fc.uint8Array({ maxLength: 4 }) },
}

export const orderable: fc.Arbitrary<Orderable> = fc.constantFrom(...Object.values(orderables))
