import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/driver/analyse.js'
import type { QuerySpec } from '../../src/driver/contract.js'
import type { SortRange } from '../../src/driver/range.js'
import type { Condition } from '../../src/query/condition.js'
import { compareValues, evaluate } from '../../src/query/evaluate.js'
import type { Value, Values } from '../../src/schema/value.js'
import { date, entity, enumOf, int, nullable, object, optional, string } from '../support/build-model.js'

const type = object({
  shop: string,
  day: int,
  name: string,
  status: nullable(enumOf('new', 'old')),
  at: date,
  note: optional(string),
})
const model = entity({
  type,
  partition: ['shop'],
  sort: ['day', 'name'],
  indexes: { byStatus: { partition: ['status'], sort: ['at'] } },
})

const query = (where: Condition | undefined, more: Partial<QuerySpec> = {}): QuerySpec => ({
  entity: model,
  index: undefined,
  partition: { shop: 's' },
  where,
  reverse: false,
  select: undefined,
  count: false,
  ...more,
})

const and = (...conditions: Condition[]): Condition => ({ op: 'and', conditions })
const or = (...conditions: Condition[]): Condition => ({ op: 'or', conditions })
const eq = (field: string, value: Value): Condition => ({ op: 'eq', path: [field], value })
const day = (op: 'lt' | 'lte' | 'gt' | 'gte', value: number): Condition => ({ op, path: ['day'], value })
const name = (op: 'lt' | 'lte' | 'gt' | 'gte', value: string): Condition => ({ op, path: ['name'], value })
const begins = (value: string): Condition => ({ op: 'beginsWith', path: ['name'], value })

/** The range without its models, to be read in a test. */
const said = ({ equal, field, low, high, beginsWith }: SortRange): unknown => ({
  equal: equal.map((each) => [each.field.name, each.value]),
  ...(field === undefined ? {} : { field: field.name }),
  ...(low === undefined ? {} : { [low.inclusive ? 'gte' : 'gt']: low.value }),
  ...(high === undefined ? {} : { [high.inclusive ? 'lte' : 'lt']: high.value }),
  ...(beginsWith === undefined ? {} : { beginsWith }),
})

