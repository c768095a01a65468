import { UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import { connect, defineEntity } from '@isomodel/core'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { dynamodb } from '../src/index.js'
import { engineNames, runEngine } from './support/engines.js'

const schema = z.object({ id: z.string(), n: z.int() })
const key = { partition: ['id'] } as const
const Plain = defineEntity({ name: 'Note', schema, key })
const Note = defineEntity({ name: 'Note', schema, key, changes: true })
const Named = defineEntity({
  name: 'Named',
  schema: z.object({ id: z.string(), email: z.string() }),
  key,
  uniques: { byEmail: ['email'] },
  changes: true,
})
const Other = defineEntity({ name: 'Other', schema, key, changes: true })

let tables = 0
const tableName = (): string => `changes-${process.pid}-${++tables}`

describe.each(engineNames)('the change feed on %s', (name) => {
  const running = runEngine(name)

  it('is made of a table that was there before', async () => {
    const { client } = running()
    const table = tableName()
    const plain = await connect(dynamodb({ client, table }), { Plain })
    await plain.setup()
    const db = await connect(dynamodb({ client, table }), { Note })
    expect((await db.check()).problems).toMatchObject([{ what: `stream of table ${table}`, found: 'none' }])
    await expect(db.changes(['Note'])).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringContaining('db.setup()'),
    })
    expect((await db.setup()).created).toEqual([`stream of table ${table}`])
    expect((await db.setup()).created).toEqual([])
    expect((await db.check()).ok).toBe(true)
    await using feed = await db.changes(['Note'])
    await db.Note.put({ id: 'a', n: 1 })
    expect((await feed.read({ wait: 5_000 })).changes).toMatchObject([{ kind: 'insert', new: { n: 1 } }])
  })

  it('is refused on a table whose stream holds less', async () => {
    const { client } = running()
    const table = tableName()
    const plain = await connect(dynamodb({ client, table }), { Plain })
    await plain.setup()
    await client.send(
      new UpdateTableCommand({
        TableName: table,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      }),
    )
    const db = await connect(dynamodb({ client, table }), { Note })
    expect((await db.check()).problems).toMatchObject([{ what: `stream of table ${table}`, found: 'KEYS_ONLY' }])
    await expect(db.setup()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    await expect(db.changes(['Note'])).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  })

  it('says that changes are lost when the stream is another', async () => {
    const { client } = running()
    const table = tableName()
    const db = await connect(dynamodb({ client, table }), { Note })
    await db.setup()
    const feed = await db.changes(['Note'])
    await client.send(new UpdateTableCommand({ TableName: table, StreamSpecification: { StreamEnabled: false } }))
    // A stream is named by its second.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await db.setup()
    await expect(db.changes(['Note'], { after: feed.position })).rejects.toMatchObject({ code: 'POSITION_LOST' })
  })

  // dynoxide goes on giving the shards of such a stream.
  const where = name === 'dynamodb-local' ? it : undefined
  where?.('says that changes are lost once the stream is turned off', async () => {
    const { client } = running()
    const table = tableName()
    const db = await connect(dynamodb({ client, table }), { Note })
    await db.setup()
    await using feed = await db.changes(['Note'])
    await client.send(new UpdateTableCommand({ TableName: table, StreamSpecification: { StreamEnabled: false } }))
    await expect(feed.read({ wait: 2_000 })).rejects.toMatchObject({ code: 'POSITION_LOST' })
  })

  it('refuses a moment that the stream does not reach back to', async () => {
    const { client } = running()
    const db = await connect(dynamodb({ client, table: tableName() }), { Note })
    await db.setup()
    const now = Date.now()
    vi.useFakeTimers({ now: now - 86_400_000, toFake: ['Date'] })
    const { position } = await db.changes(['Note']).finally(() => vi.useRealTimers())
    await using feed = await db.changes(['Note'], { after: position })
    await expect(feed.read()).rejects.toMatchObject({ code: 'POSITION_LOST' })
  })

  it('has nothing of the library itself, which lies in the same table', async () => {
    const { client } = running()
    const db = await connect(dynamodb({ client, table: tableName() }), { Named })
    await db.setup()
    await using feed = await db.changes(['Named'])
    await db.transact((t) => [t.Named.create({ id: 'a', email: 'a@x' })], { token: 'payment-1' })
    await db.Named.update({ id: 'a' }, { email: 'b@x' })
    await db.Named.delete({ id: 'a' })
    const found: string[] = []
    for (let at = 0; at < 10 && found.length < 3; at++) {
      const { changes } = await feed.read({ wait: 1_000 })
      found.push(...changes.map(({ entity, kind }) => `${kind} ${entity}`))
    }
    expect(found).toEqual(['insert Named', 'update Named', 'delete Named'])
  })

  it('follows entities in tables of their own, each by its stream', async () => {
    const { client } = running()
    const prefix = tableName()
    const db = await connect(dynamodb({ client, table: (entity) => `${prefix}-${entity}` }), { Note, Other })
    await db.setup()
    const { position } = await db.changes(['Note', 'Other'])
    await db.Note.put({ id: 'a', n: 1 })
    await db.Other.put({ id: 'b', n: 2 })
    await using feed = await db.changes(['Note', 'Other'], { after: position })
    const found: string[] = []
    for (let at = 0; at < 10 && found.length < 2; at++) {
      const { changes } = await feed.read({ wait: 1_000 })
      found.push(...changes.map(({ entity, kind }) => `${kind} ${entity}`))
    }
    expect(found.sort()).toEqual(['insert Note', 'insert Other'])
  })
})
