import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCodec } from '../../src/driver/codec.js'
import { CodecError } from '../../src/driver/codec-table.js'
import { describeValue, undescribeValue } from '../../src/driver/describe-value.js'
import { equalValues } from '../../src/query/evaluate.js'
import type { Slot, ValueType } from '../../src/schema/type.js'
import type { Value, Values } from '../../src/schema/value.js'
import { anyValue, byteStrings, finite, int64, moments, names, objectOf, text } from '../support/arbitraries.js'
import { type Attribute, attributeTable } from '../support/attribute-table.js'
import {
  arrayOf,
  bigint,
  boolean,
  bytes,
  date,
  dynamic,
  enumOf,
  int,
  nullable,
  number,
  object,
  optional,
  recordOf,
  setOf,
  slot,
  string,
  unionOf,
} from '../support/build-model.js'

/** A type together with values of it. */
interface Sample {
  readonly type: ValueType
  readonly values: fc.Arbitrary<Value>
}

const leafSamples: Sample[] = [
  { type: string, values: text },
  { type: number, values: finite },
  { type: bigint, values: int64 },
  { type: boolean, values: fc.boolean() },
  { type: date, values: moments },
  { type: bytes, values: byteStrings },
  { type: { kind: 'null' }, values: fc.constant(null) },
  { type: enumOf('a', 'b'), values: fc.constantFrom('a', 'b') },
  { type: { kind: 'enum', of: 'bigint', values: [1n, 2n] }, values: fc.constantFrom(1n, 2n) },
  { type: setOf('string'), values: fc.array(text, { maxLength: 3 }).map((each) => new Set(each)) },
  { type: setOf('number'), values: fc.array(finite, { maxLength: 3 }).map((each) => new Set(each)) },
  { type: setOf('bigint'), values: fc.array(int64, { maxLength: 3 }).map((each) => new Set(each)) },
  { type: dynamic, values: anyValue },
  { type: unionOf(string, date, recordOf(bigint)), values: fc.oneof(text, moments, fc.constant<Value>({ $date: 5n })) },
]

const nulls = (sample: Sample): Sample & { readonly slot: Slot } => ({
  ...sample,
  slot: slot(sample.type, { nullable: true, optional: true }),
  values: fc.option(sample.values, { freq: 6 }),
})

const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...leafSamples),
    tie('sample').map((item): Sample => {
      const { slot: of, values } = nulls(item)
      return { type: arrayOf(of), values: fc.array(values, { maxLength: 3 }) }
    }),
    tie('sample').map((item): Sample => {
      const { slot: of, values } = nulls(item)
      return { type: recordOf(of), values: fc.array(fc.tuple(names, values), { maxLength: 3 }).map(objectOf) }
    }),
    fc.tuple(tie('sample'), tie('sample')).map(
      ([first, rest]): Sample => ({
        type: { kind: 'tuple', items: [slot(first.type)], rest: slot(rest.type) },
        values: fc.tuple(first.values, fc.array(rest.values, { maxLength: 2 })).map(([one, more]) => [one, ...more]),
      }),
    ),
    objects(tie('sample')),
  ),
})).sample

function objects(field: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.uniqueArray(fc.tuple(names, field), { selector: ([name]) => name, maxLength: 4 }).map((fields): Sample => {
    const nullableFields = fields.map(([name, sample]) => [name, nulls(sample)] as const)
    const type = object({})
    const slots = new Map(nullableFields.map(([name, sample]) => [name, sample.slot]))
    const entries = nullableFields.map(([name, { values }]) =>
      fc
        .option(values, { nil: undefined, freq: 4 })
        .map((value) => (value === undefined ? [] : [[name, value] as const])),
    )
    return { type: { ...type, fields: slots }, values: fc.tuple(...entries).map((each) => objectOf(each.flat())) }
  })
}

const entities = objects(samples).chain(({ type, values }) =>
  fc.record({ type: fc.constant(type as ReturnType<typeof object>), values: values as fc.Arbitrary<Values> }),
)