describe('sort conditions become the range', () => {
  it.each<[string, Condition | undefined, unknown, Condition | undefined]>([
    ['no condition', undefined, { equal: [] }, undefined],
    ['a range', day('gt', 3), { equal: [], field: 'day', gt: 3 }, undefined],
    ['two ends', and(day('gte', 3), day('lt', 9)), { equal: [], field: 'day', gte: 3, lt: 9 }, undefined],
    [
      'between',
      { op: 'between', path: ['day'], low: 1, high: 2 },
      { equal: [], field: 'day', gte: 1, lte: 2 },
      undefined,
    ],
    [
      'the tighter ends',
      and(day('gte', 3), day('gt', 3), day('lte', 9), day('lte', 8)),
      { equal: [], field: 'day', gt: 3, lte: 8 },
      undefined,
    ],
    [
      'ends that meet',
      and(day('gte', 3), day('lte', 3), name('gt', 'a')),
      { equal: [['day', 3]], field: 'name', gt: 'a' },
      undefined,
    ],
    [
      'equality, then a prefix',
      and(eq('day', 3), begins('a')),
      { equal: [['day', 3]], field: 'name', beginsWith: 'a' },
      undefined,
    ],
    [
      'equality on all',
      and(eq('day', 3), eq('name', 'a')),
      {
        equal: [
          ['day', 3],
          ['name', 'a'],
        ],
      },
      undefined,
    ],
    ['a second field without the first', name('gt', 'a'), { equal: [] }, name('gt', 'a')],
    ['a range on both', and(day('gt', 3), name('gt', 'a')), { equal: [], field: 'day', gt: 3 }, name('gt', 'a')],
    ['an in of one', { op: 'in', path: ['day'], values: [3] }, { equal: [['day', 3]] }, undefined],
    [
      'an in of two',
      { op: 'in', path: ['day'], values: [3, 4] },
      { equal: [] },
      { op: 'in', path: ['day'], values: [3, 4] },
    ],
    ['an equality that a range allows', and(day('gt', 2), eq('day', 3)), { equal: [['day', 3]] }, undefined],
    ['a nested and', and(and(day('gt', 3), and(eq('note', 'x')))), { equal: [], field: 'day', gt: 3 }, eq('note', 'x')],
    ['an or stays a filter', or(day('gt', 3), day('lt', 1)), { equal: [] }, or(day('gt', 3), day('lt', 1))],
    [
      'a not stays a filter',
      { op: 'not', condition: day('gt', 3) },
      { equal: [] },
      { op: 'not', condition: day('gt', 3) },
    ],
    ['ne stays a filter', { op: 'ne', path: ['day'], value: 3 }, { equal: [] }, { op: 'ne', path: ['day'], value: 3 }],
    ['an empty prefix', and(eq('day', 3), begins('')), { equal: [['day', 3]] }, undefined],
    [
      'the longer prefix',
      and(eq('day', 3), begins('a'), begins('ab')),
      { equal: [['day', 3]], field: 'name', beginsWith: 'ab' },
      undefined,
    ],
    [
      'a prefix and an end outside it',
      and(eq('day', 3), begins('b'), name('gt', 'a'), name('lt', 'c')),
      { equal: [['day', 3]], field: 'name', beginsWith: 'b' },
      undefined,
    ],
    [
      'a prefix and an end inside it',
      and(eq('day', 3), begins('b'), name('gt', 'bb')),
      { equal: [['day', 3]], field: 'name', beginsWith: 'b' },
      name('gt', 'bb'),
    ],
    [
      'a prefix and itself as the low end',
      and(eq('day', 3), begins('b'), name('gte', 'b')),
      { equal: [['day', 3]], field: 'name', beginsWith: 'b' },
      undefined,
    ],
    [
      'a prefix and itself as the high end',
      and(eq('day', 3), begins('b'), name('lte', 'b')),
      {
        equal: [
          ['day', 3],
          ['name', 'b'],
        ],
      },
      undefined,
    ],
    [
      'a condition on the partition that holds',
      and(eq('shop', 's'), day('gt', 1)),
      { equal: [], field: 'day', gt: 1 },
      undefined,
    ],
    ['exists on a sort field', and({ op: 'exists', path: ['day'] }), { equal: [] }, undefined],
    ['ne with another type', { op: 'ne', path: ['day'], value: 'x' }, { equal: [] }, undefined],
    ['not of what is never', { op: 'not', condition: or() }, { equal: [] }, undefined],
    [
      'not not',
      { op: 'not', condition: { op: 'not', condition: day('gt', 3) } },
      { equal: [], field: 'day', gt: 3 },
      undefined,
    ],
  ])('%s', (_, where, range, rest) => {
    const analysis = analyse(query(where))
    expect(analysis.empty).toBe(false)
    expect(said(analysis.range)).toStrictEqual(range)
    expect(analysis.rest).toStrictEqual(rest)
  })

  it('on an index', () => {
    const index = model.indexes[0]!
    const analysis = analyse(
      query(and(eq('status', 'new'), { op: 'lt', path: ['at'], value: new Date(9) }), {
        index,
        partition: { status: 'new' },
      }),
    )
    expect(said(analysis.range)).toStrictEqual({ equal: [], field: 'at', lt: new Date(9) })
    expect(analysis.rest).toBeUndefined()
  })
})

