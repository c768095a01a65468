import { compareText, encodeComponent, type Value, type ValueType } from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import bytesPart from '../src/scripts/parts/bytes.lua'
import componentPart from '../src/scripts/parts/component.lua'
import int64Part from '../src/scripts/parts/int64.lua'
import numberPart from '../src/scripts/parts/number.lua'
import { fromBytes, toArgument, toBytes, wireTable } from '../src/wire.js'
import { doubles, int64, moments, texts } from './support/random-op.js'
import { eachServer, type Server } from './support/server.js'

const powersOfTwo = fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent)
const subnormal = fc.integer({ min: 1, max: 4_000_000 }).map((steps) => steps * 5e-324)
const decimal = fc
  .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -330, max: 300 }))
  .map(([digits, scale]) => Number(`${digits}e${scale}`))
const anyDouble = fc.oneof(doubles, powersOfTwo, subnormal, decimal).map((value) => (value === 0 ? 0 : value))

/** Runs a function of the scripts on many arguments in one call. */
async function inLua(server: Server, part: string, expression: string, args: readonly string[]): Promise<string[]> {
  const script = `${part}\nlocal out = {} for i = 1, #ARGV do out[i] = ${expression} end return out`
  const replies = await server.client.callBuffer('EVAL', script, '0', ...args.map(toArgument))
  return (replies as Buffer[]).map((reply) => fromBytes(reply.toString('latin1')))
}

const many = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 50, maxLength: 200 })

eachServer((server) => {
  it('writes doubles as JavaScript does', async () => {
    await fc.assert(
      fc.asyncProperty(many(anyDouble), async (values) => {
        // 17 digits always name the double exactly, so that the shortest form is found there and not taken over.
        const given = values.map((value) => value.toPrecision(17))
        expect(await inLua(server, numberPart, 'numberText(tonumber(ARGV[i]))', given)).toEqual(values.map(String))
      }),
    )
  })

  it('writes every power of two as JavaScript does', async () => {
    const values = Array.from({ length: 2098 }, (_, at) => 2 ** (at - 1074))
    const given = values.map((value) => value.toPrecision(17))
    expect(await inLua(server, numberPart, 'numberText(tonumber(ARGV[i]))', given)).toEqual(values.map(String))
  })

  it('adds and compares int64 exactly', async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.tuple(int64, int64)), async (pairs) => {
        const args = pairs.map(([a, b]) => `${a}n ${b}n`)
        const both = "string.match(ARGV[i], '^(%S+) (%S+)$')"
        expect(await inLua(server, int64Part, `addBigints(${both})`, args)).toEqual(pairs.map(([a, b]) => `${a + b}n`))
        expect(
          await inLua(
            server,
            int64Part,
            `(function(order) return order < 0 and '<' or order > 0 and '>' or '=' end)(compareBigints(${both}))`,
            args,
          ),
        ).toEqual(pairs.map(([a, b]) => (a < b ? '<' : a > b ? '>' : '=')))
      }),
    )
  })

  it('orders texts by their bytes', async () => {
    const long = 'x'.repeat(700)
    const either = fc.oneof(
      texts,
      texts.map((text) => long + text),
    )
    await fc.assert(
      fc.asyncProperty(many(fc.tuple(either, either)), async (pairs) => {
        const args = pairs.map(([a, b]) => `${toBytes(a).length}:${toBytes(a)}${toBytes(b)}`)
        const order = `(function(length, rest)
          local order = compareBytes(string.sub(rest, 1, tonumber(length)), string.sub(rest, tonumber(length) + 1))
          return order < 0 and '<' or order > 0 and '>' or '='
        end)(string.match(ARGV[i], '^(%d+):(.*)$'))`
        expect(await inLua(server, bytesPart, order, args)).toEqual(
          pairs.map(([a, b]) => (compareText(a, b) < 0 ? '<' : a === b ? '=' : '>')),
        )
      }),
    )
  })

  describe('makes the components of index members as the key format says', () => {
    const kinds: readonly [ValueType, fc.Arbitrary<Value>][] = [
      [{ kind: 'string' }, texts],
      [{ kind: 'number', int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE }, anyDouble],
      [{ kind: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n }, int64],
      [{ kind: 'boolean' }, fc.boolean()],
      [{ kind: 'date' }, moments],
      [{ kind: 'bytes' }, fc.uint8Array({ maxLength: 5 })],
    ]
    it.each(kinds)('%o', async (type, values) => {
      const wired = wireTable[type.kind as 'string'] as { encode(value: Value): string }
      await fc.assert(
        fc.asyncProperty(many(values), async (list) => {
          expect(await inLua(server, componentPart, 'component(ARGV[i])', list.map(wired.encode))).toEqual(
            list.map((value) => encodeComponent(type, value)),
          )
        }),
      )
    })

    it('dates around the turns of years, months and leap days', async () => {
      const days = [
        -271_820, -400, -1, 0, 1, 4, 99, 100, 400, 1600, 1900, 1970, 2000, 2024, 9999, 10_000, 275_759,
      ].flatMap((year) =>
        [0, 1, 2, 11].flatMap((month) =>
          [1, 28, 29, 30, 31].map((day) => new Date(new Date(0).setUTCFullYear(year, month, day))),
        ),
      )
      expect(await inLua(server, componentPart, 'component(ARGV[i])', days.map(wireTable.date.encode))).toEqual(
        days.map((day) => encodeComponent({ kind: 'date' }, day)),
      )
    })
  })
})
