import { connect, type Db } from '@isomodel/core'
import type { Collection, Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { Thing } from './support/thing.js'

const key = { owner: 'o', rank: 1 }
const entity = { ...key, total: 1, lines: [{ sku: 'a', quantity: 1 }] }

/** What newer versions and other programs write beside the library. */
onEachEngine((running) => {
  let db: Db<{ Thing: typeof Thing }>
  let collection: Collection<Document & { _id: string }>

  beforeAll(async () => {
    const { client, database } = running()
    const name = database()
    db = await connect(mongodb({ client, database: name }), { Thing })
    await db.setup()
    collection = client.db(name).collection('Thing')
  })
  beforeEach(async () => {
    await db.Thing.put(entity)
    await collection.updateOne({ _id: 'o#a1' }, { $set: { newer: 'kept', 'lines.0.newer': 1 } })
  })
  afterAll(() => db.close())

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

  describe('a document without a token', () => {
    beforeEach(async () => {
      await collection.updateOne({ _id: 'o#a1' }, { $unset: { _iso: '' } })
    })

    it('is CORRUPT, by its key, for whoever reads it', async () => {
      const corrupt = { code: 'CORRUPT', key, message: expect.stringContaining('"o#a1"') }
      await expect(db.Thing.get(key)).rejects.toMatchObject(corrupt)
      await expect(db.Thing.query({ owner: 'o' }).all()).rejects.toMatchObject(corrupt)
    })

    it('can be put anew and deleted', async () => {
      await db.Thing.put(entity)
      expect(await db.Thing.get(key)).toEqual(entity)
      await collection.updateOne({ _id: 'o#a1' }, { $unset: { _iso: '' } })
      await db.Thing.delete(key)
      expect(await db.Thing.get(key)).toBeUndefined()
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
