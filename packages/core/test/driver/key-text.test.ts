import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText } from '../../src/driver/compare-text.js'
import { FORMAT_VERSION } from '../../src/driver/format-version.js'
import { decodeIndexText, decodeKeyText, indexText, keyText, partitionText } from '../../src/driver/key-text.js'
import type { EntityModel, IndexModel } from '../../src/model/model.js'
import { compareValues } from '../../src/query/compare-values.js'
import type { Value, Values } from '../../src/schema/value.js'
import { bigint, date, entity, nullable, number, object, optional, string } from '../support/build-model.js'
import { orderable, orderables } from '../support/orderables.js'

type Golden = readonly [kind: keyof typeof orderables, written: unknown]

interface GoldenKey {
  readonly partitionName: string
  readonly entity: string
  readonly partition: readonly Golden[]
  readonly sort: readonly Golden[]
  readonly text: readonly [partition: string, sort: string]
}

const golden: { readonly version: number; readonly keys: readonly GoldenKey[] } = JSON.parse(
  readFileSync(new URL('../golden/key-text-v1.json', import.meta.url), 'utf8'),
)

function read([kind, written]: Golden): Value {
  if (kind === 'bigint') return BigInt(written as string)
  if (kind === 'date') return new Date(written as number)
  return kind === 'bytes' ? Uint8Array.from(written as number[]) : (written as Value)
}

/** An entity whose key has these fields, p0, p1, ... and s0, s1, ..., and its values. */
function built(
  name: string,
  partition: readonly Golden[],
  sort: readonly Golden[],
): { model: EntityModel; values: Values } {
  const named = [
    ...partition.map((pair, at) => [`p${at}`, pair] as const),
    ...sort.map((pair, at) => [`s${at}`, pair] as const),
  ]
  const fields = Object.fromEntries(named.map(([field, [kind]]) => [field, orderables[kind].type]))
  const values = Object.fromEntries(named.map(([field, pair]) => [field, read(pair)]))
  const names = (letter: string): string[] => named.map(([field]) => field).filter((field) => field.startsWith(letter))
  return { model: entity({ name, type: object(fields), partition: names('p'), sort: names('s') }), values }
}

const sign = (difference: number | undefined): number => Math.sign(difference ?? Number.NaN)

