import type { Change, Condition } from '@isomodel/core'
import * as fc from 'fast-check'
import type { Fields } from '../reference/kind.js'
import { changesOf, conditionsOn } from './places.js'
import type { StepAccess } from './step.js'
import type { Place, Subject } from './subject.js'
import { floats, ints, mostly, partial, record, texts } from './values.js'

const customers = mostly(['a'], ['a#', ''])
const numbers = mostly([0, 2], [-1, 10, -(2 ** 53 - 1)])
const lines = mostly([0n, -1n], [2n ** 53n + 1n])
const days = fc.constantFrom('mon', 'tue')
const counts = partial({ is: fc.constant('piece'), count: ints }, ['is', 'count'])
const weights = partial({ is: fc.constant('weight'), grams: fc.option(floats) }, ['is', 'grams'])

const orderKey = { customer: customers, order: numbers }
const lineKey = { ...orderKey, line: lines }
const orders = partial({ ...orderKey, day: days, total: floats, note: texts }, ['customer', 'order', 'day', 'total'])
const lined = partial({ ...lineKey, day: days, product: texts, of: fc.oneof(counts, weights) }, [
  'customer',
  'order',
  'line',
  'product',
])

const orderPlaces: readonly Place[] = [
  { path: ['order'], values: numbers, ordered: true, fixed: true },
  { path: ['day'], values: days, ordered: true },
  { path: ['total'], values: floats, ordered: true, sums: floats },
  { path: ['note'], values: texts, ordered: true, optional: true, text: true },
]
const linePlaces: readonly Place[] = [
  { path: ['order'], values: numbers, ordered: true, fixed: true },
  { path: ['line'], values: lines, ordered: true, fixed: true },
  { path: ['day'], values: days, ordered: true, optional: true },
  { path: ['product'], values: texts, ordered: true, text: true },
  { path: ['of'], values: fc.oneof(counts, weights), optional: true },
  { path: ['of', 'is'], values: fc.constantFrom('piece', 'weight'), ordered: true, fixed: true },
  { path: ['of', 'grams'], values: floats, ordered: true, fixed: true },
]

interface Paths {
  readonly [index: string]: { readonly [field: string]: fc.Arbitrary<unknown> }
}

function accessesOf(
  kind: string,
  key: Paths[string],
  indexes: Paths,
  where: fc.Arbitrary<Condition>,
): fc.Arbitrary<StepAccess> {
  const conditioned = (access: fc.Arbitrary<StepAccess>): fc.Arbitrary<StepAccess> =>
    fc.tuple(access, fc.option(where, { nil: undefined })).map(([of, where]) => (where ? { ...of, where } : of))
  return fc.oneof(
    conditioned(record({ kind: fc.constant(kind), partition: record<Fields>(key as never) })),
    ...Object.entries(indexes).map(([index, partition]) =>
      conditioned(
        record({ kind: fc.constant(kind), index: fc.constant(index), partition: record<Fields>(partition as never) }),
      ),
    ),
  )
}

const orderConditions = conditionsOn(orderPlaces)
const lineConditions = conditionsOn(linePlaces)

export const order: Subject = {
  kind: 'GenOrder',
  keys: record<Fields>(orderKey as never),
  entities: orders,
  batched: orders,
  conditions: orderConditions,
  changes: changesOf(orderPlaces),
  accesses: accessesOf(
    'GenOrder',
    { customer: customers },
    { byDay: { day: days }, byChange: { customer: customers } },
    orderConditions,
  ),
  names: ['order', 'day', 'note', 'updatedAt'],
  revision: false,
  wrong: fc.constantFrom(
    { field: 'total', value: undefined, path: ['total'] },
    { field: 'order', value: 0.5, path: ['order'] },
    { field: 'day', value: 'wed', path: ['day'] },
  ),
  wrongChanges: fc.constantFrom<Change>(
    { op: 'remove', path: ['total'] },
    { op: 'set', path: ['order'], value: 1 },
    { op: 'add', path: ['total'], value: Number.NaN },
  ),
}

export const line: Subject = {
  kind: 'GenLine',
  keys: record<Fields>(lineKey as never),
  entities: lined,
  batched: lined,
  conditions: lineConditions,
  changes: changesOf(linePlaces),
  accesses: accessesOf('GenLine', { customer: customers }, { byDay: { day: days } }, lineConditions),
  names: ['line', 'product', 'of', 'day'],
  revision: true,
  wrong: fc.constantFrom(
    { field: 'product', value: 1, path: ['product'] },
    { field: 'of', value: { is: 'piece', count: 0.5 }, path: ['of', 'count'] },
    { field: 'line', value: 1, path: ['line'] },
  ),
  wrongChanges: fc.constantFrom<Change>(
    { op: 'set', path: ['of', 'is'], value: 'piece' },
    { op: 'remove', path: ['product'] },
    { op: 'set', path: ['none'], value: 1 },
  ),
}

/** Orders and lines together: by their account, or by their day. */
export const collections: fc.Arbitrary<readonly [StepAccess, ...StepAccess[]]> = fc
  .tuple(
    fc.oneof(
      record({ partition: record<Fields>({ customer: customers } as never) }),
      record({ index: fc.constant('byDay'), partition: record<Fields>({ day: days } as never) }),
    ),
    fc.option(orderConditions, { nil: undefined }),
    fc.option(lineConditions, { nil: undefined }),
  )
  .map(([of, ofOrders, ofLines]) => [
    { kind: 'GenOrder', ...of, ...(ofOrders && { where: ofOrders }) },
    { kind: 'GenLine', ...of, ...(ofLines && { where: ofLines }) },
  ])
