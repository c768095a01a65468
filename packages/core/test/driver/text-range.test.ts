import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText, successor } from '../../src/driver/compare-text.js'
import { indexText, keyText } from '../../src/driver/key-text.js'
import type { SortRange } from '../../src/driver/range.js'
import { type TextRange, textRange } from '../../src/driver/text-range.js'
import type { EntityModel, KeyField } from '../../src/model/model.js'
import { compareValues } from '../../src/query/compare-values.js'
import type { OrderedValue } from '../../src/query/condition.js'
import type { Values } from '../../src/schema/value.js'
import { entity, object, string } from '../support/build-model.js'
import { orderable, orderables } from '../support/orderables.js'

const everything: SortRange = { equal: [], field: undefined, low: undefined, high: undefined, beginsWith: undefined }

const inside = (text: string, { from, to }: TextRange): boolean =>
  compareText(text, from) >= 0 && compareText(text, to) < 0

/** What a SortRange means, by the values alone. */
function holds(range: SortRange, values: Values): boolean {
  const compare = (field: KeyField, value: OrderedValue): number => compareValues(values[field.name]!, value)!
  if (range.equal.some(({ field, value }) => compare(field, value) !== 0)) return false
  const { field, low, high, beginsWith } = range
  if (field === undefined) return true
  if (beginsWith !== undefined && !String(values[field.name]).startsWith(beginsWith)) return false
  if (low !== undefined && (low.inclusive ? compare(field, low.value) < 0 : compare(field, low.value) <= 0))
    return false
  return high === undefined || (high.inclusive ? compare(field, high.value) <= 0 : compare(field, high.value) < 0)
}

interface Case {
  readonly model: EntityModel
  readonly rows: readonly Values[]
  readonly range: SortRange
}

/** An entity with some sort fields, rows that share values often, and a range whose ends are often values of a row. */
const cases: fc.Arbitrary<Case> = fc.array(orderable, { minLength: 0, maxLength: 3 }).chain((kinds) => {
  const names = kinds.map((_, at) => `s${at}`)
  const type = object(
    Object.fromEntries([['p', string], ['id', string], ...kinds.map((kind, at) => [names[at]!, kind.type] as const)]),
  )
  const model = entity({ type, partition: ['p'], sort: names, indexes: { byP: { partition: ['id'], sort: names } } })
  const pools = fc.tuple(...kinds.map((kind) => fc.array(kind.values, { minLength: 1, maxLength: 4 })))
  return pools.chain((pool) => {
    const row = fc
      .tuple(orderables.string.values, ...pool.map((values) => fc.constantFrom(...values)))
      .map(
        ([id, ...sort]): Values =>
          Object.fromEntries([['p', 'x'], ['id', id], ...sort.map((value, at) => [names[at]!, value] as const)]),
      )
    return fc.record({
      model: fc.constant(model),
      rows: fc.array(row, { maxLength: 12 }),
      range: rangeOver(model, kinds, pool),
    })
  })
})

function rangeOver(
  model: EntityModel,
  kinds: readonly { values: fc.Arbitrary<OrderedValue> }[],
  pool: readonly OrderedValue[][],
): fc.Arbitrary<SortRange> {
  return fc.nat({ max: kinds.length }).chain((fixed) => {
    const field = model.key.sort[fixed]
    const value = (at: number): fc.Arbitrary<OrderedValue> => fc.oneof(fc.constantFrom(...pool[at]!), kinds[at]!.values)
    const equal = fc
      .tuple(...model.key.sort.slice(0, fixed).map((_, at) => value(at)))
      .map((values) => values.map((each, at) => ({ field: model.key.sort[at]!, value: each })))
    if (field === undefined) return equal.map((list) => ({ ...everything, equal: list }))
    const end = fc.option(fc.record({ value: value(fixed), inclusive: fc.boolean() }), { nil: undefined })
    const prefix = (field.slot.type.kind === 'string' ? value(fixed) : fc.constant(undefined)) as fc.Arbitrary<
      string | undefined
    >
    const cut = prefix.chain((text) =>
      text === undefined
        ? fc.constant(undefined)
        : fc.nat({ max: [...text].length }).map((length) => [...text].slice(0, length).join('')),
    )
    return fc.oneof(
      fc.record({ equal, field: fc.constant(field), low: end, high: end, beginsWith: fc.constant(undefined) }),
      fc.record({
        equal,
        field: fc.constant(field),
        low: fc.constant(undefined),
        high: fc.constant(undefined),
        beginsWith: cut,
      }),
    )
  })
}

