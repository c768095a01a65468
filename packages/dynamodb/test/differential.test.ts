import {
  applyChanges,
  type Change,
  type Condition,
  type Guard,
  judge,
  newToken,
  outcomeOf,
  type Stored,
  type Values,
  type WriteOp,
} from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engineNames, runEngine } from './support/engines.js'
import { type Opened, open } from './support/open.js'
import { changes, condition, keys, NOW, rest, Sample } from './support/sample.js'

const entity = Sample.model

/** A write without what only the moment of sending can tell. */
interface Step {
  readonly key: Values
  /** Whether the guard names a token, and the one that is there. */
  readonly token: 'none' | 'right' | 'wrong'
  readonly condition: Condition | undefined
  readonly returning: WriteOp['returning']
  readonly what:
    | { readonly kind: 'put'; readonly values: Values; readonly exists: Guard['exists'] }
    | {
        readonly kind: 'update'
        readonly changes: readonly Change[]
        readonly orCreate: Values | 'applied' | undefined
      }
    | { readonly kind: 'delete'; readonly exists: 'present' | 'any' }
}

const put = fc.record({
  kind: fc.constant('put' as const),
  values: rest,
  exists: fc.constantFrom('absent' as const, 'present' as const, 'any' as const, 'any' as const),
})
const update = fc.record({
  kind: fc.constant('update' as const),
  changes,
  orCreate: fc.oneof(rest, fc.constantFrom('applied' as const, undefined)),
})
const remove = fc.record({
  kind: fc.constant('delete' as const),
  exists: fc.constantFrom('present' as const, 'any' as const),
})
const step: fc.Arbitrary<Step> = fc.record({
  key: fc.constantFrom(...keys),
  token: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'right' as const, 'wrong' as const),
  condition: fc.option(condition, { nil: undefined, freq: 1 }),
  returning: fc.constantFrom('old' as const, 'new' as const, 'none' as const),
  what: fc.oneof({ weight: 3, arbitrary: put }, { weight: 6, arbitrary: update }, { weight: 1, arbitrary: remove }),
})

function opOf({ key, token, condition: asked, returning, what }: Step, current: Stored | undefined): WriteOp {
  const guard = {
    ...(token === 'none' ? {} : { token: token === 'right' ? (current?.token ?? newToken()) : newToken() }),
    ...(asked === undefined ? {} : { condition: asked }),
  }
  const base = { entity, key, token: newToken(), now: NOW, returning }
  switch (what.kind) {
    case 'put':
      return {
        ...base,
        kind: 'put',
        values: { ...key, ...what.values },
        // A create has no further guard: there is nothing that it could be judged on.
        guard: what.exists === 'absent' ? { exists: 'absent' } : { ...guard, exists: what.exists },
      }
    case 'update': {
      const orCreate = created(key, what.changes, what.orCreate)
      return {
        ...base,
        kind: 'update',
        changes: what.changes,
        ...(orCreate === undefined
          ? { guard: { ...guard, exists: 'present' } }
          : { orCreate, guard: { ...guard, exists: 'any' } }),
      }
    }
    case 'delete':
      return { ...base, kind: 'delete', guard: { ...guard, exists: what.exists } }
  }
}

function created(key: Values, made: readonly Change[], how: Values | 'applied' | undefined): Values | undefined {
  if (how !== 'applied') return how === undefined ? undefined : { ...key, ...how }
  const applied = applyChanges(entity.type, { ...key, level: 1 }, made)
  return 'values' in applied ? applied.values : undefined
}

describe.each(engineNames)('writes on %s', (name) => {
  const running = runEngine(name)

  it('do what judge says, natively or not, and leave every index right', async () => {
    await using db = await open(running().client, [Sample])
    const counts = { native: 0, created: 0, read: 0, refused: 0, done: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const stored = new Map<Values, Stored>()
        for (const each of steps) {
          const current = stored.get(each.key)
          const op = opOf(each, current)
          const judgement = judge(op, current)
          const explained = db.driver.explainWrite(op)
          db.look()
          const outcome = await db.driver.write(op, db.call)
          const sent = db.look().length
          expect(outcome).toEqual(outcomeOf(op, judgement))
          expect(sent).toBeLessThanOrEqual(2)
          // An expired entity is absent to the contract and not to DynamoDB: writing over it may take another request.
          const overExpired = current !== undefined && judgement.status === 'done' && judgement.live === undefined
          if (explained.roundTrips === 1 && !overExpired) expect(sent).toBe(1)
          counts[explained.roundTrips === 1 ? 'native' : 'read']++
          counts[outcome.status]++
          if (sent === 1 && op.kind === 'update' && current === undefined && outcome.status === 'done') counts.created++
          if (judgement.status === 'done') {
            if (judgement.next === undefined) stored.delete(each.key)
            else stored.set(each.key, { values: judgement.next, token: op.token })
          }
          expect(await db.driver.get([{ entity, key: each.key }], db.strong)).toEqual([stored.get(each.key)])
        }
        for (const index of entity.indexes) await expectIndex(db, index, [...stored.values()])
        for (const key of keys) await erase(db, key)
      }),
      { numRuns: Number(process.env.RUNS ?? 60), endOnFailure: process.env.SHRINK === undefined },
    )
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0)
  }, 600_000)
})

async function erase(db: Opened, key: Values): Promise<void> {
  const guard = { exists: 'any' } as const
  await db.driver.write({ kind: 'delete', entity, key, guard, token: newToken(), now: NOW, returning: 'none' }, db.call)
}

const partitions: Readonly<Record<string, readonly Values[]>> = {
  byKind: [{ kind: 'a' }, { kind: 'b' }, { kind: 'ab' }],
  byTitle: [{ id: 'a#b' }, { id: '😀' }],
  byLevel: [{ level: 1 }, { level: 2 }],
  byFlag: [{ flag: false }, { flag: true }],
}

/** The index holds exactly the entities that have its fields. */
async function expectIndex(db: Opened, index: (typeof entity.indexes)[number], all: readonly Stored[]): Promise<void> {
  const fields = [...index.partition, ...index.sort]
  const inside = all.filter(({ values }) => fields.every(({ name }) => (values[name] ?? null) !== null))
  const found: Stored[] = []
  for (const partition of partitions[index.name] ?? []) {
    const query = { entity, index, partition, where: undefined, reverse: false, select: undefined, count: false }
    const call = index.scope === 'local' ? db.strong : db.eventual
    const { rows } = await db.driver.fetch(db.driver.plan(query), { limit: 100, now: 0 }, call)
    found.push(...rows.map(({ stored }) => stored))
  }
  const byToken = (a: Stored, b: Stored): number => (a.token < b.token ? -1 : 1)
  expect(found.toSorted(byToken)).toEqual(inside.toSorted(byToken))
}
