import { connect, defineEntity } from '@isomodel/core'
import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { asStandalone, wireProxy } from './support/wire-proxy.js'

const schema = z.object({ id: z.string(), n: z.int(), note: z.string().optional() })
const key = { partition: ['id'] } as const
const Plain = defineEntity({ name: 'Note', schema, key })
const Note = defineEntity({ name: 'Note', schema, key, changes: true })

onEachEngine((running) => {
  const open = async (database = running().database()) => {
    const { client } = running()
    const db = await connect(mongodb({ client, database }), { Note })
    await db.setup()
    return { db, database, collection: client.db(database).collection<{ _id: string; n?: number }>('Note') }
  }

  describe('the change feed', () => {
    it('is made of a collection that was there before', async () => {
      const { client, database } = running()
      const name = database()
      const plain = await connect(mongodb({ client, database: name }), { Plain })
      await plain.setup()
      const db = await connect(mongodb({ client, database: name }), { Note })
      expect((await db.check()).problems).toMatchObject([
        { what: 'change stream images of collection Note', found: 'not enabled', remedy: 'Run await db.setup().' },
      ])
      expect((await db.setup()).created).toContain('change stream images of collection Note')
      expect(await db.setup()).toMatchObject({ created: [] })
      expect((await db.check()).ok).toBe(true)
      await Promise.all([plain.close(), db.close()])
    })

    it('says that changes are lost when the collection is dropped', async () => {
      const { db, collection } = await open()
      await using feed = await db.changes(['Note'])
      await collection.drop()
      await expect(feed.read({ wait: 2_000 })).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await db.close()
    })

    it('gives what was written before the collection went, and then says so', async () => {
      const { db, collection } = await open()
      await using feed = await db.changes(['Note'])
      await db.Note.put({ id: 'a', n: 1 })
      await db.Note.put({ id: 'a', n: 2 })
      await collection.drop()
      const kinds: string[] = []
      const all = async () => {
        for (;;) kinds.push(...(await feed.read({ wait: 1_000 })).changes.map(({ kind }) => kind))
      }
      await expect(all()).rejects.toMatchObject({ code: 'POSITION_LOST' })
      expect(kinds).toEqual(['insert', 'update'])
      await expect(db.changes(['Note'], { after: feed.position }).then((again) => again.read())).rejects.toMatchObject({
        code: 'POSITION_LOST',
      })
      await db.close()
    })

    it('says that changes are lost when another collection takes the place', async () => {
      const { db, database } = await open()
      await using feed = await db.changes(['Note'])
      const other = running().client.db(database).collection('Other')
      await other.insertOne({ n: 1 })
      await other.rename('Note', { dropTarget: true })
      await expect(feed.read({ wait: 2_000 })).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await db.close()
    })

    it('says that changes are lost when the database is dropped', async () => {
      const { db, database } = await open()
      await using feed = await db.changes(['Note'])
      await running().client.db(database).dropDatabase()
      await expect(feed.read({ wait: 2_000 })).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await db.close()
    })

    it('takes up no more at once than it is told to, from the first read on', async () => {
      const { db } = await open()
      const { position } = await db.changes(['Note'])
      for (let n = 0; n < 7; n++) await db.Note.put({ id: `${n}`, n })
      await using feed = await db.changes(['Note'], { after: position })
      const sizes: number[] = []
      for (let at = 0; at < 10 && sizes.reduce((sum, size) => sum + size, 0) < 7; at++) {
        sizes.push((await feed.read({ limit: 3, wait: 500 })).changes.length)
      }
      expect(Math.max(...sizes)).toBeLessThanOrEqual(3)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(7)
      await db.close()
    })

    it('refuses the position of another database', async () => {
      const [one, two] = await Promise.all([open(), open()])
      const { position } = await one.db.changes(['Note'])
      await expect(two.db.changes(['Note'], { after: position })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
      await Promise.all([one.db.close(), two.db.close()])
    })

    it('throws once for what other code wrote, and goes on behind it', async () => {
      const { db, collection } = await open()
      await using feed = await db.changes(['Note'])
      await db.Note.put({ id: 'a', n: 1 })
      await collection.insertOne({ _id: 'Note#b', n: 1 })
      await db.Note.put({ id: 'a', n: 2 })
      const kinds: unknown[] = []
      for (let at = 0; at < 20 && kinds.length < 3; at++) {
        await feed.read({ wait: 500 }).then(
          ({ changes }) => kinds.push(...changes.map(({ kind }) => kind)),
          (error) => kinds.push(error.code),
        )
      }
      expect(kinds).toEqual(['insert', 'CORRUPT', 'update'])
      await db.close()
    })

    it('goes on when its cursor is gone', async () => {
      const { db } = await open()
      const { client } = running()
      await using feed = await db.changes(['Note'])
      await feed.read()
      const { cursors } = await killCursors(client, db.Note.native().db.databaseName)
      expect(cursors).toBeGreaterThanOrEqual(0)
      await db.Note.put({ id: 'a', n: 1 })
      const { changes } = await feed.read({ wait: 2_000 })
      expect(changes).toMatchObject([{ kind: 'insert' }])
      await db.close()
    })

    it('is refused on a standalone server, which says what would have it', async () => {
      await using standalone = await wireProxy(running().engine.address, { hello: asStandalone })
      await using own = new MongoClient(standalone.address)
      const options = { client: own, database: running().database(), transactions: false } as const
      await expect(connect(mongodb(options), { Note })).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringContaining('rs.initiate()'),
      })
      const db = await connect(mongodb({ ...options, changes: false }), { Note })
      await db.setup()
      // @ts-expect-error it is told that there is none
      await expect(db.changes(['Note'])).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      await db.close()
    })
  })
})

/** Ends every cursor of a feed that the server would name; servers that name none keep theirs. */
async function killCursors(client: MongoClient, database: string): Promise<{ readonly cursors: number }> {
  const admin = client.db('admin')
  const found = await admin
    .aggregate([{ $currentOp: { idleCursors: true } }, { $match: { type: 'idleCursor' } }])
    .toArray()
    .catch(() => [])
  const ids = found.flatMap((one) => (one.cursor?.cursorId === undefined ? [] : [one.cursor.cursorId]))
  if (ids.length > 0) await client.db(database).command({ killCursors: '$cmd.aggregate', cursors: ids })
  return { cursors: ids.length }
}
