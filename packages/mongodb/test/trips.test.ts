import { type Change, type Condition, type Driver, newToken, type Values, type WriteOp } from '@isomodel/core/driver'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { noting, quiet } from './support/calls.js'
import { onEachEngine } from './support/engines.js'
import { thing } from './support/thing.js'

/** Ahead of every server's clock, whose TTL monitor would remove what this one still shows. */
const NOW = 4_000_000_000_000
const key = { owner: 'o', rank: 1 }
const entity: Values = { ...key, total: 1, lines: [{ sku: 'a', quantity: 1 }], text: 'x', tags: new Set(['a']) }

type Draft = Partial<WriteOp> & Pick<WriteOp, 'kind'> & { readonly [field: string]: unknown }

function op(draft: Draft): WriteOp {
  const standard = {
    entity: thing,
    key,
    token: newToken(),
    now: NOW,
    returning: 'none',
    guard: { exists: draft.kind === 'update' ? 'present' : 'any' },
    ...(draft.kind === 'put' ? { values: entity } : {}),
  }
  return { ...standard, ...draft } as WriteOp
}

const change = (...changes: Change[]): Draft => ({ kind: 'update', changes })
const isX: Condition = { op: 'eq', path: ['text'], value: 'x' }
const isY: Condition = { op: 'eq', path: ['text'], value: 'y' }
const inexact: Condition = { op: 'gt', path: ['bytes'], value: Uint8Array.of(1) }

