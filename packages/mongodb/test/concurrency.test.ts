import { connect, type Db, type StoreError } from '@isomodel/core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { Thing } from './support/thing.js'

const key = { owner: 'o', rank: 1 }
const empty = { ...key, total: 0, lines: [] }
const MANY = 50

onEachEngine((running) => {
  let db: Db<{ Thing: typeof Thing }>

  beforeAll(async () => {
    db = await connect(mongodb({ client: running().client, database: running().database() }), { Thing })
    await db.setup()
  })
  beforeEach(async () => {
    await db.Thing.delete(key)
  })
  afterAll(() => db.close())

  const together = <T>(work: (at: number) => Promise<T>, many = MANY): Promise<PromiseSettledResult<T>[]> =>
    Promise.allSettled(Array.from({ length: many }, (_, at) => work(at)))

  it('loses no counter update', async () => {
    await db.Thing.create(empty)
    await together(() => db.Thing.update(key, (o, { add }) => [add(o.total, 1)]))
    expect((await db.Thing.get(key))?.total).toBe(MANY)
  })

  it('loses no update that has to read first', { timeout: 120_000 }, async () => {
    await db.Thing.create({ ...empty, lines: Array.from({ length: MANY }, () => ({ sku: 'a', quantity: 1 })) })
    // Each of them sees the others get ahead, so their number counts twice.
    const results = await together(() => db.Thing.update(key, (o, { remove, at }) => [remove(at(o.lines, 0))]), 20)
    const done = results.filter(({ status }) => status === 'fulfilled').length
    const conflicts = results
      .filter((each) => each.status === 'rejected')
      .map((each) => (each.reason as StoreError).code)
    expect(new Set(conflicts)).toEqual(new Set(conflicts.length === 0 ? [] : ['CONFLICT']))
    expect((await db.Thing.get(key))?.lines.length).toBe(MANY - done)
  })

  it('counts every upsert of a counter once', async () => {
    for (let round = 0; round < 5; round++) {
      await db.Thing.delete(key)
      const results = await together(() =>
        db.Thing.update(key, (o, { add, set }) => [add(o.total, 1), set(o.lines, [])], { orCreate: true }),
      )
      for (const each of results)
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ outcome: 'committed' })
      // Those whose entity the engine did not give are counted, too.
      expect((await db.Thing.get(key))?.total).toBe(MANY)
    }
  })

  it('gives each state of a counter to one only', async () => {
    await db.Thing.create(empty)
    const results = await together(() => db.Thing.update(key, (o, { add }) => [add(o.total, 1)]))
    const states = results.map((each) => (each.status === 'fulfilled' ? each.value.total : 'failed'))
    expect(new Set(states).size).toBe(MANY)
  })

  it('creates once', async () => {
    const results = await together((at) => db.Thing.create({ ...empty, total: at }))
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    for (const each of results)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ALREADY_EXISTS' })
  })

  it('creates once over what has expired', async () => {
    await db.Thing.put({ ...empty, expiresAt: new Date(Date.now() + 20) })
    await new Promise((resolve) => setTimeout(resolve, 30))
    const results = await together((at) => db.Thing.create({ ...empty, total: at + 1 }))
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
  })

  it('lets one of many take an old state further', async () => {
    await db.Thing.create({ ...empty, text: 'open' })
    const results = await together((at) =>
      db.Thing.update(key, { text: `taken by ${at}` }, { if: (o, { eq }) => eq(o.text, 'open') }),
    )
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    for (const each of results)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'CONDITION_FAILED' })
  })
})
