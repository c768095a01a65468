import { connect, defineEntity } from '@isomodel/core'
import { newToken, type Values } from '@isomodel/core/driver'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { BsonObject } from '../src/bson.js'
import { EntityCollection } from '../src/collection.js'
import { mongodb } from '../src/index.js'
import { checkDocument, checkValue, serviceLimits } from '../src/limits.js'
import { onEachEngine } from './support/engines.js'

type Tree = { readonly next?: Tree | undefined }
const tree = z.object({
  get next(): z.ZodOptional<z.ZodType<Tree>> {
    return tree.optional()
  },
})

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ id: z.string(), short: z.string(), long: z.string(), tree: tree.optional() }),
  key: { partition: ['id'] },
  indexes: { byLong: { partition: ['short'], sort: ['long'] } },
})

const MIB = 1024 * 1024
const levels = (count: number): Tree => (count === 0 ? {} : { next: levels(count - 1) })

onEachEngine((running) => {
  const open = async (more: object = {}) => {
    const { client, database } = running()
    const db = await connect(mongodb({ client, database: database(), ...more }), { Note })
    await db.setup()
    return db
  }

  it('holds documents up to 16 MiB, and refuses larger ones before they are sent', async () => {
    await using db = await open()
    const fits = { id: 'n', short: 's', long: 'x'.repeat(16 * MIB - 200) }
    await db.Note.put(fits)
    expect((await db.Note.get({ id: 'n' }))?.long.length).toBe(fits.long.length)
    const failed = await db.Note.put({ ...fits, long: 'x'.repeat(16 * MIB) }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['long'], outcome: 'not committed' })
    expect((failed as Error).message).toMatch(
      /long: has \d+ of the entity's \d+ bytes, and MongoDB takes 16777216\. Split the entity/,
    )
    const value = await db.Note.update({ id: 'n' }, { long: 'x'.repeat(17 * MIB) }).catch((error: unknown) => error)
    expect(value).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['long'] })
  })

  it('reads more than one reply can hold', async () => {
    await using db = await open()
    await db.setup()
    const ids = Array.from({ length: 4 }, (_, at) => `n${at}`)
    await db.Note.putMany(ids.map((id) => ({ id, short: 's', long: `${id}${'x'.repeat(6 * MIB)}` })))
    const notes = await db.Note.getMany(ids.map((id) => ({ id })))
    expect(notes.map((note) => note?.id)).toEqual(ids)
    expect((await db.Note.query('byLong', { short: 's' }).all()).map(({ id }) => id)).toEqual(ids)
  })

  it('holds what is nested 100 levels deep', async () => {
    await using db = await open()
    const note = { id: 'n', short: 's', long: 'l', tree: levels(98) }
    await db.Note.put(note)
    expect(await db.Note.get({ id: 'n' })).toEqual(note)
  })

  it('keeps to the index entries of Amazon DocumentDB', async () => {
    await using db = await open({ service: 'documentdb' })
    await db.Note.put({ id: 'n', short: 's', long: 'x'.repeat(1_900) })
    await expect(db.Note.put({ id: 'n', short: 's', long: 'x'.repeat(2_048) })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['long'],
      message: expect.stringMatching(/index byLong, and Amazon DocumentDB takes 2048\. Use shorter values/),
    })
    await expect(db.Note.put({ id: 'x'.repeat(2_048), short: 's', long: 'l' })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['id'],
    })
  })
})

it('refuses what is nested deeper', () => {
  const collection = new EntityCollection(Note.model, '')
  const document = (depth: number): BsonObject =>
    collection.codec.encode({ id: 'n', short: 's', long: 'l', tree: levels(depth) as Values }, newToken())
  expect(checkDocument(collection, document(98), serviceLimits.mongodb)).toBeGreaterThan(500)
  expect(() => checkDocument(collection, document(99), serviceLimits.mongodb)).toThrow(
    expect.objectContaining({
      code: 'LIMIT_EXCEEDED',
      path: ['tree'],
      message: expect.stringMatching(/^tree: makes the entity 101 levels deep, and MongoDB takes 100\. Flatten it/),
    }),
  )
  const tree = document(99).tree as BsonObject
  expect(() => checkValue('tree', tree, 1, serviceLimits.mongodb)).toThrow(/101 levels deep/)
})
