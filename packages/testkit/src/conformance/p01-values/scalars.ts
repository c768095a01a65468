import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { roundTrip, setEach } from './round-trip.js'

const Scalar = defineEntity({
  name: 'P1Scalar',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    text: z.string().optional(),
    number: z.number().optional(),
    int: z.int().optional(),
    big: z.bigint().optional(),
    flag: z.boolean().optional(),
    date: z.date().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['', 'a', 'B', 'ü', '$set', '__proto__']).optional(),
    one: z.literal(1).optional(),
    huge: z.literal([9007199254740993n, -1n]).optional(),
    yes: z.literal(true).optional(),
    nothing: z.null().optional(),
    maybe: z.string().nullable().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const texts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\n\r\t\u0001\u001f\u007f\u0085',
  '\u2028\u2029\ufeff\u200d',
  'é',
  'e\u0301',
  '\ud7ff\ue000\ufffd\ufffe\uffff',
  '😀',
  '\u{10000}\u{10ffff}',
  '👩‍👩‍👧‍👦 עברית العربية ไทย',
  '1',
  '-0',
  'NaN',
  'null',
  'undefined',
  'true',
  '{"a":[1,"x"]}',
  '"quoted" \'single\' `back` \\slash\\',
  '#$:|/%,;',
  '2026-11-22T00:00:00.000Z',
  'x'.repeat(20_000),
  '😀'.repeat(5_000),
]

/** Every corner of a double; the harness says which of them its store cannot hold. */
const numbers: readonly number[] = [
  0,
  1,
  -1,
  0.1,
  0.1 + 0.2,
  1 / 3,
  -2.5,
  123456789.12345679,
  1e-7,
  1e15,
  1e16,
  1e20,
  1e21,
  1e30,
  -1e30,
  1.2345678901234567e100,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 + 0.5,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  Number.EPSILON,
  9.99e125,
  1.01e126,
  1e-130,
  9.9e-131,
  1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2.2250738585072014e-308,
  1e-307,
  2e-308,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
]

const bigints: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  1234567890123456789n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]

const dates: readonly Date[] = [
  0,
  1,
  -1,
  999,
  -999,
  Date.UTC(2026, 10, 22, 23, 59, 59, 999),
  Date.UTC(1969, 11, 31),
  Date.UTC(1900, 0, 1),
  Date.parse('0001-01-01T00:00:00.001Z'),
  Date.parse('0000-01-01T00:00:00.000Z'),
  Date.parse('-000001-12-31T23:59:59.999Z'),
  Date.parse('-271821-04-20T00:00:00.000Z'),
  Date.parse('9999-12-31T23:59:59.999Z'),
  Date.parse('+010000-01-01T00:00:00.000Z'),
  8.64e15,
  -8.64e15,
].map((ms) => new Date(ms))

const bytes: readonly Uint8Array<ArrayBuffer>[] = [
  new Uint8Array(),
  Uint8Array.of(0),
  Uint8Array.of(0, 0),
  Uint8Array.of(255),
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
  Uint8Array.from({ length: 10_000 }, (_, at) => (at * 31) & 255),
  new TextEncoder().encode('text'),
  Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4),
]

type Fields = Partial<Omit<z.output<typeof Scalar.schema>, 'group' | 'id'>>

/** All of them, one in each entity, by every way in and out; then each set by an update. */
const holdsAll =
  (fields: readonly Fields[]) =>
  async (
    t: { readonly id: string },
    db: { readonly Scalar: Parameters<typeof roundTrip<typeof Scalar>>[0] },
  ): Promise<void> => {
    const bare = fields.map((_, id) => ({ group: t.id, id }))
    const entities = fields.map((field, id) => ({ group: t.id, id, ...field }))
    await roundTrip(db.Scalar, entities)
    await setEach(db.Scalar, bare, fields, entities)
  }

const fits = (number: number, limit: { readonly largest: number; readonly smallest: number } | undefined): boolean => {
  const size = Math.abs(number)
  return limit === undefined || number === 0 || (size <= limit.largest && size >= limit.smallest)
}

