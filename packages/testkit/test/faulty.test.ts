import { connect, defineEntity, type StoreError } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type DriverFaultPlan, faulty } from '../src/faults/index.js'

const Item = defineEntity({
  name: 'Item',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int(), email: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
})
const User = defineEntity({
  name: 'User',
  schema: z.object({ id: z.string(), email: z.string() }),
  key: { partition: ['id'] },
  uniques: { byEmail: ['email'] },
})

const key = { group: 'g', id: '1' }

async function open(plan: DriverFaultPlan) {
  const store = faulty(memory(), plan)
  const db = await connect(store, { Item, User })
  await store.quietly(() => db.setup())
  return { store, db }
}

const failure = (call: Promise<unknown>): Promise<Pick<StoreError, 'code' | 'outcome'> | 'done'> =>
  call.then(
    () => 'done' as const,
    ({ code, outcome }: StoreError) => ({ code, outcome }),
  )

describe('a write whose end is not seen', () => {
  test('lostReply: it is there by its token, so the caller never knows', async () => {
    const { db, store } = await open({ script: [{ fault: 'lostReply', on: 'write' }] })
    expect(await db.Item.create({ ...key, n: 1 })).toEqual({ ...key, n: 1 })
    expect([store.injected.lostReply, store.left]).toEqual([1, 0])
  })

  test('timeout: an increment is there once', async () => {
    const { db } = await open({ script: [{ fault: 'timeout', on: 'write', after: 1 }] })
    await db.Item.create({ ...key, n: 1 })
    expect((await db.Item.update(key, (o, { add }) => add(o.n, 1))).n).toBe(2)
    expect((await db.Item.get(key))?.n).toBe(2)
  })

  test('lostRequest: it cannot be told, is not there, and is not sent again', async () => {
    const { db, store } = await open({ script: [{ fault: 'lostRequest' }] })
    expect(await failure(db.Item.create({ ...key, n: 1 }))).toEqual({ code: 'UNAVAILABLE', outcome: 'unknown' })
    await store.settled()
    expect(await db.Item.get(key)).toBeUndefined()
  })

  test('lateRequest: it comes after its caller has given up', async () => {
    const { db, store } = await open({ script: [{ fault: 'lateRequest' }] })
    expect(await failure(db.Item.create({ ...key, n: 1 }))).toEqual({ code: 'TIMEOUT', outcome: 'unknown' })
    expect(await db.Item.get(key)).toBeUndefined()
    await store.settled()
    expect((await db.Item.get(key))?.n).toBe(1)
  })

  test('lostReply of a commit: done by the tokens of what it wrote', async () => {
    const { db } = await open({ script: [{ fault: 'lostReply', on: 'commit' }] })
    await db.User.create({ id: 'a', email: 'x' })
    expect(await failure(db.User.create({ id: 'b', email: 'x' }))).toMatchObject({ code: 'UNIQUE_VIOLATION' })
  })

  test('lostReply of a batch: its puts are there by their tokens', async () => {
    const { db } = await open({ script: [{ fault: 'lostReply', on: 'writeBatch' }] })
    await db.Item.putMany([1, 2, 3].map((n) => ({ group: 'g', id: `${n}`, n })))
    expect(await db.Item.query({ group: 'g' }).count()).toBe(3)
  })

  test('when the store cannot be asked either, the outcome stays unknown', async () => {
    const script = [
      { fault: 'lostReply', on: 'write' } as const,
      { fault: 'unavailable', on: 'get', times: 4 } as const,
    ]
    const { db, store } = await open({ script })
    expect(await failure(db.Item.create({ ...key, n: 1 }))).toEqual({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(store.left).toBe(0)
    expect((await db.Item.get(key))?.n).toBe(1)
  })

  test('setup goes on when the reply of its record is lost', async () => {
    for (const fault of ['lostReply', 'lostRequest', 'timeout', 'lateRequest'] as const) {
      const store = faulty(memory(), { script: [{ fault, on: 'write' }] })
      await using db = await connect(store, { Item })
      expect((await db.setup()).created, fault).toEqual(['model of Item'])
      expect((await db.check()).problems, fault).toEqual([])
    }
  })
})

test('indexes are filled when replies of it are lost', async () => {
  const { name, schema, model } = User
  const Plain = defineEntity({ name, schema, key: { partition: ['id'] } })
  const store = faulty(memory(), {})
  await using before = await connect(store, { Plain })
  await before.setup()
  await before.Plain.putMany([1, 2, 3].map((n) => ({ id: `${n}`, email: `e-${n}` })))
  await using db = await connect(store, { User })
  await db.setup()
  for (const fault of ['timeout', 'lostReply', 'lostRequest'] as const) store.next({ fault, on: 'commit' })
  expect(await db.fillIndexes()).toEqual({ filled: [`${model.name}.byEmail`], written: 3 })
  expect(store.left).toBe(0)
  expect(await failure(db.User.create({ id: '4', email: 'e-2' }))).toMatchObject({ code: 'UNIQUE_VIOLATION' })
})

describe('what retries hide', () => {
  test('throttle and unavailable, up to the last try', async () => {
    const { db, store } = await open({
      script: [
        { fault: 'throttle', on: 'write', times: 3 },
        { fault: 'unavailable', on: 'get', times: 3 },
      ],
    })
    await db.Item.create({ ...key, n: 1 })
    expect((await db.Item.get(key))?.n).toBe(1)
    expect(store.injected).toMatchObject({ throttle: 3, unavailable: 3 })
  })

  test('one more than the last try goes to the caller', async () => {
    const { db } = await open({ script: [{ fault: 'throttle', on: 'write', times: 4 }] })
    expect(await failure(db.Item.create({ ...key, n: 1 }))).toEqual({ code: 'THROTTLED', outcome: 'not committed' })
    expect(await db.Item.get(key)).toBeUndefined()
  })

  test('partial batches', async () => {
    const { db, store } = await open({
      script: [
        { fault: 'partial', on: 'writeBatch' },
        { fault: 'partial', on: 'get' },
      ],
    })
    const items = Array.from({ length: 50 }, (_, n) => ({ group: 'g', id: `${n}`, n }))
    await db.Item.putMany(items)
    expect(await db.Item.getMany(items)).toEqual(items)
    expect(store.left).toBe(0)
  })

  test('stale commits and transactional reads', async () => {
    const { db, store } = await open({
      script: [
        { fault: 'stale', on: 'commit', times: 3 },
        { fault: 'stale', on: 'read', times: 3 },
      ],
    })
    await db.transact((t) => [t.Item.create({ ...key, n: 1 })])
    expect(await db.transactGet((t) => [t.Item.get(key)])).toEqual([{ ...key, n: 1 }])
    expect(store.left).toBe(0)
  })

  test('empty and short pages, at the start too', async () => {
    const { db, store } = await open({ rates: { emptyPage: 0.4, shortPage: 0.4 } })
    const items = Array.from({ length: 30 }, (_, n) => ({ group: 'g', id: `${100 + n}`, n }))
    await db.Item.putMany(items)
    for (let time = 0; time < 10; time += 1) {
      expect(await db.Item.query({ group: 'g' }).all()).toEqual(items)
      expect(await db.Item.query('byN', { group: 'g' }).reverse().all()).toEqual(items.toReversed())
      expect(await db.Item.scan({ allowScan: true, budget: 1_000 }).count()).toBe(30)
    }
    expect(Math.min(store.injected.emptyPage, store.injected.shortPage)).toBeGreaterThan(5)
  })
})

test('a conflict goes to the caller', async () => {
  const { db } = await open({ script: [{ fault: 'conflict' }] })
  expect(await failure(db.Item.put({ ...key, n: 1 }))).toEqual({ code: 'CONFLICT', outcome: 'not committed' })
})

describe('an index that is behind', () => {
  test('shows what was there before: no new entity, the old place, and what is deleted', async () => {
    const store = faulty(memory(), { rates: { indexLag: 1 }, lag: 60_000 })
    await using db = await connect(store, { Item, User })
    const before = [1, 2, 3].map((n) => ({ group: 'g', id: `${n}`, n }))
    const fresh = await connect(store, { Item, User })
    await store.quietly(() => fresh.setup())
    await fresh.Item.putMany(before)
    const ids = async (): Promise<string[]> =>
      (await db.Item.query('byN', { group: 'g' }).all()).map(({ id, n }) => `${id}: ${n}`)
    expect(await ids()).toEqual([])
    expect(await store.quietly(ids)).toEqual(['1: 1', '2: 2', '3: 3'])
    expect((await db.Item.query({ group: 'g' }).all()).length, 'by the key').toBe(3)
  })

  test('is an older one, not a broken one', async () => {
    const store = faulty(memory(), { rates: { indexLag: 1 }, lag: 150 })
    await using db = await connect(store, { Item, User })
    await db.Item.putMany([1, 2, 3, 4].map((n) => ({ group: 'g', id: `${n}`, n })))
    const found = async (): Promise<string> =>
      (await db.Item.query('byN', { group: 'g' }).all()).map(({ id, n }) => `${id}: ${n}`).join()
    await expect.poll(found).toBe('1: 1,2: 2,3: 3,4: 4')
    await db.Item.update({ group: 'g', id: '1' }, { n: 9 })
    await db.Item.delete({ group: 'g', id: '3' })
    await db.Item.create({ group: 'g', id: '5', n: 0 })
    expect(await found()).toBe('1: 1,2: 2,3: 3,4: 4')
    expect(
      await db.Item.query('byN', { group: 'g' })
        .where((o, { lt }) => lt(o.n, 3))
        .count(),
    ).toBe(2)
    expect((await db.Item.query('byN', { group: 'g' }).reverse().limit(2).all()).map(({ id }) => id)).toEqual([
      '4',
      '3',
    ])
    await expect.poll(found).toBe('5: 0,2: 2,4: 4,1: 9')
  })

  test('does not claim to be strong, and refuses to be read so', async () => {
    const store = faulty(memory(), { rates: { indexLag: 0.1 } })
    expect(store.capabilities).toMatchObject({ 'index:strong': false, 'transact:store': true })
    await using db = await connect(store, { Item, User })
    expect(db.Item.query('byN', { group: 'g' }).explain().freshness).toBe('eventual')
    // @ts-expect-error its type does not claim it either
    const strong = db.Item.query('byN', { group: 'g' }).consistency('strong')
    expect(await failure(strong.all())).toMatchObject({
      code: 'UNSUPPORTED',
    })
  })
})

test('the same seed is the same bad day, another one another', async () => {
  const day = async (seed: number): Promise<string> => {
    const { db } = await open({ seed, rates: { conflict: 0.3, lostRequest: 0.3 }, inARow: Number.POSITIVE_INFINITY })
    const ends: unknown[] = []
    for (let n = 0; n < 30; n += 1) ends.push(await failure(db.Item.put({ ...key, n })))
    return JSON.stringify(ends)
  }
  expect(await day(1)).toBe(await day(1))
  expect(await day(1)).not.toBe(await day(2))
})

test('a plan that cannot be is refused, with what would be right', () => {
  const plans: [unknown, string][] = [
    [{ rates: { throtle: 1 } }, 'faulty has no fault "throtle"; there are throttle, partial, unavailable,'],
    [{ rates: { throttle: 2 } }, 'faulty: the rate of throttle is 2; it is from 0 to 1.'],
    [{ rates: { throttle: 0.6, stale: 0.6 } }, 'the rates add up to 1.2; a call meets one fault at most, so to 1'],
    [{ script: [{ fault: 'stale', times: 0 }] }, 'faulty: times is 0; it is a whole number from 1.'],
    [{ script: [{ fault: 'stale', after: -1 }] }, 'faulty: after is -1; it is how many calls go by before'],
    [{ seed: 0.5 }, 'faulty: seed is 0.5; it is a whole number.'],
    [{ inARow: 0 }, 'faulty: inARow is 0; it is a positive whole number, or Infinity.'],
    [{ lag: -1 }, 'faulty: lag is -1; it is a number of milliseconds.'],
    [{ rate: {} }, 'faulty has no option rate; there are script, rates, seed, inARow, lateBy, lag.'],
  ]
  for (const [plan, says] of plans) expect(() => faulty(memory(), plan as DriverFaultPlan)).toThrow(says)
})
