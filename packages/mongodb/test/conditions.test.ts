import {
  type Driver,
  evaluate,
  type LeafCondition,
  newToken,
  type Path,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import type { Document } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BsonObject } from '../src/bson.js'
import { EntityCollection } from '../src/collection.js'
import { mongodb } from '../src/index.js'
import { quiet } from './support/calls.js'
import { onEachEngine } from './support/engines.js'
import { thing } from './support/thing.js'

/** What each field may hold; every value is stored once and asked for in every way. */
const values: { readonly [field: string]: readonly Value[] } = {
  text: [null, '', 'a', 'ab', 'b', '\u{1f600}', '\uff5e', '.*', 'a\u0000b'],
  number: [0, 0.1, -1, 1e300, 5e-324],
  count: [null, 0, 1, -1],
  big: [null, 0n, 1n, -(2n ** 63n), 2n ** 53n + 1n],
  flag: [true, false],
  at: [null, new Date(0), new Date(-1), new Date(1e12)],
  bytes: [Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(0, 2)],
  status: ['new', 'old'],
  tags: [null, new Set(), new Set(['a']), new Set(['b', 'a']), new Set(['a', 'b', 'c'])],
  sizes: [new Set([0]), new Set([0, 1])],
  marks: [null, [], [0], [0, 1], [1, 0]],
  names: [[], [null], ['a', null], ['a']],
  lines: [
    [{ sku: 'a', quantity: 0 }],
    [
      { sku: 'b', quantity: 1, note: 'a' },
      { sku: 'a', quantity: 0 },
    ],
  ],
  grid: [[[0]], [[], [0, 1]], [[0, 1], [0]]],
  shelves: [[{ '0': 0 }], [{ a: 0 }, { '0': 1 }]],
  place: [null, {}, { city: null }, { city: 'a', floor: 0 }, { inner: { code: 'a' } }],
  stock: [{}, { '0': 0 }, { 'x.y': 0, a: 1 }, { __proto__x: 1 }],
  mixed: [null, 'a', 0n, ['a'], [null] as unknown as Value, new Date(0)],
  'odd.name$': [0, 1],
  _id: ['', 'a'],
  '7': ['a'],
}

const paths: readonly Path[] = [
  ...Object.keys(values).map((field) => [field]),
  ['lines', 0],
  ['lines', 0, 'sku'],
  ['lines', 1, 'quantity'],
  ['lines', 0, 'note'],
  ['marks', 0],
  ['marks', 1],
  ['names', 0],
  ['names', 1],
  ['grid', 0],
  ['grid', 1, 0],
  ['shelves', 0, '0'],
  ['place', 'city'],
  ['place', 'floor'],
  ['place', 'inner', 'code'],
  ['stock', '0'],
  ['stock', 'x.y'],
]

const operands: readonly Value[] = [
  null,
  '',
  'a',
  'b',
  '\u{1f600}',
  '.*',
  0,
  1,
  -1,
  0n,
  1n,
  true,
  new Date(0),
  Uint8Array.of(1),
  new Set(['a']),
  new Set(['a', 'b']),
  new Set([0]),
  [],
  [0],
  ['a'],
  [null],
  {},
]

function leavesOf(path: Path): readonly LeafCondition[] {
  const leaves: LeafCondition[] = [
    { op: 'exists', path },
    { op: 'notExists', path },
    { op: 'in', path, values: ['a', 0, null] },
    { op: 'in', path, values: [1n, new Set(['a'])] },
  ]
  for (const value of operands) {
    leaves.push({ op: 'eq', path, value }, { op: 'ne', path, value }, { op: 'contains', path, value })
    if (typeof value === 'string') leaves.push({ op: 'beginsWith', path, value })
    if (typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)) continue
    leaves.push({ op: 'lt', path, value }, { op: 'gte', path, value }, { op: 'between', path, low: value, high: value })
  }
  return leaves
}

onEachEngine((running) => {
  const entities: Values[] = Object.entries(values).flatMap(([field, each]) =>
    each.map((value, at): Values => ({ owner: field, rank: at, total: 0, lines: [], [field]: value })),
  )
  let driver: Driver
  let find: (filter: BsonObject) => Promise<readonly string[]>

  beforeAll(async () => {
    const { client, database } = running()
    const name = database()
    driver = await mongodb({ client, database: name }).open({ entities: [thing] }, { now: Date.now })
    await driver.setup({ signal: undefined, sent: () => () => undefined })
    const ops = entities.map((each) => ({
      kind: 'put' as const,
      entity: thing,
      key: { owner: each.owner as string, rank: each.rank as number },
      values: each,
      guard: { exists: 'any' as const },
      token: newToken(),
      now: 0,
      returning: 'none' as const,
    }))
    expect(await driver.writeBatch(ops, quiet)).toEqual(ops.map(() => ({ status: 'done' })))
    find = async (filter) => {
      const command = { find: 'Thing', filter: filter as Document, projection: { _id: 1 }, batchSize: 1_000 }
      const { cursor } = await client.db(name).command(command)
      return cursor.firstBatch.map((document: Document) => document._id)
    }
  })
  afterAll(() => driver.close())

  it.each(paths.map((path) => [path.join('.'), path] as const))(
    'judges every condition on %s as core does, or leaves it to core',
    async (_, path) => {
      const collection = new EntityCollection(thing, '')
      let judged = 0
      for (const leaf of leavesOf(path)) {
        const filter = collection.filters.leaf(leaf)
        if (filter === undefined) continue
        judged++
        const fits = entities.filter((each) => evaluate(leaf, each))
        const found = typeof filter === 'boolean' ? (filter ? entities.map(idOf) : []) : await find(filter)
        expect({ leaf, found: [...found].sort() }).toEqual({ leaf, found: fits.map(idOf).sort() })
      }
      expect(judged).toBeGreaterThan(path[0] === 'shelves' && path.length > 1 ? -1 : 0)
    },
  )

  function idOf(each: Values): string {
    return new EntityCollection(thing, '').id(each)
  }
})