export const scalars: readonly Case[] = cases(
  'P1',
  'scalars',
  { Scalar },
  {
    'strings come back equal': holdsAll(texts.map((text) => ({ text }))),
    'bigints come back equal over the whole of int64': holdsAll(bigints.map((big) => ({ big }))),
    'booleans come back equal': holdsAll([{ flag: true }, { flag: false }]),
    'dates come back equal, before 1970 and beyond the years 0 to 9999': holdsAll(dates.map((date) => ({ date }))),
    'bytes come back equal': holdsAll(bytes.map((value) => ({ bytes: value }))),
    'enums and literals come back equal': holdsAll([
      ...(['', 'a', 'B', 'ü', '$set', '__proto__'] as const).map((kind) => ({ kind })),
      { one: 1 },
      { huge: 9007199254740993n },
      { huge: -1n },
      { yes: true },
      { nothing: null },
    ]),
    'null and absent stay apart': holdsAll([{ maybe: null }, {}, { maybe: 'null' }, { nothing: null }]),

    'numbers come back equal, those the store can hold': async (t, db) => {
      const held = numbers.filter((number) => fits(number, t.limits.number))
      await holdsAll(held.map((number) => ({ number })))(t, db)
    },

    'a number beyond the store is refused before it is sent': async (t, db) => {
      const beyond = numbers.filter((number) => !fits(number, t.limits.number))
      const { requests } = await t.trips(async () => {
        for (const number of beyond) {
          const error = await refused(db.Scalar.create({ group: t.id, id: 1, number }), 'LIMIT_EXCEEDED', {
            path: ['number'],
          })
          same(error.entity, 'P1Scalar', 'the entity of the error')
          await refused(db.Scalar.update({ group: t.id, id: 1 }, { number }), 'LIMIT_EXCEEDED', { path: ['number'] })
        }
      })
      same(requests.length, 0, 'the round trips')
      const rest = numbers.length - beyond.length
      same(rest > 15, true, 'that the store holds usual numbers')
    },

    '-0 becomes 0 wherever it stands': async (t, db) => {
      const zero = { group: t.id, id: 0, number: 0, int: 0 }
      same(await db.Scalar.create({ group: t.id, id: -0, number: -0, int: -0 }), zero, 'what create gave')
      same(await db.Scalar.get({ group: t.id, id: -0 }), zero, 'what get gave')
      same(await db.Scalar.update({ group: t.id, id: 0 }, { number: -0 }), zero, 'what update gave')
      same(
        await db.Scalar.query({ group: t.id })
          .where((o, { eq }) => eq(o.number, -0))
          .all(),
        [zero],
        'what eq(-0) found',
      )
    },

    'NaN and infinities are refused before they are sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          await refused(db.Scalar.create({ group: t.id, id: 1, number }), 'VALIDATION', { path: ['number'] })
          await refused(db.Scalar.update({ group: t.id, id: 1 }, { number }), 'VALIDATION', { path: ['number'] })
          await refused(db.Scalar.put({ group: t.id, id: number }), 'VALIDATION', { path: ['id'] })
          await refused(
            () =>
              db.Scalar.query({ group: t.id })
                .where((o, { gt }) => gt(o.number, number))
                .all(),
            'VALIDATION',
          )
        }
      })
      same(requests.length, 0, 'the round trips')
    },

    'a bigint beyond int64 is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        for (const big of [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 40n]) {
          await refused(db.Scalar.create({ group: t.id, id: 1, big }), 'VALIDATION', { path: ['big'] })
          await refused(db.Scalar.update({ group: t.id, id: 1 }, { big }), 'VALIDATION', { path: ['big'] })
        }
      })
      same(requests.length, 0, 'the round trips')
    },

    'an invalid Date is refused before it is sent': async (t, db) => {
      const date = new Date(Number.NaN)
      const { requests } = await t.trips(async () => {
        await refused(db.Scalar.create({ group: t.id, id: 1, date }), 'VALIDATION', { path: ['date'] })
        await refused(db.Scalar.update({ group: t.id, id: 1 }, { date }), 'VALIDATION', { path: ['date'] })
        await refused(
          () =>
            db.Scalar.query({ group: t.id })
              .where((o, { lt }) => lt(o.date, date))
              .all(),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
    },

    'a string that is not well-formed is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        for (const text of ['\ud800', 'a\udfff', '\udc00\ud800', '😀\ud83d']) {
          await refused(db.Scalar.create({ group: t.id, id: 1, text }), 'VALIDATION', { path: ['text'] })
          await refused(db.Scalar.update({ group: t.id, id: 1 }, { maybe: text }), 'VALIDATION', { path: ['maybe'] })
          await refused(db.Scalar.get({ group: text, id: 1 }), 'VALIDATION', { path: ['group'] })
          await refused(db.Scalar.put({ group: text, id: 1 }), 'VALIDATION', { path: ['group'] })
          await refused(() => db.Scalar.query({ group: text }).all(), 'VALIDATION')
          await refused(
            () =>
              db.Scalar.query({ group: t.id })
                .where((o, { eq }) => eq(o.text, text))
                .all(),
            'VALIDATION',
          )
        }
      })
      same(requests.length, 0, 'the round trips')
    },

    'a value of another type is refused before it is sent': async (t, db) => {
      const wrong = [
        ['text', 1],
        ['number', '1'],
        ['number', 1n],
        ['int', 1.5],
        ['int', 2 ** 53],
        ['big', 1],
        ['flag', 'true'],
        ['date', '2026-01-01'],
        ['date', 0],
        ['bytes', [1, 2]],
        ['kind', 'C'],
        ['one', 2],
        ['maybe', 0],
        ['text', null],
        ['text', { $gt: '' }],
      ] as const
      const { requests } = await t.trips(async () => {
        for (const [field, value] of wrong) {
          await refused(db.Scalar.create({ group: t.id, id: 1, [field]: value } as never), 'VALIDATION', {
            path: [field],
          })
          await refused(db.Scalar.update({ group: t.id, id: 1 }, { [field]: value } as never), 'VALIDATION', {
            path: [field],
          })
        }
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
