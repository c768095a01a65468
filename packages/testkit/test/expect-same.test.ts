import { defineEntity, StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Answers, expectSame, matchers, onEveryStore } from '../src/index.js'
import { memoryStore } from './memory-store.js'

const Score = defineEntity({
  name: 'Score',
  schema: z.object({ game: z.string(), player: z.string(), points: z.number() }),
  key: { partition: ['game'], sort: ['player'] },
  indexes: { byPoints: { partition: ['game'], sort: ['points'] } },
  revision: true,
  timestamps: true,
})

const answers = (said: { readonly [store: string]: unknown }, opaque: readonly string[] = []): Answers<unknown> =>
  new Answers(
    Object.entries(said).map(([store, value]) => (value instanceof Error ? { store, error: value } : { store, value })),
    new Set(opaque),
  )

describe('onEveryStore and expectSame', () => {
  it('gives the answer that all stores gave', async () => {
    const given = await onEveryStore([memoryStore('one'), memoryStore('two')], { Score }, async (db) => {
      await db.Score.putMany([
        { game: 'go', player: 'b', points: 0.1 + 0.2 },
        { game: 'go', player: 'a', points: 7 },
      ])
      return db.Score.query('byPoints', { game: 'go' }).reverse().all()
    })
    const ranking = expectSame(given)
    expect(ranking.map(({ player }) => player)).toEqual(['a', 'b'])
    expect([...given].map(({ store }) => store)).toEqual(['one', 'two'])
  })

  it('passes over revisions, which each store makes up, and not over timestamps, for which all have one clock', async () => {
    const given = await onEveryStore([memoryStore('one'), memoryStore('two')], { Score }, (db) =>
      db.Score.create({ game: 'go', player: 'a', points: 1 }),
    )
    const revisions = [...given].map((answer) => ('value' in answer ? answer.value.revision : undefined))
    expect(new Set(revisions).size).toBe(2)
    expect(expectSame(given).createdAt).toBeInstanceOf(Date)
  })

  it('shows each place at which they differ, and who says what', () => {
    const row = (total: number, at = new Date(0)) => ({ id: 1n, rows: [{ total: 1 }, { total, at }] })
    const given = answers({
      dynamodb: row(0.3),
      memory: row(0.30000000000000004),
      redis: row(0.30000000000000004),
      mongodb: row(0.3, new Date(1)),
    })
    expect(() => expectSame(given)).toThrow(
      [
        'The answer is not the same on every store.',
        '  rows[1].total',
        '    dynamodb, mongodb  0.3',
        '    memory, redis      0.30000000000000004',
        '  rows[1].at',
        '    dynamodb, memory, redis  Date(1970-01-01T00:00:00.000Z)',
        '    mongodb                  Date(1970-01-01T00:00:00.001Z)',
      ].join('\n'),
    )
  })

  it.each([
    ['numbers and bigints', 1, 1n, '1n'],
    ['numbers and text', 1, '1', "'1'"],
    ['zeros', 0, -0, '-0'],
    ['null and undefined', null, undefined, 'undefined'],
    ['absent and undefined', {}, { a: undefined }, '(absent)'],
    ['lists and sets', ['a'], new Set(['a']), "Set{'a'}"],
    ['orders', ['a', 'b'], ['b', 'a'], "'b'"],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 3), 'bytes(0103)'],
    ['lengths', [1], [1, 2], '(absent)'],
    ['sets', new Set([1]), new Set([2]), 'Set{2}'],
    ['invisible characters', 'a', 'a\u200b', '\\u200b'],
  ])('tells %s apart', (_, one, other, shown) => {
    expect(() => expectSame(answers({ one, other }))).toThrow(shown)
  })

  it.each([
    ['sets in any order', new Set([1, 2]), new Set([2, 1])],
    ['fields in any order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['dates', new Date(5), new Date(5)],
    ['buffers and bytes', Uint8Array.of(1), Buffer.from([1])],
    ['opaque fields', [{ revision: 'x', n: 1 }], [{ revision: 'y', n: 1 }]],
  ])('takes %s for the same', (_, one, other) => {
    expect(expectSame(answers({ one, other }, ['revision']))).toBe(one)
  })

  it('throws the error that all stores threw, and compares errors by what they say', () => {
    const error = (code: 'NOT_FOUND' | 'CONDITION_FAILED', store: string) =>
      new StoreError(`as ${store} says it`, { code, store, entity: 'Score', operation: 'update', key: { game: 'go' } })
    const first = error('NOT_FOUND', 'one')
    expect(() => expectSame(answers({ one: first, two: error('NOT_FOUND', 'two') }))).toThrow(first)
    expect(() => expectSame(answers({ one: first, two: error('CONDITION_FAILED', 'two') }))).toThrow(
      /threw\n {4}one {2}'NOT_FOUND'\n {4}two {2}'CONDITION_FAILED'/,
    )
    expect(() => expectSame(answers({ one: first, two: 5 }))).toThrow(/not the same on every store/)
  })

  it('says how many more places differ', () => {
    const list = (n: number) => Array.from({ length: 30 }, (_, at) => at * n)
    expect(() => expectSame(answers({ one: list(1), two: list(2) }))).toThrow(/\[8\]/)
  })

  it('refuses to find no answers the same', () => {
    expect(() => expectSame(answers({}))).toThrow(/no store/)
  })
})

describe('the matcher', () => {
  it('passes, and fails with the difference, either way around', () => {
    const alike = matchers.toBeSameOnEveryStore(answers({ one: 1, two: 1 }))
    const unlike = matchers.toBeSameOnEveryStore(answers({ one: 1, two: 2 }))
    expect([alike.pass, unlike.pass]).toEqual([true, false])
    expect(unlike.message()).toMatch(/one {2}1\n {4}two {2}2/)
    expect(alike.message()).toMatch(/should not be/)
  })

  it('refuses what onEveryStore did not give', () => {
    expect(() => matchers.toBeSameOnEveryStore([1, 1])).toThrow(/onEveryStore/)
  })

  it('is one for expect.extend', () => {
    expect.extend(matchers)
    const same = expect(answers({ one: 1, two: 1 })) as never as { readonly toBeSameOnEveryStore: () => void }
    same.toBeSameOnEveryStore()
  })
})