it('brings every value of every type back equal, by strip and by keep', () => {
  fc.assert(
    fc.property(entities, ({ type, values }) => {
      const codec = compileCodec(type, attributeTable)
      const wire = codec.encode(values)
      for (const unknown of ['strip', 'keep'] as const) {
        const back = codec.decode(wire, unknown)
        expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
        expect(equalValues(back, values)).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

it('finds for each field the codec that the whole uses', () => {
  fc.assert(
    fc.property(entities, ({ type, values }) => {
      const codec = compileCodec(type, attributeTable)
      const wire = codec.encode(values)
      for (const field of Object.keys(values)) {
        const [stored] = codec.wirePath([field]) as [string]
        const encoded = codec.at([field]).encode(values[field] as Value)
        expect(equalValues(encoded as Value, wire[stored] as Value)).toBe(true)
      }
    }),
  )
})

describe('describeValue', () => {
  it.each([
    ['nothing', []],
    ['bytes', ['bytes' as const]],
    ['all', ['bytes' as const, 'date' as const, 'bigint' as const]],
  ])('is undone by undescribeValue where the store tells %s', (_, kinds) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(equalValues(undescribeValue(describeValue(value, new Set(kinds))), value)).toBe(true)
      }),
    )
  })

  it('wraps as the format says', () => {
    const value = { big: -1n, at: new Date(5), raw: new Uint8Array([255]), set: new Set([2n]), odd: { $date: 1 } }
    expect(describeValue(value, new Set())).toStrictEqual({
      big: { $bigint: '-1' },
      at: { $date: 5 },
      raw: { $bytes: '/w==' },
      set: { $set: [{ $bigint: '2' }] },
      odd: { $object: { $date: 1 } },
    })
  })

  it.each([{ $later: 1 }, { $date: 'x' }, { $bigint: '1.5' }, { $set: 1 }])('refuses to read %o', (described) => {
    expect(() => undescribeValue(described)).toThrow(CodecError)
  })
})

describe('what the schema does not name', () => {
  const wire: Record<string, Attribute> = {
    id: { S: 'a' },
    '@own': { S: 'hidden' },
    later: { M: { $bigint: { S: '7' } } },
    inner: { M: { n: { N: '1' }, more: { S: 'x' } } },
  }
  const inner = object({ n: int })

  it('is left out by strip and comes along by keep, at every level', () => {
    const codec = compileCodec(object({ id: string, inner }), attributeTable)
    expect(codec.decode(wire)).toStrictEqual({ id: 'a', inner: { n: 1 } })
    expect(codec.decode(wire, 'keep')).toStrictEqual({ id: 'a', later: 7n, inner: { n: 1, more: 'x' } })
    expect(codec.decode(codec.encode(codec.decode(wire, 'keep')), 'keep')).toStrictEqual(codec.decode(wire, 'keep'))
  })

  it('is there where the schema keeps, and where it refuses, for the read policy to see', () => {
    for (const unknown of ['keep', 'refuse'] as const) {
      const codec = compileCodec(object({ id: string, inner }, { unknown }), attributeTable)
      expect(codec.decode(wire)).toStrictEqual({ id: 'a', later: 7n, inner: { n: 1 } })
    }
  })

  it('follows catchall', () => {
    const codec = compileCodec(object({ id: string }, { unknown: 'keep', catchall: slot(bigint) }), attributeTable)
    expect(codec.encode({ id: 'a', extra: 1n })).toStrictEqual({ id: { S: 'a' }, extra: { N: '1' } })
    expect(codec.decode({ id: { S: 'a' }, extra: { N: '1' } })).toStrictEqual({ id: 'a', extra: 1n })
  })
})

describe('a stored value of another type', () => {
  const codec = compileCodec(
    object({ id: string, n: optional(int), list: optional(arrayOf(string)), box: nullable(object({ n: int })) }),
    attributeTable,
  )

  it('comes back as what it is', () => {
    expect(
      codec.decode({ id: { N: '1' }, n: { S: 'x' }, list: { BOOL: true }, box: { L: [{ NULL: true }] } }),
    ).toStrictEqual({
      id: 1,
      n: 'x',
      list: true,
      box: [null],
    })
  })

  it('is written back as what it is', () => {
    const values = { id: new Date(1), n: 'x', list: { a: [1n] }, box: [new Set(['y'])] }
    expect(codec.decode(codec.encode(values))).toStrictEqual(values)
  })

  it('that would be taken for an object is refused', () => {
    expect(() => codec.encode({ id: 'a', box: new Set(['y']) })).toThrow(
      expect.objectContaining({
        path: ['box'],
        message: expect.stringMatching(/a set where the schema has an object/),
      }),
    )
  })

  it('that nobody knows throws with the path', () => {
    const broken = { id: { S: 'a' }, list: { L: [{ S: 'a' }, { Q: 1 } as unknown as Attribute] } }
    expect(() => codec.decode(broken)).toThrow(expect.objectContaining({ name: 'CodecError', path: ['list', 1] }))
  })
})

it('walks types that contain themselves', () => {
  const node = object({ name: string })
  const children: Slot = slot({ kind: 'array', item: slot(node) }, { optional: true })
  ;(node.fields as Map<string, Slot>).set('children', children)
  const codec = compileCodec(node, attributeTable)
  let tree: Values = { name: 'leaf' }
  for (let depth = 0; depth < 40; depth++) tree = { name: String(depth), children: [tree] }
  expect(codec.decode(codec.encode(tree))).toStrictEqual(tree)
})

it('names own fields and inner fields each in their way', () => {
  const codec = compileCodec(object({ '@x': object({ '@x': string, '~y': int }) }), attributeTable)
  expect(codec.wirePath(['@x', '@x', 0, '~y'])).toStrictEqual(['~@x', '@x', 0, '~~y'])
  expect(codec.encode({ '@x': { '@x': 'a', '~y': 1 } })).toStrictEqual({
    '~@x': { M: { '@x': { S: 'a' }, '~~y': { N: '1' } } },
  })
})