describe('what cannot hold is empty', () => {
  it.each<[string, Condition]>([
    ['ends that cross', and(day('gt', 9), day('lt', 3))],
    ['ends that meet outside', and(day('gt', 3), day('lte', 3))],
    ['an inverted between', { op: 'between', path: ['day'], low: 2, high: 1 }],
    ['an inverted between on a filter field', { op: 'between', path: ['note'], low: 'b', high: 'a' }],
    ['two different equals', and(eq('day', 1), eq('day', 2))],
    ['an equal outside the range', and(eq('day', 1), day('gt', 1))],
    ['in nothing', { op: 'in', path: ['note'], values: [] }],
    ['or nothing', or()],
    ['prefixes that differ', and(begins('a'), begins('b'))],
    ['a prefix below the low end', and(begins('a'), name('gt', 'b'))],
    ['a prefix above the high end', and(begins('b'), name('lt', 'b'))],
    ['another equal than the prefix', and(begins('a'), eq('name', 'b'))],
    ['a contradiction on a later field', and(day('gt', 3), name('gt', 'b'), name('lt', 'a'))],
    ['another partition', eq('shop', 't')],
    ['another type', eq('day', '3')],
    ['a range of another type', { op: 'lt', path: ['day'], value: 3n }],
    ['null', eq('day', null)],
    ['absence of a sort field', { op: 'notExists', path: ['day'] }],
    ['a prefix of no string', { op: 'beginsWith', path: ['day'], value: '' }],
    ['a branchless or', or(and(or(), day('gt', 3)))],
  ])('%s', (_, where) => {
    expect(analyse(query(where)).empty).toBe(true)
  })
})

const names = fc.constantFrom('', 'a', 'ab', 'abc', 'b', '\uffff', '\u{1f600}')
const days = fc.integer({ min: 0, max: 4 })
const ends = fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const)
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(ends, days).map(([op, value]): Condition => day(op, value)),
  fc.tuple(ends, names).map(([op, value]): Condition => name(op, value)),
  days.map((value): Condition => eq('day', value)),
  names.map((value): Condition => eq('name', value)),
  fc.tuple(days, days).map(([low, high]): Condition => ({ op: 'between', path: ['day'], low, high })),
  fc.array(fc.oneof(days, names), { maxLength: 2 }).map((values): Condition => ({ op: 'in', path: ['day'], values })),
  names.map(begins),
  names.map((value): Condition => ({ op: 'contains', path: ['name'], value })),
  fc.oneof(days, names).map((value): Condition => ({ op: 'ne', path: ['day'], value })),
  names.map((value): Condition => eq('note', value)),
  fc.constant<Condition>({ op: 'exists', path: ['note'] }),
  fc.constantFrom('s', 't').map((value): Condition => eq('shop', value)),
)
const tree = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { maxLength: 4 }).map((parts): Condition => and(...parts)),
    fc.array(tie('condition'), { maxLength: 3 }).map((parts): Condition => or(...parts)),
    tie('condition').map((condition): Condition => ({ op: 'not', condition })),
  ),
})).condition

const inRange = (values: Values, { equal, field, low, high, beginsWith }: SortRange): boolean => {
  const at = values[field?.name ?? ''] as Value
  const compared = (bound: SortRange['low']): number =>
    bound === undefined ? 0 : (compareValues(at, bound.value) as number)
  return (
    equal.every((each) => compareValues(values[each.field.name] as Value, each.value) === 0) &&
    (low === undefined || compared(low) > 0 || (low.inclusive && compared(low) === 0)) &&
    (high === undefined || compared(high) < 0 || (high.inclusive && compared(high) === 0)) &&
    (beginsWith === undefined || (at as string).startsWith(beginsWith))
  )
}

it('says exactly what the condition says', () => {
  const row = fc.record(
    { shop: fc.constant('s'), day: days, name: names, note: names },
    { requiredKeys: ['shop', 'day', 'name'] },
  )
  fc.assert(
    fc.property(tree, fc.array(row, { minLength: 1, maxLength: 20 }), (where, rows) => {
      const { range, rest, empty } = analyse(query(where))
      for (const values of rows) {
        const fits = !empty && inRange(values, range) && (rest === undefined || evaluate(rest, values))
        expect(fits).toBe(evaluate(where, values))
      }
    }),
    { numRuns: 2_000 },
  )
})