describe('key texts', () => {
  it('are those of the golden vectors', () => {
    expect(golden.version).toBe(FORMAT_VERSION)
    for (const { partitionName, entity: name, partition, sort, text } of golden.keys) {
      const { model, values } = built(name, partition, sort)
      const shared: EntityModel = { ...model, key: { ...model.key, partitionName } }
      expect(keyText(shared, values)).toEqual({ partition: text[0], sort: text[1] })
      expect(decodeKeyText(shared, { partition: text[0], sort: text[1] })).toEqual(values)
    }
  })

  it('sort composite keys field by field, come back, and never meet', () => {
    const fields = fc.array(orderable, { minLength: 1, maxLength: 4 })
    const pairs = fields.chain((kinds) => {
      const values = fc.tuple(...kinds.map((kind) => kind.values))
      return fc.record({ kinds: fc.constant(kinds), a: values, b: values, shared: fc.nat({ max: kinds.length }) })
    })
    fc.assert(
      fc.property(pairs, ({ kinds, a, b, shared }) => {
        const type = object(
          Object.fromEntries([['p', string], ...kinds.map(({ type }, at) => [`s${at}`, type] as const)]),
        )
        const model = entity({ type, partition: ['p'], sort: kinds.map((_, at) => `s${at}`) })
        const key = (values: readonly Value[]): Values =>
          Object.fromEntries([
            ['p', 'x'],
            ...values.map((value, at) => [`s${at}`, at < shared ? a[at]! : value] as const),
          ])
        const [left, right] = [key(a), key(b)]
        const byField =
          kinds
            .map((_, at) => compareValues(left[`s${at}`]!, right[`s${at}`]!)!)
            .find((difference) => difference !== 0) ?? 0
        const texts = [keyText(model, left), keyText(model, right)] as const
        expect(sign(compareText(texts[0].sort, texts[1].sort))).toBe(sign(byField))
        expect(decodeKeyText(model, texts[0])).toEqual(left)
      }),
      { numRuns: 10_000 },
    )
  })

  it('of two entities never meet, whatever their values', () => {
    const type = object({ p: string, s: string })
    const [order, orderItem] = ['Order', 'OrderItem'].map((name) =>
      entity({ name, type, partition: ['p'], sort: ['s'] }),
    )
    const strings = orderables.string.values as fc.Arbitrary<string>
    fc.assert(
      fc.property(strings, strings, (a, b) => {
        expect(keyText(order!, { p: 'x', s: a }).sort).not.toBe(keyText(orderItem!, { p: 'x', s: b }).sort)
        expect(partitionText({ ...order!.key, partitionName: 'Order' }, { p: a })).not.toBe(
          partitionText({ ...order!.key, partitionName: 'OrderItem' }, { p: b }),
        )
      }),
    )
  })

  it('take the fields they need and no others, and only own ones', () => {
    const model = entity({ type: object({ constructor: string, other: string }), partition: ['constructor'] })
    expect(keyText(model, { constructor: 'a', other: 'b' } as unknown as Values)).toEqual({
      partition: 'Order#a',
      sort: 'Order',
    })
    expect(() => keyText(model, { other: 'b' })).toThrow(
      expect.objectContaining({ code: 'VALIDATION', path: ['constructor'] }),
    )
  })

  it.each([
    [{ partition: 'Order#a', sort: 'OrderItem#1' }],
    [{ partition: 'Order', sort: 'Order#1' }],
    [{ partition: 'Order#a#b', sort: 'Order#1' }],
    [{ partition: 'Order#a', sort: 'Order' }],
    [{ partition: 'Order#a', sort: 'Order#1#2' }],
    [{ partition: '', sort: '' }],
  ])('refuse %j, which are no key of the entity', (text) => {
    const model = entity({ type: object({ p: string, s: string }), partition: ['p'], sort: ['s'] })
    expect(() => decodeKeyText(model, text)).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })
})

describe('index texts', () => {
  const type = object({ id: string, at: number, status: optional(string), due: nullable(date), size: optional(bigint) })
  const order = entity({
    type,
    partition: ['id'],
    sort: ['at'],
    indexes: { byStatus: { partition: ['status'], sort: ['due', 'at'] }, bySize: { partition: ['status', 'size'] } },
  })
  const [byStatus, bySize] = order.indexes as [IndexModel, IndexModel]
  const values: Values = { id: 'o#1', at: 5, status: 'paid', due: new Date(0), size: 3n }

  it('go on with the key fields that the index lacks', () => {
    expect(indexText(order, byStatus, values)).toEqual({
      partition: 'Order#paid',
      sort: 'Order#1970-01-01T00:00:00.000Z#a5#o$231',
    })
    expect(indexText(order, bySize, values)).toEqual({ partition: 'Order#paid#a3', sort: 'Order#o$231#a5' })
  })

  it('come back with the index fields and the key', () => {
    expect(decodeIndexText(order, byStatus, indexText(order, byStatus, values)!)).toEqual({
      id: 'o#1',
      at: 5,
      status: 'paid',
      due: new Date(0),
    })
    expect(decodeIndexText(order, bySize, indexText(order, bySize, values)!)).toEqual({
      id: 'o#1',
      at: 5,
      status: 'paid',
      size: 3n,
    })
  })

  it.each([['status'], ['due'], ['size']])('are none while %s is absent or null', (field) => {
    const { [field]: _, ...without } = values
    const index = field === 'due' ? byStatus : bySize
    expect(indexText(order, index, without)).toBeUndefined()
    expect(indexText(order, index, { ...values, [field]: null })).toBeUndefined()
  })
})