onEachEngine((running) => {
  let driver: Driver

  beforeAll(async () => {
    const { client, database } = running()
    driver = await mongodb({ client, database: database() }).open({ entities: [thing] }, { now: () => NOW })
    await driver.setup(quiet)
  })
  afterAll(() => driver.close())

  async function tripsOf(draft: Draft): Promise<readonly [string, ...string[]]> {
    const commands: string[] = []
    const outcome = await driver.write(op(draft), noting(commands))
    return [outcome.status === 'refused' ? outcome.reason : outcome.status, ...commands]
  }

  describe('when the entity is there', () => {
    beforeEach(async () => {
      await driver.write(op({ kind: 'put' }), quiet)
    })

    it.each<[string, Draft, readonly string[]]>([
      ['a put', { kind: 'put' }, ['done', 'update']],
      ['a put that gives the old entity', { kind: 'put', returning: 'old' }, ['done', 'findAndModify']],
      ['a put on a condition', { kind: 'put', guard: { exists: 'any', condition: isX } }, ['done', 'update']],
      [
        'a put on a false condition',
        { kind: 'put', guard: { exists: 'any', condition: isY } },
        ['CONDITION_FAILED', 'update', 'find'],
      ],
      [
        'a put on a wrong revision',
        { kind: 'put', guard: { exists: 'present', token: newToken() } },
        ['REVISION_MISMATCH', 'update', 'find'],
      ],
      ['a create', { kind: 'put', guard: { exists: 'absent' } }, ['ALREADY_EXISTS', 'update', 'find']],
      ['a delete', { kind: 'delete' }, ['done', 'delete']],
      ['a delete that gives the old entity', { kind: 'delete', returning: 'old' }, ['done', 'findAndModify']],
      ['a delete on a condition', { kind: 'delete', guard: { exists: 'present', condition: isX } }, ['done', 'delete']],
      [
        'a delete on a false condition',
        { kind: 'delete', guard: { exists: 'present', condition: isY } },
        ['CONDITION_FAILED', 'delete', 'find'],
      ],
      ['a counter', change({ op: 'add', path: ['total'], value: 1 }), ['done', 'update']],
      ['a counter of an absent field', change({ op: 'add', path: ['odd.name$'], value: 1 }), ['done', 'update']],
      ['a sum of doubles', change({ op: 'add', path: ['number'], value: 0.1 }), ['done', 'update']],
      ['a counter out of range', change({ op: 'add', path: ['count'], value: 6 }), ['INVALID_VALUE', 'update', 'find']],
      ['a nested change', change({ op: 'set', path: ['lines', 0, 'quantity'], value: 2 }), ['done', 'update']],
      [
        'a change of a missing parent',
        change({ op: 'set', path: ['place', 'floor'], value: 2 }),
        ['INVALID_PATH', 'update', 'find'],
      ],
      [
        'a change beyond the end',
        change({ op: 'set', path: ['lines', 1, 'quantity'], value: 2 }),
        ['INVALID_PATH', 'update', 'find'],
      ],
      [
        'append and set',
        change({ op: 'append', path: ['marks'], values: [1] }, { op: 'set', path: ['text'], value: 'y' }),
        ['done', 'update'],
      ],
      ['addToSet', change({ op: 'addToSet', path: ['tags'], values: new Set(['b']) }), ['done', 'update']],
      ['deleteFromSet', change({ op: 'deleteFromSet', path: ['tags'], values: new Set(['a']) }), ['done', 'update']],
      [
        'a change that gives the new entity',
        { ...change({ op: 'remove', path: ['text'] }), returning: 'new' },
        ['done', 'findAndModify'],
      ],
      ['a change on a condition', { ...change(), guard: { exists: 'present', condition: isX } }, ['done', 'update']],
      [
        'an indexed field',
        change({ op: 'set', path: ['status'], value: 'new' }, { op: 'set', path: ['bytes'], value: Uint8Array.of(1) }),
        ['done', 'update'],
      ],
      [
        'an upsert',
        {
          ...change({ op: 'set', path: ['text'], value: 'y' }),
          orCreate: { ...entity, text: 'y' },
          guard: { exists: 'any' },
        },
        ['done', 'update'],
      ],
      ['removing an element', change({ op: 'remove', path: ['lines', 0] }), ['done', 'find', 'update']],
      ['setIfAbsent', change({ op: 'setIfAbsent', path: ['text'], value: 'y' }), ['done', 'find', 'update']],
      [
        'an inexact condition',
        { ...change(), guard: { exists: 'present', condition: inexact } },
        ['CONDITION_FAILED', 'find'],
      ],
    ])('%s', async (_, draft, trips) => {
      expect(await tripsOf(draft)).toEqual(trips)
      const explained = driver.explainWrite(op(draft))
      expect(explained.roundTrips).toBe(trips[1] === 'find' ? 2 : explained.reason === undefined ? 1 : 2)
      expect(Object.keys(explained.request as object)[0]).toBe(trips[1])
    })
  })

  describe('when it is not', () => {
    beforeEach(async () => {
      await driver.write(op({ kind: 'delete' }), quiet)
    })

    it.each<[string, Draft, readonly string[]]>([
      ['a create', { kind: 'put', guard: { exists: 'absent' } }, ['done', 'update']],
      ['a put', { kind: 'put' }, ['done', 'update']],
      ['a put that gives the old entity', { kind: 'put', returning: 'old' }, ['done', 'findAndModify', 'insert']],
      ['a put on a condition', { kind: 'put', guard: { exists: 'any', condition: isY } }, ['done', 'update']],
      ['a delete', { kind: 'delete' }, ['done', 'delete']],
      ['a guarded delete', { kind: 'delete', guard: { exists: 'present' } }, ['NOT_FOUND', 'delete', 'find']],
      ['an update', change({ op: 'add', path: ['total'], value: 1 }), ['NOT_FOUND', 'update', 'find']],
      [
        'an upsert of a counter',
        { ...change({ op: 'add', path: ['total'], value: 1 }), orCreate: entity, guard: { exists: 'any' } },
        ['done', 'update'],
      ],
      [
        'an upsert whose new entity differs',
        { ...change({ op: 'add', path: ['total'], value: 7 }), orCreate: entity, guard: { exists: 'any' } },
        ['done', 'update', 'update'],
      ],
    ])('%s', async (_, draft, trips) => {
      expect(await tripsOf(draft)).toEqual(trips)
    })
  })

  it('takes one trip over what has expired', async () => {
    const expired: Values = { ...entity, expiresAt: new Date(NOW) }
    const asks: [Draft, readonly string[]][] = [
      [{ kind: 'put', guard: { exists: 'absent' } }, ['done', 'update']],
      [{ kind: 'put', guard: { exists: 'any', condition: isY } }, ['done', 'update']],
      [{ ...change(), orCreate: entity, guard: { exists: 'any' } }, ['done', 'update', 'find', 'update']],
      [{ kind: 'put', guard: { exists: 'present' } }, ['NOT_FOUND', 'update', 'find']],
    ]
    for (const [draft, trips] of asks) {
      await driver.write(op({ kind: 'put', values: expired, now: NOW - 1 }), quiet)
      expect(await tripsOf(draft)).toEqual(trips)
    }
  })

  it('reads any number of keys in one trip, and one key by a plain get', async () => {
    await driver.write(op({ kind: 'put' }), quiet)
    const commands: string[] = []
    const keys = [key, { owner: 'o', rank: 2 }, { owner: '', rank: 1 }]
    const found = await driver.get(
      keys.map((each) => ({ entity: thing, key: each })),
      noting(commands),
    )
    expect(found.map((each) => (each === 'throttled' ? each : each?.values))).toEqual([entity, undefined, undefined])
    expect(commands).toEqual(['find'])
  })
})
