import {
  type Condition,
  compareValues,
  evaluate,
  type FetchRequest,
  type IndexModel,
  newToken,
  type Plan,
  type QuerySpec,
  type Row,
  type Stored,
  type Values,
} from '@isomodel/core/driver'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineNames, runEngine } from './support/engines.js'
import { type Opened, open } from './support/open.js'
import { condition, NOW, rest, Sample } from './support/sample.js'

const entity = Sample.model
const indexNamed = (name: string): IndexModel => entity.indexes.find((index) => index.name === name)!

const spec = (over: Partial<QuerySpec>): QuerySpec => ({
  entity,
  index: undefined,
  partition: { id: 'p' },
  where: undefined,
  reverse: false,
  select: undefined,
  count: false,
  ...over,
})

describe.each(engineNames)('queries on %s', (name) => {
  const running = runEngine(name)
  let db: Opened
  let all: readonly Stored[]

  beforeAll(async () => {
    db = await open(running().client, [Sample])
    const values = fc.sample(rest, { numRuns: 120, seed: 7 })
    all = values.map((each, at): Stored => ({ values: { id: 'p', seq: at * 3 - 100, ...each }, token: newToken() }))
    for (let at = 0; at < all.length; at += 25) {
      const ops = all.slice(at, at + 25).map((stored) => ({
        kind: 'put' as const,
        entity,
        key: { id: 'p', seq: stored.values.seq as number },
        values: stored.values,
        guard: { exists: 'any' as const },
        token: stored.token,
        now: NOW,
        returning: 'none' as const,
      }))
      expect(await db.driver.writeBatch(ops, db.call)).toEqual(ops.map(() => ({ status: 'done' })))
    }
    db.look()
  })

  async function page(plan: Plan, request: Partial<FetchRequest> = {}): ReturnType<Opened['driver']['fetch']> {
    const call = plan.freshness === 'strong' ? db.strong : db.eventual
    return db.driver.fetch(plan, { limit: 1_000, now: NOW, ...request }, call)
  }

  async function rowsOf(query: QuerySpec, limit = 1_000): Promise<readonly Row[]> {
    const plan = db.driver.plan(query)
    const rows: Row[] = []
    let after: string | undefined
    do {
      const got = await page(plan, { limit, ...(after === undefined ? {} : { after }) })
      expect(got.rows.length).toBeLessThanOrEqual(limit)
      rows.push(...got.rows)
      after = got.next
    } while (after !== undefined)
    return rows
  }

  /** What core makes of the rows: the residual and the expiry are judged again. */
  async function answer(query: QuerySpec, limit?: number): Promise<readonly Values[]> {
    const { residual } = db.driver.plan(query)
    const rows = (await rowsOf(query, limit)).map(({ stored }) => stored.values)
    return rows.filter((values) => isLive(values) && (residual === undefined || evaluate(residual, values)))
  }

  const isLive = ({ expires }: Values): boolean => !(expires instanceof Date && expires.getTime() <= NOW)

  function expected({ index, partition, where, reverse }: QuerySpec): readonly Values[] {
    const model = index ?? entity.key
    const order = index === undefined ? entity.key.sort : [...index.sort, ...index.ties]
    const fits = all
      .map(({ values }) => values)
      .filter((values) => [...model.partition, ...model.sort].every((field) => (values[field.name] ?? null) !== null))
      .filter((values) => model.partition.every((field) => values[field.name] === partition[field.name]))
      .filter((values) => isLive(values) && (where === undefined || evaluate(where, values)))
      .toSorted((a, b) => {
        for (const { name: field } of order) {
          const compared = compareValues(a[field]!, b[field]!) ?? 0
          if (compared !== 0) return compared
        }
        return 0
      })
    return reverse ? fits.toReversed() : fits
  }

  const accesses: readonly (readonly [IndexModel | undefined, Values])[] = [
    [undefined, { id: 'p' }],
    [indexNamed('byKind'), { kind: 'ab' }],
    [indexNamed('byTitle'), { id: 'p' }],
    [indexNamed('byLevel'), { level: 1 }],
    [indexNamed('byFlag'), { flag: true }],
  ]

  it('answer what the contract says, in its order, in pages of any size', async () => {
    const counts = { pushed: 0, residual: 0, none: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...accesses),
        fc.option(condition, { nil: undefined, freq: 6 }),
        fc.boolean(),
        fc.constantFrom(1, 7, 1_000),
        async ([index, partition], where, reverse, limit) => {
          const query = spec({ index, partition, where, reverse })
          expect(await answer(query, limit === 1 && where !== undefined ? 7 : limit)).toEqual(expected(query))
          const { pushed, residual, access } = db.driver.plan(query)
          if (pushed !== undefined) counts.pushed++
          if (residual !== undefined) counts.residual++
          if (access === 'none') counts.none++
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 100), endOnFailure: process.env.SHRINK === undefined },
    )
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0)
  }, 300_000)

  it.each<[string, Condition, number]>([
    ['=', { op: 'eq', path: ['seq'], value: -100 }, 1],
    ['<', { op: 'lt', path: ['seq'], value: -94 }, 2],
    ['<=', { op: 'lte', path: ['seq'], value: -94 }, 3],
    ['>', { op: 'gt', path: ['seq'], value: 251 }, 2],
    ['>=', { op: 'gte', path: ['seq'], value: 251 }, 3],
    ['between', { op: 'between', path: ['seq'], low: -1, high: 5 }, 3],
  ])('take %s on the sort field as a range of the key', async (_, where, most) => {
    const query = spec({ where })
    const plan = db.driver.plan(query)
    expect([plan.pushed, plan.residual]).toEqual([undefined, undefined])
    // Expired entities are left out by the filter.
    expect((await answer(query)).length).toBeLessThanOrEqual(most)
    expect(await answer(query)).toEqual(expected(query))
  })

  it('read on behind a row, also when that is gone', async () => {
    const key = { id: 'p', seq: 0 }
    const values = { ...key, level: 1, title: 'a', kind: 'ab', at: new Date(0), rank: 0, flag: true, weight: 5 }
    const base = { entity, key, guard: { exists: 'any' }, now: NOW, returning: 'none' } as const
    await db.driver.write({ ...base, kind: 'put', values, token: newToken() }, db.call)
    const queries = accesses.map(([index, partition]) => spec({ index, partition }))
    const before = await Promise.all(queries.map((query) => rowsOf(query)))
    await db.driver.write({ ...base, kind: 'delete', token: newToken() }, db.call)
    for (const [i, rows] of before.entries()) {
      const at = rows.findIndex(({ stored }) => stored.values.seq === 0)
      expect(at).toBeGreaterThanOrEqual(0)
      const behind = await page(db.driver.plan(queries[i]!), { after: rows[at]!.position() })
      expect(behind.rows.map(({ stored }) => stored)).toEqual(rows.slice(at + 1).map(({ stored }) => stored))
    }
  })

  it('ask for what is selected, and count without the fields', async () => {
    const selected = await rowsOf(spec({ select: ['title', 'pk'] }))
    for (const { stored } of selected) {
      for (const field of Object.keys(stored.values)) expect(['title', 'pk', 'expires']).toContain(field)
    }
    db.look()
    const counted = await rowsOf(spec({ count: true }))
    const [light] = db.look()
    await rowsOf(spec({}))
    const [whole] = db.look()
    expect(counted.length).toBe(selected.length)
    expect(light?.reply?.bytes).toBeLessThan((whole?.reply?.bytes ?? 0) / 3)
  })

  it('refuse a strong read of a global index, with the ways out', async () => {
    const plan = db.driver.plan(spec({ index: indexNamed('byKind'), partition: { kind: 'a' } }))
    expect(plan.freshness).toBe('eventual')
    const work = db.driver.fetch(plan, { limit: 1, now: NOW }, db.strong)
    await expect(work).rejects.toMatchObject({ code: 'UNSUPPORTED', name: 'UnsupportedError' })
    await expect(work).rejects.toThrow(/global index only eventually.*byKind.*consistency: 'eventual'.*scope: 'local'/)
  })

  it('report one request a page, its bytes and what it consumed', async () => {
    const plan = db.driver.plan(spec({}))
    db.look()
    await page(plan, { limit: 10 })
    expect(db.look()).toEqual([
      {
        command: 'Query',
        bytes: expect.any(Number),
        reply: { bytes: expect.any(Number), capacity: { read: expect.any(Number) } },
      },
    ])
  })

  it('send nothing for a partition or a range that no key can have', async () => {
    db.look()
    const long = 'x'.repeat(3_000)
    expect(await rowsOf(spec({ partition: { id: long } }))).toEqual([])
    const title = indexNamed('byTitle')
    expect(await rowsOf(spec({ index: title, where: { op: 'beginsWith', path: ['title'], value: long } }))).toEqual([])
    expect(db.look()).toEqual([])
    const wide = spec({ index: title, where: { op: 'between', path: ['title'], low: '', high: '~'.repeat(3_000) } })
    expect(await answer(wide)).toEqual(expected(wide))
  })
})
