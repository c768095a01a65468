import { connect, defineEntity, type StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { redis } from '../src/index.js'
import { eachServer, type Server } from './support/server.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int(), until: z.date().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'] } },
  ttl: 'until',
})

const Secret = defineEntity({
  name: 'Secret',
  schema: z.object({ id: z.string(), n: z.int() }),
  key: { partition: ['id'] },
  indexes: { byN: { partition: ['n'] } },
  sensitive: ['id'],
})

const a = { group: 'g', id: 'a' }
const b = { group: 'g', id: 'b' }

const failure = (work: () => Promise<unknown>): Promise<StoreError> =>
  work().then(
    () => expect.unreachable('it should have failed'),
    (error) => error,
  )

/** Ways in which other code leaves something at an entity's key. */
const harms: { readonly [what: string]: (server: Server, hash: string) => Promise<unknown> } = {
  'a string': ({ client }, hash) => client.set(hash, 'not ours'),
  'a hash without a token': async ({ client }, hash) => {
    await client.del(hash)
    await client.hset(hash, 'group', "'g", 'id', "'a", 'n', '1')
  },
  'what another version of the format wrote': ({ client }, hash) =>
    client.hset(hash, '$token', '9AAAAAAAAAAAAAAAAAAAA'),
  'what another version of the format wrote, with index members of its own': ({ client }, hash) =>
    client.hset(hash, '$token', '9AAAAAAAAAAAAAAAAAAAA', '$index', '{other}'),
  'a hash of which every field is garbage': async ({ client }, hash) => {
    for (const name of await client.hkeys(hash)) await client.hset(hash, name, 'garbage')
  },
}

