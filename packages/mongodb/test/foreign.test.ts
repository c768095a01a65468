import { connect, type Db, defineEntity } from '@isomodel/core'
import type { Collection, Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { Thing } from './support/thing.js'

const key = { owner: 'o', rank: 1 }
/** A token as another version of the format would write it. */
const OTHER_VERSION = '9AAAAAAAAAAAAAAAAAAAA'
const entity = { ...key, total: 1, lines: [{ sku: 'a', quantity: 1 }] }

/** The same collection, of a model that shows revisions. */
const Revised = defineEntity({
  name: 'Thing',
  schema: z.object({ owner: z.string(), rank: z.number(), total: z.int() }),
  key: { partition: ['owner'], sort: ['rank'] },
  revision: true,
})

/** What newer versions and other programs write beside the library. */
onEachEngine((running) => {
  let db: Db<{ Thing: typeof Thing }, unknown, 'transact:store'>
  let revised: Db<{ Revised: typeof Revised }>
  let collection: Collection<Document & { _id: string }>

  beforeAll(async () => {
    const { client, database } = running()
    const name = database()
    db = await connect(mongodb({ client, database: name }), { Thing })
    await db.setup()
    revised = await connect(mongodb({ client, database: name }), { Revised })
    collection = client.db(name).collection('Thing')
  })
  beforeEach(async () => {
    await db.Thing.put(entity)
    await collection.updateOne({ _id: 'o#a1' }, { $set: { newer: 'kept', 'lines.0.newer': 1 } })
  })
  afterAll(() => Promise.all([db.close(), revised.close()]))

  describe('fields that the schema does not name', () => {
    it('are not shown', async () => {
      expect(await db.Thing.get(key)).toEqual(entity)
      expect(await db.Thing.query({ owner: 'o' }).all()).toEqual([entity])
    })

    it('survive an update by one command', async () => {
      expect(await db.Thing.update(key, (o, { add }) => [add(o.total, 1)])).toEqual({ ...entity, total: 2 })
      expect(await collection.findOne()).toMatchObject({ total: 2, newer: 'kept', lines: [{ sku: 'a', newer: 1 }] })
    })

    it('survive an update that reads first, and are not shown by it', async () => {
      const updated = await db.Thing.update(key, (o, { setIfAbsent }) => [setIfAbsent(o.text, 'x')])
      expect(updated).toEqual({ ...entity, text: 'x' })
      expect(await collection.findOne()).toMatchObject({ text: 'x', newer: 'kept', lines: [{ sku: 'a', newer: 1 }] })
      const old = await db.Thing.update(key, (o, { setIfAbsent }) => [setIfAbsent(o.text, 'y')], { return: 'old' })
      expect(old).toEqual({ ...entity, text: 'x' })
    })

    it('end with a put', async () => {
      await db.Thing.put(entity)
      expect(await collection.findOne()).not.toHaveProperty('newer')
    })
  })

  describe.each<[what: string, change: Document]>([
    ['without a token', { $unset: { _iso: '' } }],
    ['whose token is garbage', { $set: { '_iso.token': 'zz' } }],
    ['whose token is no text', { $set: { '_iso.token': { a: 1 } } }],
    ['whose hidden field is another', { $set: { _iso: 'zz' } }],
    ['of another version of the format', { $set: { '_iso.token': OTHER_VERSION } }],
    ['of another version, expired', { $set: { '_iso.token': OTHER_VERSION, expiresAt: new Date(5) } }],
  ])('a document %s', (_, change) => {
    const harm = (): Promise<unknown> => collection.updateOne({ _id: 'o#a1' }, change)
    beforeEach(harm)

    it('is CORRUPT, by its key, for whoever reads it', async () => {
      const corrupt = { code: 'CORRUPT', key, message: expect.stringContaining('"o#a1"') }
      await expect(db.Thing.get(key)).rejects.toMatchObject(corrupt)
      if (change.$set?.expiresAt === undefined)
        await expect(db.Thing.query({ owner: 'o' }).all()).rejects.toMatchObject(corrupt)
    })

    it('is CORRUPT, and stays as it is, for a write that asks something of it or leaves some of it', async () => {
      const before = await collection.findOne()
      for (const work of [
        () => db.Thing.create(entity),
        () => db.Thing.update(key, { total: 2 }),
        () => db.Thing.update(key, { total: 2 }, { return: 'none' }),
        () => db.Thing.update(key, (o, { setIfAbsent }) => [setIfAbsent(o.text, 'x')]),
        () => db.Thing.update(key, { total: 2 }, { if: (o, { eq }) => eq(o.total, 1) }),
        () => db.Thing.upsert({ ...entity, total: 2 }),
        () => db.Thing.upsert({ ...entity, total: 2 }, { return: 'old' }),
        () => db.Thing.put({ ...entity, total: 2 }, { if: (o, { eq }) => eq(o.total, 1) }),
        () => db.Thing.put({ ...entity, total: 2 }, { if: (o, { eq }) => eq(o.total, 1), return: 'old' }),
        () => revised.Revised.put({ ...key, total: 2 }, { ifRevision: OTHER_VERSION }),
        () => db.Thing.delete(key, { if: (o, { eq }) => eq(o.total, 1) }),
        () => revised.Revised.delete(key, { ifRevision: OTHER_VERSION }),
        () => db.transact((tx) => [tx.Thing.update(key, { total: 2 }), tx.Thing.put({ ...entity, rank: 2 })]),
      ]) {
        await expect(work(), String(work)).rejects.toMatchObject({ code: 'CORRUPT', key, outcome: 'not committed' })
        expect(await collection.findOne(), String(work)).toEqual(before)
      }
      expect(await collection.countDocuments()).toBe(1)
    })

    it('can be put anew and deleted, alone, with others and in a transaction', async () => {
      for (const put of [
        () => db.Thing.put(entity),
        () => db.Thing.putMany([entity]),
        () => db.transact((tx) => [tx.Thing.put(entity), tx.Thing.delete({ owner: 'o', rank: 2 })]),
      ]) {
        await harm()
        await put()
        expect(await db.Thing.get(key)).toEqual(entity)
      }
      for (const remove of [
        () => db.Thing.delete(key),
        () => db.Thing.deleteMany([key]),
        () => db.transact((tx) => [tx.Thing.delete(key), tx.Thing.delete({ owner: 'o', rank: 2 })]),
      ]) {
        await db.Thing.put(entity)
        await harm()
        await remove()
        expect(await collection.findOne()).toBeNull()
      }
    })

    it('is CORRUPT behind a put and a delete that return it', async () => {
      const committed = { code: 'CORRUPT', outcome: 'committed' }
      await expect(db.Thing.put({ ...entity, total: 3 }, { return: 'old' })).rejects.toMatchObject(committed)
      expect(await db.Thing.get(key)).toEqual({ ...entity, total: 3 })
      await harm()
      await expect(db.Thing.delete(key, { return: 'old' })).rejects.toMatchObject(committed)
      expect(await collection.findOne()).toBeNull()
    })

    it('leaves its neighbours of a batch readable', async () => {
      await db.Thing.put({ ...entity, rank: 2 })
      const failed = await db.Thing.getMany([{ owner: 'o', rank: 2 }, key]).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(Error)
      expect(await db.Thing.get({ owner: 'o', rank: 2 })).toEqual({ ...entity, rank: 2 })
      await db.Thing.delete({ owner: 'o', rank: 2 })
    })
  })
})