describe('text ranges', () => {
  it('hold exactly the rows of the range, in a key and in an index', () => {
    let found = 0
    fc.assert(
      fc.property(cases, ({ model, rows, range }) => {
        const byKey = textRange(model, model.key, range)
        const byIndex = textRange(model, model.indexes[0]!, range)
        for (const row of rows) {
          const wanted = holds(range, row)
          expect(inside(keyText(model, row).sort, byKey)).toBe(wanted)
          expect(inside(indexText(model, model.indexes[0]!, row)!.sort, byIndex)).toBe(wanted)
          if (byKey.exact !== undefined) expect(keyText(model, row).sort === byKey.exact).toBe(wanted)
          if (byKey.prefix !== undefined) expect(keyText(model, row).sort.startsWith(byKey.prefix)).toBe(wanted)
          if (byIndex.prefix !== undefined)
            expect(indexText(model, model.indexes[0]!, row)!.sort.startsWith(byIndex.prefix)).toBe(wanted)
          found += Number(wanted)
        }
      }),
      { numRuns: 5_000 },
    )
    expect(found).toBeGreaterThan(1_000)
  })

  it("leave out other entities' rows, whose names begin alike", () => {
    const type = object({ p: string, s: string })
    const [order, orderItem, a, withoutSort] = [
      ['Order', ['s']],
      ['OrderItem', ['s']],
      ['A', ['s']],
      ['Orders', []],
    ].map(([name, sort]) => entity({ name: name as string, type, partition: ['p'], sort: sort as string[] }))
    const range = textRange(order!, order!.key, everything)
    for (const other of [orderItem!, a!, withoutSort!])
      expect(inside(keyText(other, { p: 'x', s: '' }).sort, range)).toBe(false)
    expect(inside(keyText(order!, { p: 'x', s: '' }).sort, range)).toBe(true)
    expect(inside(keyText(order!, { p: 'x', s: '\u{10ffff}' }).sort, range)).toBe(true)
  })

  const order = entity({ type: object({ p: string, a: string, b: string }), partition: ['p'], sort: ['a', 'b'] })
  const [a, b] = order.key.sort as [KeyField, KeyField]

  it('say when they are one text', () => {
    const equal = [
      { field: a, value: 'x' },
      { field: b, value: 'y#' },
    ]
    expect(textRange(order, order.key, { ...everything, equal })).toEqual({
      from: 'Order#x#y$23',
      to: 'Order#x#y$23#',
      exact: 'Order#x#y$23',
    })
    const single = entity({ type: object({ p: string }), partition: ['p'] })
    expect(textRange(single, single.key, everything).exact).toBe('Order')
  })

  it('say when they are one prefix', () => {
    expect(textRange(order, order.key, everything)).toEqual({ from: 'Order#', to: 'Order$', prefix: 'Order#' })
    expect(textRange(order, order.key, { ...everything, field: a, beginsWith: 'x y' })).toMatchObject({
      prefix: 'Order#x$20y',
      to: 'Order#x$20z',
    })
    expect(textRange(order, order.key, { ...everything, field: a, beginsWith: '' })).toMatchObject({
      prefix: 'Order#',
      to: 'Order$',
    })
  })

  it('hold nothing when their ends cross', () => {
    const { from, to } = textRange(order, order.key, {
      ...everything,
      field: a,
      low: { value: 'b', inclusive: true },
      high: { value: 'a', inclusive: true },
    })
    expect(compareText(from, to)).toBeGreaterThanOrEqual(0)
  })
})

describe('successor', () => {
  it('is the least text above everything with the prefix', () => {
    const text = orderables.string.values as fc.Arbitrary<string>
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        fc.pre([...prefix].some((char) => char !== '\u{10ffff}'))
        const end = successor(prefix)
        expect(end.isWellFormed()).toBe(true)
        expect(compareText(prefix + other, end)).toBeLessThan(0)
        if (compareText(other, prefix) > 0 && !other.startsWith(prefix))
          expect(compareText(other, end)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['Order#', 'Order$'],
    ['a\ud7ff', 'a\ue000'],
    ['a\uffff', 'a\u{10000}'],
    ['ab\u{10ffff}\u{10ffff}', 'ac'],
  ])('of %j is %j', (prefix, end) => {
    expect(successor(prefix)).toBe(end)
  })

  it.each([[''], ['\u{10ffff}']])('there is none of %j', (prefix) => {
    expect(() => successor(prefix)).toThrow(RangeError)
  })
})
