import { describe, expect, it } from 'vitest'
import type { Guard, Stored, WriteOp } from '../../src/driver/contract.js'
import { isExpired, judge, outcomeOf } from '../../src/driver/judge.js'
import type { Condition } from '../../src/query/condition.js'
import type { Values } from '../../src/schema/value.js'
import type { Change } from '../../src/write/change.js'
import { date, entity, int, nullable, object, optional, string } from '../support/build-model.js'

const type = object({ id: string, count: optional(int), until: nullable(date) })
const session = entity({ name: 'Session', type, partition: ['id'], ttl: 'until' })
const now = 1_000

const stored = (until: number | null, token = 'T1'): Stored => ({
  values: { id: 'a', count: 1, until: until === null ? null : new Date(until) },
  token,
})
const live = stored(now + 1)
const expired = stored(now)

const common = { entity: session, key: { id: 'a' }, token: 'T2', now, returning: 'none' } as const
const put = (guard: Guard, values: Values = { id: 'a', until: null }): WriteOp => ({
  ...common,
  kind: 'put',
  guard,
  values,
})
const remove = (guard: Guard): WriteOp => ({ ...common, kind: 'delete', guard })
const update = (guard: Guard, changes: Change[] = [], orCreate?: Values): WriteOp => ({
  ...common,
  kind: 'update',
  guard,
  changes,
  ...(orCreate === undefined ? {} : { orCreate }),
})
const counted: Condition = { op: 'eq', path: ['count'], value: 1 }
const uncounted: Condition = { op: 'eq', path: ['count'], value: 2 }

describe('isExpired', () => {
  it.each<[number | null, boolean]>([
    [now - 1, true],
    [now, true],
    [now + 1, false],
    [null, false],
  ])('of ttl %s at 1000 is %s', (until, expected) => {
    expect(isExpired(session, stored(until).values, now)).toBe(expected)
  })

  it('is false of an absent ttl, and of an entity without one', () => {
    expect(isExpired(session, { id: 'a' }, now)).toBe(false)
    expect(isExpired({ ...session, ttl: undefined }, stored(0).values, now)).toBe(false)
  })
})

describe('the guard', () => {
  it.each<[string, WriteOp, Stored | undefined, string]>([
    ['create on a live entity', put({ exists: 'absent' }), live, 'ALREADY_EXISTS'],
    ['a guarded put on nothing', put({ exists: 'present' }), undefined, 'NOT_FOUND'],
    ['a guarded delete on nothing', remove({ exists: 'present', condition: counted }), undefined, 'NOT_FOUND'],
    ['a token on nothing', put({ exists: 'any', token: 'T1' }), undefined, 'NOT_FOUND'],
    ['an update of nothing', update({ exists: 'any' }), undefined, 'NOT_FOUND'],
    ['an update of an expired entity', update({ exists: 'present' }), expired, 'NOT_FOUND'],
    ['a guard on an expired entity', remove({ exists: 'present', token: 'T1' }), expired, 'NOT_FOUND'],
    [
      'a wrong token before a false condition',
      update({ exists: 'present', token: 'T0', condition: uncounted }),
      live,
      'REVISION_MISMATCH',
    ],
    [
      'a false condition before a bad path',
      update({ exists: 'present', condition: uncounted }, [{ op: 'set', path: ['count', 'x'], value: 1 }]),
      live,
      'CONDITION_FAILED',
    ],
    [
      'a bad path last',
      update({ exists: 'present', token: 'T1', condition: counted }, [{ op: 'set', path: ['count', 'x'], value: 1 }]),
      live,
      'INVALID_PATH',
    ],
    [
      'an upsert whose condition is false',
      update({ exists: 'any', condition: uncounted }, [], { id: 'a' }),
      live,
      'CONDITION_FAILED',
    ],
  ])('%s is refused', (_, op, current, reason) => {
    expect(judge(op, current)).toMatchObject({ status: 'refused', reason })
  })

  it('shows the live entity it was judged on, and never an expired one', () => {
    expect(judge(put({ exists: 'absent' }), live)).toStrictEqual({
      status: 'refused',
      reason: 'ALREADY_EXISTS',
      current: live,
    })
    expect(judge(put({ exists: 'present' }), expired)).toStrictEqual({ status: 'refused', reason: 'NOT_FOUND' })
    expect(judge(update({ exists: 'present' }, [{ op: 'append', path: ['count'], values: [] }]), live)).toMatchObject({
      reason: 'INVALID_VALUE',
      path: ['count'],
      current: live,
    })
  })
})

describe('what is done', () => {
  it.each<[string, WriteOp, Stored | undefined, Values | undefined]>([
    ['create on nothing', put({ exists: 'absent' }), undefined, { id: 'a', until: null }],
    ['create over an expired entity inherits nothing', put({ exists: 'absent' }), expired, { id: 'a', until: null }],
    ['put replaces', put({ exists: 'any' }), live, { id: 'a', until: null }],
    ['delete of nothing', remove({ exists: 'any' }), undefined, undefined],
    ['delete', remove({ exists: 'present', token: 'T1' }), live, undefined],
    ['an update without changes', update({ exists: 'present' }), live, live.values],
    [
      'an upsert of a present entity',
      update({ exists: 'any', condition: counted }, [{ op: 'add', path: ['count'], value: 1 }], { id: 'a' }),
      live,
      { ...live.values, count: 2 },
    ],
    [
      'an upsert of an absent one, its condition not judged',
      update({ exists: 'any', condition: uncounted }, [{ op: 'add', path: ['count'], value: 1 }], {
        id: 'a',
        count: 9,
      }),
      undefined,
      { id: 'a', count: 9 },
    ],
    [
      'an upsert over an expired one',
      update({ exists: 'any' }, [{ op: 'add', path: ['count'], value: 1 }], { id: 'a', count: 9 }),
      expired,
      { id: 'a', count: 9 },
    ],
    [
      'an update that expires its entity',
      update({ exists: 'present' }, [{ op: 'set', path: ['until'], value: new Date(0) }]),
      live,
      { ...live.values, until: new Date(0) },
    ],
  ])('%s', (_, op, current, next) => {
    expect(judge(op, current)).toMatchObject({ status: 'done', next })
  })
})

describe('outcomeOf', () => {
  it('carries the old live entity when asked, and none that has expired', () => {
    const op = { ...put({ exists: 'any' }), returning: 'old' } as const
    expect(outcomeOf(op, judge(op, live))).toStrictEqual({ status: 'done', old: live })
    expect(outcomeOf(op, judge(op, expired))).toStrictEqual({ status: 'done' })
    expect(outcomeOf(op, judge(op, undefined))).toStrictEqual({ status: 'done' })
  })

  it('carries the new entity with the new token when asked, and none after a delete', () => {
    const op = { ...put({ exists: 'any' }), returning: 'new' } as const
    expect(outcomeOf(op, judge(op, live))).toStrictEqual({
      status: 'done',
      new: { values: { id: 'a', until: null }, token: 'T2' },
    })
    const gone = { ...remove({ exists: 'any' }), returning: 'new' } as const
    expect(outcomeOf(gone, judge(gone, live))).toStrictEqual({ status: 'done' })
  })

  it('passes a refusal on', () => {
    const op = put({ exists: 'absent' })
    expect(outcomeOf(op, judge(op, live))).toMatchObject({ status: 'refused', reason: 'ALREADY_EXISTS' })
  })
})
