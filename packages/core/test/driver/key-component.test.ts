import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText } from '../../src/driver/compare-text.js'
import { decodeComponent, encodeComponent } from '../../src/driver/key-component.js'
import { compareValues } from '../../src/query/compare-values.js'
import type { ValueType } from '../../src/schema/type.js'
import type { Value } from '../../src/schema/value.js'
import { orderable, orderables } from '../support/orderables.js'

interface Vectors {
  readonly version: number
  readonly components: { readonly [kind: string]: readonly (readonly [written: unknown, text: string])[] }
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('../golden/key-text-v1.json', import.meta.url), 'utf8'))

/** The value behind a golden one: JSON has no bigints, dates and bytes, and cuts long numbers. */
const read: { readonly [kind: string]: (written: unknown) => Value } = {
  string: String,
  number: Number,
  bigint: (written) => BigInt(written as string),
  boolean: (written) => written === true,
  date: (written) => new Date(written as number),
  bytes: (written) => Uint8Array.from(written as number[]),
}

const sign = (difference: number | undefined): number => Math.sign(difference ?? Number.NaN)

describe('key components', () => {
  describe.each(Object.entries(vectors.components))('golden %s', (kind, pairs) => {
    const { type } = orderables[kind as keyof typeof orderables]

    it.each(pairs.map(([written, text]) => [JSON.stringify(written), text, written] as const))(
      '%s is %s',
      (_, text, written) => {
        const value = read[kind]!(written)
        expect(encodeComponent(type, value)).toBe(text)
        expect(decodeComponent(type, text)).toEqual(value)
      },
    )

    it('are listed in the order of their values, which is the order of their texts', () => {
      for (const [at, [written, text]] of pairs.entries()) {
        const next = pairs[at + 1]
        if (next === undefined) continue
        expect([text, next[1], sign(compareText(text, next[1]))]).toEqual([text, next[1], -1])
        expect(sign(compareValues(read[kind]!(written), read[kind]!(next[0])))).toBe(-1)
      }
    })
  })

  it('sort as their values do', () => {
    const pair = orderable.chain(({ type, values }) => fc.tuple(fc.constant(type), values, values))
    fc.assert(
      fc.property(pair, ([type, a, b]) => {
        const texts = compareText(encodeComponent(type, a), encodeComponent(type, b))
        expect(sign(texts)).toBe(sign(compareValues(a, b)))
      }),
      { numRuns: 20_000 },
    )
  })

  it('sort as their UTF-8 bytes do', () => {
    fc.assert(
      fc.property(orderables.string.values, orderables.string.values, (a, b) => {
        expect(sign(compareText(a as string, b as string))).toBe(
          sign(Buffer.compare(Buffer.from(a as string), Buffer.from(b as string))),
        )
      }),
      { numRuns: 5_000 },
    )
  })

  it('come back, and hold nothing that separates or sorts below the separator', () => {
    const one = orderable.chain(({ type, values }) => fc.tuple(fc.constant(type), values))
    fc.assert(
      fc.property(one, ([type, value]) => {
        const text = encodeComponent(type, value)
        expect(decodeComponent(type, text)).toEqual(value)
        expect([...text].every((char) => char >= '$')).toBe(true)
        expect(text.isWellFormed()).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it('of an enum are those of its members', () => {
    const type: ValueType = { kind: 'enum', of: 'number', values: [1, 10] }
    expect(encodeComponent(type, 10)).toBe('b10')
    expect(decodeComponent(type, 'b10')).toBe(10)
  })

  it.each([
    ['number', ''],
    ['number', 'b5'],
    ['number', 'a05'],
    ['number', 'a5.0'],
    ['number', '-0~'],
    ['number', 'a-5'],
    ['number', 'z400.1'],
    ['number', '-y4'],
    ['number', 'NaN'],
    ['number', '1e3'],
    ['number', 'b1e'],
    ['number', 'aInfinity'],
    ['bigint', ''],
    ['bigint', 'b5'],
    ['bigint', 'a5.5'],
    ['bigint', '5'],
    ['bigint', 't99999999999999999999'],
    ['bigint', 's9223372036854775808'],
    ['boolean', '2'],
    ['boolean', 'true'],
    ['boolean', ''],
    ['date', ''],
    ['date', '2026'],
    ['date', '2026-11-22'],
    ['date', '>002026-01-01T00:00:00.000Z'],
    ['date', '-1-01-01T00:00:00.000Z'],
    ['date', '2026-02-30T00:00:00.000Z'],
    ['date', '2026-11-22T00:00:00.000+01:00'],
    ['date', '2026-11-22 00:00:00.000Z'],
    ['bytes', '0'],
    ['bytes', 'AB'],
    ['bytes', 'xy'],
    ['string', '$2'],
    ['string', '$'],
    ['string', '$zz'],
    ['string', '$25'],
    ['string', '$2F'],
    ['string', ' '],
    ['string', '!'],
    ['string', '#'],
  ] as const)('refuse for a %s the text %j, which they never write', (kind, text) => {
    expect(() => decodeComponent(orderables[kind].type, text)).toThrow(
      expect.objectContaining({ code: 'CORRUPT', message: expect.stringContaining('Repair or remove that record') }),
    )
  })

  it.each([
    ['number', '5'],
    ['number', Number.NaN],
    ['number', Number.POSITIVE_INFINITY],
    ['bigint', 5],
    ['date', new Date(Number.NaN)],
    ['date', 0],
    ['bytes', 'ab'],
    ['boolean', 1],
    ['string', 5],
    ['string', null],
    ['bigint', 2n ** 63n],
    ['string', '\ud83d'],
  ] as const)('refuse as a %s the value %s', (kind, value) => {
    expect(() => encodeComponent(orderables[kind].type, value)).toThrow(expect.objectContaining({ code: 'VALIDATION' }))
  })

  it('refuse a type without an order', () => {
    expect(() => encodeComponent({ kind: 'dynamic' }, 'a')).toThrow(/has no order/)
  })
})
