import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { connect, defineEntity } from '@isomodel/core'
import { type BatchOp, newToken, type Stored, type Values, type WriteOp } from '@isomodel/core/driver'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type DynamodbNative, dynamodb } from '../src/index.js'
import { fieldsBytes } from '../src/size.js'
import { engineNames, runEngine } from './support/engines.js'
import { type Opened, open } from './support/open.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({
    owner: z.string(),
    id: z.int(),
    text: z.string().optional(),
    more: z.string().optional(),
    amount: z.number().optional(),
    hits: z.int().optional(),
    topic: z.string().optional(),
    until: z.date().nullable().optional(),
  }),
  key: { partition: ['owner'], sort: ['id'] },
  indexes: { byTopic: { partition: ['topic'], sort: ['amount'] } },
  ttl: 'until',
})
const entity = Note.model
const key = { owner: 'o', id: 1 }

function base(): {
  readonly entity: typeof entity
  readonly key: typeof key
  readonly token: string
  readonly now: number
  readonly returning: 'none'
} {
  return { entity, key, token: newToken(), now: 0, returning: 'none' }
}
const putOf = (values: Values): WriteOp => ({
  ...base(),
  kind: 'put',
  guard: { exists: 'any' },
  values: { ...key, ...values },
})

/** The key as it lies in the table. */
function keyIn(db: Opened): Record<'pk' | 'sk', { readonly S: string }> {
  const { key: text } = db.driver.native(entity, key) as DynamodbNative
  return { pk: { S: text?.pk ?? '' }, sk: { S: text?.sk ?? '' } }
}