eachServer((server) => {
  const open = async () => {
    const db = await connect(redis(server.options()), { Note, Secret })
    await db.setup()
    return db
  }
  const hashOf = (db: Awaited<ReturnType<typeof open>>, key: typeof a): string => String(db.Note.native(key).key)

  describe.each(Object.keys(harms))('%s at the key of an entity', (what) => {
    const harm = harms[what] as (typeof harms)[string]
    const harmed = async (): Promise<Awaited<ReturnType<typeof open>>> => {
      const db = await open()
      await db.Note.putMany([
        { ...a, n: 1 },
        { ...b, n: 1 },
      ])
      await harm(server, hashOf(db, a))
      return db
    }

    it('is CORRUPT for whoever reads it, with its key, and takes no other along', async () => {
      await using db = await harmed()
      const [first, second] = await Promise.allSettled([db.Note.get(a), db.Note.get(b)])
      expect(first).toMatchObject({ status: 'rejected', reason: { code: 'CORRUPT', entity: 'Note', key: a } })
      expect(second).toEqual({ status: 'fulfilled', value: { ...b, n: 1 } })
      for (const work of [
        () => db.Note.get(a),
        () => db.Note.getMany([a, b]),
        () => db.Note.query({ group: 'g' }).all(),
        () => db.Note.query({ group: 'g' }).select('n').all(),
        () => db.Note.query('byN', { n: 1 }).all(),
        () => db.Note.scan({ allowScan: true }).all(),
        () => db.transactGet((tx) => [tx.Note.get(a), tx.Note.get(b)]),
      ]) {
        expect(await failure(work)).toMatchObject({ code: 'CORRUPT', entity: 'Note', key: a, store: 'Redis' })
      }
    })

    it('refuses what has to judge it, and stays as it is', async () => {
      await using db = await harmed()
      const before = await server.client.dump(hashOf(db, a))
      for (const work of [
        () => db.Note.create({ ...a, n: 2 }),
        () => db.Note.update(a, (o, { set }) => set(o.n, 2)),
        () => db.Note.upsert({ ...a, n: 2 }),
        () => db.Note.put({ ...a, n: 2 }, { if: (o, { eq }) => eq(o.n, 1) }),
        () => db.Note.delete(a, { if: (o, { eq }) => eq(o.n, 1) }),
      ]) {
        expect(await failure(work)).toMatchObject({ code: 'CORRUPT', entity: 'Note', key: a, outcome: 'not committed' })
      }
      expect(await server.client.dump(hashOf(db, a))).toBe(before)
    })

    it('is replaced by a put', async () => {
      await using db = await harmed()
      await db.Note.put({ ...a, n: 2 })
      expect(await db.Note.get(a)).toEqual({ ...a, n: 2 })
      expect(await db.Note.query({ group: 'g' }).all()).toHaveLength(2)
      expect(await db.Note.query('byN', { n: 1 }).all()).toEqual([{ ...b, n: 1 }])
      expect(await db.Note.query('byN', { n: 2 }).all()).toEqual([{ ...a, n: 2 }])
    })

    it('is replaced by many and in a transaction', async () => {
      await using db = await harmed()
      await db.Note.putMany([{ ...a, n: 2 }])
      await harm(server, hashOf(db, a))
      await db.transact((tx) => [tx.Note.put({ ...a, n: 3 }), tx.Note.put({ ...b, n: 3 })])
      expect(await db.Note.query('byN', { n: 3 }).all()).toHaveLength(2)
    })

    it('is CORRUPT behind a put and a delete that return it', async () => {
      await using db = await harmed()
      const committed = { code: 'CORRUPT', entity: 'Note', key: a, outcome: 'committed' }
      expect(await failure(() => db.Note.put({ ...a, n: 2 }, { return: 'old' }))).toMatchObject(committed)
      expect(await db.Note.get(a)).toEqual({ ...a, n: 2 })
      await harm(server, hashOf(db, a))
      expect(await failure(() => db.Note.delete(a, { return: 'old' }))).toMatchObject(committed)
      expect(await server.client.exists(hashOf(db, a))).toBe(0)
    })

    it('is removed by many and in a transaction', async () => {
      await using db = await harmed()
      await db.Note.deleteMany([a])
      expect(await server.client.exists(hashOf(db, a))).toBe(0)
      await db.Note.put({ ...a, n: 1 })
      await harm(server, hashOf(db, a))
      await db.transact((tx) => [tx.Note.delete(a), tx.Note.put({ ...b, n: 3 })])
      expect(await server.client.exists(hashOf(db, a))).toBe(0)
      expect(await db.Note.query({ group: 'g' }).all()).toEqual([{ ...b, n: 3 }])
    })

    it('is removed by a delete', async () => {
      await using db = await harmed()
      await db.Note.delete(a)
      expect(await db.Note.get(a)).toBeUndefined()
      expect(await server.client.exists(hashOf(db, a))).toBe(0)
      expect(await db.Note.query({ group: 'g' }).count()).toBe(1)
      await db.Note.create({ ...a, n: 5 })
      expect(await db.Note.query('byN', { n: 5 }).all()).toHaveLength(1)
    })
  })

  it('an entity whose list of index members is none takes updates of other fields only, until a put makes it whole', async () => {
    await using db = await open()
    const until = new Date(Date.now() + 60_000)
    for (const index of ['garbage', '[', '[2:g1', '[9:g1', '[2:g11:x5:other1:y', '[3:key1:x']) {
      await db.Note.put({ ...a, n: 1 })
      await server.client.hset(hashOf(db, a), '$index', index)
      if (index !== '[') {
        const update = (): Promise<unknown> => db.Note.update(a, (o, { set }) => set(o.n, 2))
        expect(await failure(update)).toMatchObject({ code: 'CORRUPT', key: a, outcome: 'not committed' })
      }
      expect(await db.Note.update(a, (o, { set }) => set(o.until, until))).toEqual({ ...a, n: 1, until })
      await db.Note.put({ ...a, n: 3 })
      expect(await db.Note.query('byN', { n: 3 }).all()).toEqual([{ ...a, n: 3 }])
      expect(await db.Note.query('byN', { n: 1 }).all()).toEqual([])
    }
  })

  it('a write that was done all the same says so when what it should return cannot be read', async () => {
    await using db = await open()
    await db.Note.put({ ...a, n: 1 })
    await server.client.hset(hashOf(db, a), 'n', '?')
    expect(await failure(() => db.Note.delete(a, { return: 'old' }))).toMatchObject({
      code: 'CORRUPT',
      outcome: 'committed',
    })
    expect(await db.Note.get(a)).toBeUndefined()
  })

  it('what replaces an entity that expired by its moment alone does not expire with it', async () => {
    await using db = await open()
    await db.Note.put({ ...a, n: 1, until: new Date(Date.now() + 30) })
    await server.client.hdel(hashOf(db, a), '$token')
    await db.Note.put({ ...a, n: 2 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let n = 0; n < 3; n++) await db.Note.put({ ...b, n })
    expect(await db.Note.get(a)).toEqual({ ...a, n: 2 })
  })

  it('an expired one with a list of index members that is none goes with a later write', async () => {
    await using db = await open()
    await db.Note.put({ ...a, n: 1, until: new Date(Date.now() + 30) })
    await server.client.hset(hashOf(db, a), '$index', 'garbage')
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let n = 0; n < 3; n++) await db.Note.put({ ...b, n })
    expect(await server.client.exists(hashOf(db, a))).toBe(0)
  })

  it('an error of a row masks what is sensitive in its key', async () => {
    await using db = await open()
    await db.Secret.put({ id: 'hidden', n: 1 })
    await server.client.hset(String(db.Secret.native({ id: 'hidden' }).key), 'n', '?')
    for (const work of [() => db.Secret.query('byN', { n: 1 }).all(), () => db.Secret.get({ id: 'hidden' })]) {
      const error = await failure(work)
      expect(error).toMatchObject({ code: 'CORRUPT', key: { id: '[redacted]' }, path: ['n'] })
      expect(error.message).not.toMatch('hidden')
    }
  })
})
