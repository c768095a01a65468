import {
  applyChanges,
  type BatchOp,
  type Change,
  type Condition,
  type Driver,
  type Guard,
  judge,
  newToken,
  outcomeOf,
  type Stored,
  type Values,
  type WriteOp,
} from '@isomodel/core/driver'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { changes, conditions, type Dates, entityOf, keys } from './support/arbitrary.js'
import { quiet } from './support/calls.js'
import { datesOf, onEachEngine } from './support/engines.js'
import { thing } from './support/thing.js'

/** Ahead of every server's clock, whose TTL monitor would remove what this one still shows. */
const NOW = 4_000_000_000_000

/** A write before it meets the store: what it guards by depends on what is there. */
interface Draft {
  readonly kind: 'create' | 'put' | 'update' | 'upsert' | 'fromNothing' | 'delete'
  readonly key: Values
  readonly values: Values
  readonly changes: readonly Change[]
  readonly exists: 'present' | 'any'
  readonly revision: 'none' | 'right' | 'wrong'
  readonly condition: Condition | undefined
  readonly returning: 'old' | 'new' | 'none'
}

const drafts = (dates: Dates): fc.Arbitrary<readonly Draft[]> =>
  fc.array(
    keys.chain((key) =>
      fc.record({
        kind: fc.constantFrom('create', 'put', 'update', 'upsert', 'fromNothing', 'delete'),
        key: fc.constant(key),
        values: entityOf(key, NOW, dates),
        changes: changes(dates),
        exists: fc.constantFrom('present', 'any'),
        revision: fc.constantFrom('none', 'none', 'none', 'right', 'wrong'),
        condition: fc.option(conditions(dates), { nil: undefined }),
        returning: fc.constantFrom('old', 'new', 'none'),
      }),
    ),
    { minLength: 5, maxLength: 25 },
  )

function opOf(draft: Draft, stored: Stored | undefined): WriteOp {
  const { kind, key, values, revision, condition } = draft
  const guard: Guard = {
    exists: revision === 'none' ? draft.exists : 'present',
    ...(revision === 'none' ? {} : { token: revision === 'right' ? (stored?.token ?? '') : newToken() }),
    ...(condition === undefined ? {} : { condition }),
  }
  const base = { entity: thing, key, token: newToken(), now: NOW, returning: draft.returning }
  switch (kind) {
    case 'create':
      return { ...base, kind: 'put', values, guard: { exists: 'absent' } }
    case 'put':
      return { ...base, kind, values, guard }
    case 'update':
      return { ...base, kind, changes: draft.changes, guard: { ...guard, exists: 'present' } }
    case 'upsert':
      return { ...base, kind: 'update', changes: draft.changes, orCreate: values, guard }
    case 'fromNothing':
      return { ...base, kind: 'update', changes: draft.changes, orCreate: madeOf(draft), guard }
    case 'delete':
      return { ...base, kind, guard }
  }
}

/** The new entity that the changes make of a bare one, as `orCreate: true` asks for; any other where they make none. */
function madeOf({ key, values, changes: all }: Draft): Values {
  const made = applyChanges(thing.type, { ...key, total: 0, lines: [] }, all)
  return 'values' in made ? made.values : values
}

onEachEngine((running, name) => {
  let driver: Driver

  beforeAll(async () => {
    const { client, database } = running()
    driver = await mongodb({ client, database: database() }).open({ entities: [thing] }, { now: () => NOW })
    await driver.setup(quiet)
  })
  afterAll(() => driver.close())

  it('does every write exactly as judge says', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(drafts(datesOf(name)), async (history) => {
        const expected = new Map<string, Stored | undefined>()
        const all = [...new Map(history.map(({ key }) => [JSON.stringify(key), key])).values()]
        await driver.writeBatch(all.map(remove), quiet)
        for (const draft of history) {
          const id = JSON.stringify(draft.key)
          const op = opOf(draft, expected.get(id))
          const judgement = judge(op, expected.get(id))
          expect(await driver.write(op, quiet)).toEqual(outcomeOf(op, judgement))
          if (judgement.status === 'done') {
            expected.set(id, judgement.next === undefined ? undefined : { values: judgement.next, token: op.token })
          }
          const [stored] = await driver.get([{ entity: thing, key: draft.key }], quiet)
          expect(stored).toEqual(expected.get(id))
        }
      }),
      { numRuns: name === 'secantusdb-py' ? 40 : 200 },
    )
  })
})

function remove(key: Values): BatchOp {
  return {
    kind: 'delete',
    entity: thing,
    key,
    guard: { exists: 'any' },
    token: newToken(),
    now: NOW,
    returning: 'none',
  }
}
