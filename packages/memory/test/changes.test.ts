import { connect, defineEntity } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { memory } from '../src/index.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ id: z.int(), n: z.int(), until: z.date().optional() }),
  key: { partition: ['id'] },
  ttl: 'until',
  changes: true,
})

async function open() {
  const store = memory()
  const db = await connect(store, { Note })
  return { store, db }
}

describe('the change feed of memory()', () => {
  it('tells what a sweep removes', async () => {
    const { store, db } = await open()
    await using feed = await db.changes(['Note'])
    const until = new Date(Date.now() + 1_000)
    await db.Note.put({ id: 1, n: 1, until })
    expect(store.sweep(until.getTime())).toBe(1)
    expect((await feed.read()).changes).toMatchObject([
      { kind: 'insert', new: { n: 1 } },
      { kind: 'expire', old: { n: 1 }, at: until },
    ])
  })

  it('says that changes are lost behind the latest 10,000, and behind restore()', async () => {
    const { store, db } = await open()
    const feed = await db.changes(['Note'])
    for (let n = 0; n <= 20_000; n++) await db.Note.put({ id: 1, n })
    await expect(feed.read()).rejects.toMatchObject({ code: 'POSITION_LOST' })
    const late = await db.changes(['Note'])
    store.restore(store.snapshot())
    await expect(late.read()).rejects.toMatchObject({ code: 'POSITION_LOST' })
    await expect(db.changes(['Note'], { after: late.position })).rejects.toMatchObject({ code: 'POSITION_LOST' })
  })

  it('gives copies', async () => {
    const { db } = await open()
    await using feed = await db.changes(['Note'])
    await db.Note.put({ id: 1, n: 1, until: new Date(9e12) })
    const { changes } = await feed.read()
    for (const { new: left } of changes) left?.until?.setTime(0)
    expect(await db.Note.get({ id: 1 })).toMatchObject({ until: new Date(9e12) })
  })
})
