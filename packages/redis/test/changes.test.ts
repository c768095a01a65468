import { connect, defineEntity } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { redis } from '../src/index.js'
import { eachServer } from './support/server.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int(), until: z.date().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'] } },
  ttl: 'until',
  changes: true,
})
/** The same entities, for a process that keeps no feed. */
const Silent = defineEntity({
  name: 'Note',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int(), until: z.date().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'] } },
  ttl: 'until',
})

eachServer((server) => {
  const open = async (more = {}) => {
    const options = server.options(more)
    const store = redis(options)
    const db = await connect(store, { Note })
    await db.setup()
    return { options, store, db, stream: `${options.namespace}:{0}:feed` }
  }
  const a = { group: 'g', id: 'a' }

  describe('the change feed', () => {
    it('tells what a sweep removes, and what a later write takes along', async () => {
      const { db, store } = await open()
      const until = new Date(Date.now() + 40)
      await using feed = await db.changes(['Note'])
      await db.Note.putMany([
        { ...a, n: 1, until },
        { group: 'g', id: 'b', n: 2, until },
      ])
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(await store.sweep()).toBe(2)
      const { changes } = await feed.read({ wait: 2_000 })
      expect(changes.map(({ kind, key }) => [kind, key.id]).sort()).toEqual([
        ['expire', 'a'],
        ['expire', 'b'],
        ['insert', 'a'],
        ['insert', 'b'],
      ])
      const soon = new Date(Date.now() + 40)
      await db.Note.put({ ...a, n: 3, until: soon })
      await new Promise((resolve) => setTimeout(resolve, 60))
      // The first write learns what is due, the second takes it along.
      await db.Note.put({ group: 'g', id: 'c', n: 4 })
      await db.Note.put({ group: 'g', id: 'd', n: 5 })
      const later = await feed.read({ wait: 2_000 })
      expect(later.changes.map(({ kind, key }) => [kind, key.id])).toContainEqual(['expire', 'a'])
      await db.close()
    })

    it('says that changes are lost when they were trimmed', async () => {
      const { db, stream } = await open()
      await using feed = await db.changes(['Note'])
      await db.Note.put({ ...a, n: 1 })
      await feed.read({ wait: 2_000 })
      const { position } = feed
      for (const n of [2, 3, 4]) await db.Note.put({ ...a, n })
      await server.client.xtrim(stream, 'MAXLEN', 1)
      await expect(feed.read()).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await expect(db.changes(['Note'], { after: position })).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await db.close()
    })

    it('goes on where what was trimmed had been read', async () => {
      const { db, stream } = await open()
      await using feed = await db.changes(['Note'])
      for (const n of [1, 2, 3]) await db.Note.put({ ...a, n })
      await feed.read({ wait: 2_000 })
      await server.client.xtrim(stream, 'MAXLEN', 0)
      await db.Note.put({ ...a, n: 4 })
      expect((await feed.read({ wait: 2_000 })).changes).toMatchObject([{ kind: 'update', new: { n: 4 } }])
      await db.close()
    })

    it('says that changes are lost when the stream or the namespace is another', async () => {
      const { db, options, stream } = await open()
      const feed = await db.changes(['Note'])
      await db.Note.put({ ...a, n: 1 })
      await feed.read({ wait: 2_000 })
      await server.client.del(stream)
      await expect(feed.read()).rejects.toMatchObject({ code: 'POSITION_LOST', store: 'Redis' })
      await server.client.del(`${options.namespace}:layout`)
      const other = await connect(redis(options), { Note })
      await other.setup()
      await expect(other.changes(['Note'], { after: feed.position })).rejects.toMatchObject({ code: 'POSITION_LOST' })
      await Promise.all([db.close(), other.close()])
    })

    it('throws once for what it cannot read, and goes on behind it', async () => {
      const { db, stream } = await open()
      await using feed = await db.changes(['Note'])
      await db.Note.put({ ...a, n: 1 })
      const before = feed.position
      await server.client.xadd(stream, '*', 'm', 'Note#g!Note#b', 't', '1', 'o', '', 'n', '[9:garbage', 'x', '')
      await db.Note.put({ ...a, n: 2 })
      const first = await feed.read({ wait: 2_000 })
      expect(first.changes).toMatchObject([{ kind: 'insert', new: { n: 1 } }])
      // What cannot be read is not behind it yet.
      expect(first.position).toBe(before)
      await expect(feed.read()).rejects.toMatchObject({ code: 'CORRUPT', key: { group: 'g', id: 'b' } })
      expect((await feed.read()).changes).toMatchObject([{ kind: 'update', new: { n: 2 } }])
      expect(feed.position).not.toBe(before)
      await db.close()
    })

    it('keeps what it is told to keep, and no more', async () => {
      const { db, stream } = await open({ keepChanges: 1 })
      for (let n = 0; n < 600; n++) await db.Note.put({ ...a, n })
      expect(await server.client.xlen(stream)).toBeLessThan(600)
      await db.close()
    })

    it('fails a write as a whole where something else lies at its key', async () => {
      const { db, stream } = await open()
      await server.client.set(stream, 'not ours')
      await expect(db.Note.put({ ...a, n: 1 })).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        outcome: 'not committed',
      })
      await expect(db.transact((t) => [t.Note.put({ ...a, n: 1 })])).rejects.toMatchObject({ outcome: 'not committed' })
      expect(await db.Note.get(a)).toBeUndefined()
      await db.close()
    })

    it('has nothing of a process whose model keeps none', async () => {
      const { db, options, stream } = await open()
      const silent = await connect(redis(options), { Silent })
      await silent.Silent.put({ ...a, n: 1 })
      await silent.Silent.delete(a)
      expect(await server.client.xlen(stream)).toBe(0)
      await Promise.all([db.close(), silent.close()])
    })

    it('refuses a keepChanges that is no time', () => {
      expect(() => redis({ keepChanges: 0 })).toThrow(/keepChanges is 0; it is a number of milliseconds above 0/)
    })
  })
})