describe.each(engineNames)('items on %s', (name) => {
  const running = runEngine(name)

  async function itemOf(db: Opened): Promise<Record<string, unknown>> {
    const { Item: item } = await running().client.send(new GetItemCommand({ TableName: db.table, Key: keyIn(db) }))
    return item ?? {}
  }
  const stored = async (db: Opened): Promise<Stored | undefined | 'throttled'> =>
    (await db.driver.get([{ entity, key }], db.strong))[0]

  it('lie in the table as the README shows', async () => {
    await using db = await open(running().client, [Note])
    const op = putOf({ text: 'x', topic: 't#1', amount: 2.5, until: new Date(4_102_444_800_001) })
    await db.driver.write(op, db.call)
    expect(await itemOf(db)).toEqual({
      pk: { S: 'Note#o' },
      sk: { S: expect.stringMatching(/^Note#/) },
      gsi1pk: { S: 'Note#t$231' },
      gsi1sk: { S: expect.stringMatching(/^Note#[^#]+#o#/) },
      _entity: { S: 'Note' },
      _token: { S: op.token },
      _ttl: { N: '4102444801' },
      owner: { S: 'o' },
      id: { N: '1' },
      text: { S: 'x' },
      topic: { S: 't#1' },
      amount: { N: '2.5' },
      until: { N: '4102444800001' },
    })
  })

  it('are as large as DynamoDB takes, to the byte', async () => {
    await using db = await open(running().client, [Note])
    await db.driver.write(putOf({ text: '' }), db.call)
    const { text: _, ...rest } = (await itemOf(db)) as Parameters<typeof fieldsBytes>[0]
    const room = 409_600 - fieldsBytes(rest) - 'text'.length
    const fits = putOf({ text: 'x'.repeat(room) })
    await db.driver.write(fits, db.call)
    expect(await stored(db)).toMatchObject({ token: fits.token })
    db.look()
    await expect(db.driver.write(putOf({ text: 'x'.repeat(room + 1) }), db.call)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['text'],
    })
    expect(db.look()).toEqual([])
    // What is stored already counts as well, and only DynamoDB knows it.
    const grow: WriteOp = {
      ...base(),
      kind: 'update',
      guard: { exists: 'present' },
      changes: [{ op: 'set', path: ['more'], value: 'y' }],
    }
    await expect(db.driver.write(grow, db.call)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      outcome: 'not committed',
    })
    expect(await stored(db)).toMatchObject({ token: fits.token })
  })

  it('keep what a newer model wrote beside ours, also through a read and a guarded write', async () => {
    const { client } = running()
    await using db = await open(client, [Note])
    await db.driver.write(putOf({ amount: 0.1 }), db.call)
    await client.send(
      new UpdateItemCommand({
        TableName: db.table,
        Key: keyIn(db),
        UpdateExpression: 'SET newer = :set, gsi9pk = :text',
        ExpressionAttributeValues: { ':set': { SS: ['_', 'x'] }, ':text': { S: 't' } },
      }),
    )
    for (const change of [
      { op: 'add', path: ['amount'], value: 0.2 },
      { op: 'add', path: ['hits'], value: 1 },
    ] as const) {
      const outcome = await db.driver.write(
        { ...base(), kind: 'update', guard: { exists: 'present' }, changes: [change] },
        db.call,
      )
      expect(outcome).toEqual({ status: 'done' })
    }
    expect(await itemOf(db)).toMatchObject({
      newer: { SS: expect.arrayContaining(['_', 'x']) },
      gsi9pk: { S: 't' },
      amount: { N: '0.30000000000000004' },
      hits: { N: '1' },
    })
  })

  it('move the TTL attribute with the field', async () => {
    await using db = await open(running().client, [Note])
    await db.driver.write(putOf({ until: new Date(4_102_444_800_000) }), db.call)
    const set = (value: Date | null): WriteOp => ({
      ...base(),
      kind: 'update',
      guard: { exists: 'present' },
      changes: [{ op: 'set', path: ['until'], value }],
    })
    expect((await itemOf(db))._ttl).toEqual({ N: '4102444800' })
    await db.driver.write(set(new Date(4_102_444_800_001)), db.call)
    expect((await itemOf(db))._ttl).toEqual({ N: '4102444801' })
    await db.driver.write(set(null), db.call)
    expect(await itemOf(db)).not.toHaveProperty('_ttl')
  })

  it('that something else wrote are CORRUPT, not a crash', async () => {
    const { client } = running()
    await using db = await open(client, [Note])
    const mine = { ...keyIn(db), owner: { S: 'o' }, id: { N: '1' } }
    await client.send(new PutItemCommand({ TableName: db.table, Item: mine }))
    await expect(stored(db)).rejects.toMatchObject({ code: 'CORRUPT' })
    await client.send(
      new PutItemCommand({
        TableName: db.table,
        Item: { ...mine, _token: { S: newToken() }, text: { BS: [new Uint8Array(1)] } },
      }),
    )
    await expect(stored(db)).rejects.toMatchObject({ code: 'CORRUPT', path: ['text'], entity: 'Note' })
    // A write that was asked for the old entity is done, and says so.
    const op: WriteOp = { ...base(), kind: 'delete', guard: { exists: 'any' }, returning: 'old' }
    await expect(db.driver.write(op, db.call)).rejects.toMatchObject({ code: 'CORRUPT', outcome: 'committed' })
    expect(await stored(db)).toBeUndefined()
  })

  it('travel in batches of the store, each by itself', async () => {
    await using db = await open(running().client, [Note])
    const ops = Array.from({ length: 25 }, (_, id): BatchOp => {
      const own = { owner: 'batch', id }
      const op = { ...base(), key: own, guard: { exists: 'any' } } as const
      if (id === 3) return { ...op, kind: 'put', values: { ...own, text: 'x'.repeat(500_000) } }
      return id === 4 ? { ...op, kind: 'delete' } : { ...op, kind: 'put', values: { ...own, hits: id } }
    })
    const outcomes = await db.driver.writeBatch(ops, db.call)
    expect(outcomes.map(({ status }) => status)).toEqual(ops.map((_, id) => (id === 3 ? 'failed' : 'done')))
    expect(outcomes[3]).toMatchObject({ error: { code: 'LIMIT_EXCEEDED' } })
    expect(db.look()).toMatchObject([{ command: 'BatchWriteItem', reply: { capacity: { write: expect.any(Number) } } }])
    const requests = Array.from({ length: 100 }, (_, id) => ({ entity, key: { owner: 'batch', id: 99 - id } }))
    const found = await db.driver.get(requests, db.strong)
    expect(found.map((each) => (each as Stored | undefined)?.values.hits)).toEqual(
      requests.map(({ key: { id } }) => (id < 25 && id !== 3 && id !== 4 ? id : undefined)),
    )
    expect(db.look()).toMatchObject([{ command: 'BatchGetItem', reply: { capacity: { read: expect.any(Number) } } }])
  })

  it('count exactly under concurrency, in one request each and in two', async () => {
    await using db = await open(running().client, [Note])
    await db.driver.write(putOf({ hits: 0, amount: 0 }), db.call)
    db.look()
    const add = (path: string): WriteOp => ({
      ...base(),
      kind: 'update',
      guard: { exists: 'present' },
      changes: [{ op: 'add', path: [path], value: 1 }],
    })
    await Promise.all(Array.from({ length: 50 }, () => db.driver.write(add('hits'), db.call)))
    expect(db.look()).toHaveLength(50)
    // Not an integer by its schema: read, add, and write under the token.
    await Promise.all(Array.from({ length: 12 }, () => db.driver.write(add('amount'), db.call)))
    expect(await stored(db)).toMatchObject({ values: { hits: 50, amount: 12 } })
  })

  it('are refused like any other when a record has a key __proto__', async () => {
    const Bag = defineEntity({
      name: 'Bag',
      schema: z.object({ id: z.string(), things: z.record(z.string(), z.int()) }),
      key: { partition: ['id'] },
    })
    const table = `proto-${process.pid}-${name}`
    await using db = await connect(dynamodb({ client: running().client, table }), { Bag })
    await db.setup()
    const things = JSON.parse('{"__proto__":1,"__proto___":2,"_":3,"":4}')
    await db.Bag.create({ id: '1', things })
    await expect(db.Bag.create({ id: '1', things: {} })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    const guarded = db.Bag.delete({ id: '1' }, { if: (o, { eq, at }) => eq(at(o.things, '__proto__'), 2) })
    await expect(guarded).rejects.toMatchObject({ code: 'CONDITION_FAILED' })
    expect(Object.entries((await db.Bag.get({ id: '1' }))?.things ?? {}).sort()).toEqual(Object.entries(things).sort())
  })

  it('can be read and written by the client that native gives, whatever client it was made from', async () => {
    const { client, engine } = running()
    const table = `native-${process.pid}-${name}`
    const settings = {
      endpoint: engine.address,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }
    const given = [client, DynamoDBDocumentClient.from(client), settings]
    for (const each of given) {
      await using db = await connect(dynamodb({ client: each, table }), { Note })
      await db.setup()
      await db.Note.put({ ...key, text: 'seen' })
      const native = db.Note.native(key)
      const { Item: item } = await native.client.send(
        new GetCommand({ TableName: native.table, Key: native.key ?? {}, ConsistentRead: true }),
      )
      expect(item?.text).toBe('seen')
      expectTypeOf(native).toEqualTypeOf<DynamodbNative>()
    }
  })

  it('lie in tables of their own where the option says so', async () => {
    const Other = defineEntity({ name: 'Other', schema: z.object({ id: z.string() }), key: { partition: ['id'] } })
    const prefix = `own-${process.pid}-${name}`
    const store = dynamodb({ client: running().client, table: (of) => `${prefix}-${of}` })
    await using db = await connect(store, { Note, Other })
    const { created } = await db.setup()
    expect(created).toEqual([
      `table ${prefix}-Note with indexes gsi1`,
      `time to live of table ${prefix}-Note on attribute _ttl`,
      `table ${prefix}-Other`,
      `table ${prefix}-isomodel_transaction`,
      `time to live of table ${prefix}-isomodel_transaction on attribute _ttl`,
      `table ${prefix}-isomodel_model`,
      'model of Note',
      'model of Other',
    ])
    await db.Note.create({ ...key, text: 'x' })
    await db.Other.create({ id: '1' })
    const both = await Promise.all([db.Note.get(key), db.Other.get({ id: '1' })])
    expect(both).toEqual([{ ...key, text: 'x' }, { id: '1' }])
  })
})
