import { type AttributeValue, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { connect, defineEntity, type StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dynamodb } from '../src/index.js'
import { engineNames, runEngine } from './support/engines.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int(), until: z.date().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'] }, inGroup: { partition: ['group'], sort: ['n'], scope: 'local' } },
  ttl: 'until',
  revision: true,
})

const Secret = defineEntity({
  name: 'Secret',
  schema: z.object({ id: z.string(), n: z.int() }),
  key: { partition: ['id'] },
  indexes: { byN: { partition: ['n'] } },
  sensitive: ['id'],
})

type Garbage = readonly [attribute: string, value: AttributeValue]
const TOKEN: Garbage = ['_token', { S: 'garbage' }]
const NUMBER: Garbage = ['n', { M: { $bigint: { S: 'x' } } }]

/** A token as another version of the format would write it. */
const OTHER_VERSION = '9AAAAAAAAAAAAAAAAAAAA'
const ITEM = { group: { S: 'g' }, id: { S: 'a' }, n: { N: '1' } }

const a = { group: 'g', id: 'a' }
const b = { group: 'g', id: 'b' }

const failure = (work: () => Promise<unknown>): Promise<StoreError> =>
  work().then(
    () => expect.unreachable('it should have failed'),
    (error) => error,
  )

describe.each(engineNames)('what cannot be read on %s', (name) => {
  const running = runEngine(name)
  let tables = 0
  const open = async () => {
    const db = await connect(
      dynamodb({ client: running().client, table: `foreign-${process.pid}-${name}-${++tables}` }),
      {
        Note,
        Secret,
      },
    )
    await db.setup()
    return db
  }
  /** Writes over an attribute of an item as other code might. */
  const overwrite = (
    { table, key }: { readonly table: string; readonly key: Readonly<Record<'pk' | 'sk', string>> | undefined },
    [attribute, value]: Garbage,
  ): Promise<unknown> =>
    running().client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: key?.pk ?? '' }, sk: { S: key?.sk ?? '' } },
        UpdateExpression: 'SET #a = :garbage',
        ExpressionAttributeNames: { '#a': attribute },
        ExpressionAttributeValues: { ':garbage': value },
      }),
    )

  it.each([TOKEN, NUMBER])('is CORRUPT with its key on every read: %s', async (...garbage) => {
    await using db = await open()
    await db.Note.putMany([
      { ...a, n: 1 },
      { ...b, n: 1 },
    ])
    await overwrite(db.Note.native(a), garbage)
    const [first, second] = await Promise.allSettled([db.Note.get(a), db.Note.get(b)])
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'CORRUPT', key: a } })
    expect(second).toMatchObject({ status: 'fulfilled', value: { ...b, n: 1 } })
    for (const work of [
      () => db.Note.get(a),
      () => db.Note.getMany([a, b]),
      () => db.Note.query({ group: 'g' }).all(),
      () => db.Note.query({ group: 'g' }).select('n').all(),
      () => db.Note.query('byN', { n: 1 }).all(),
      () => db.Note.query('byN', { n: 1 }).select('n').all(),
      () => db.Note.query('inGroup', { group: 'g' }).select('n').all(),
      () => db.Note.scan({ allowScan: true }).all(),
      () => db.Note.scan({ allowScan: true }).select('n').all(),
      () => db.transactGet((tx) => [tx.Note.get(a), tx.Note.get(b)]),
    ]) {
      expect(await failure(work)).toMatchObject({ code: 'CORRUPT', store: 'DynamoDB', entity: 'Note', key: a })
    }
  })

  describe.each<[what: string, item: Readonly<Record<string, AttributeValue>>]>([
    ['that other code wrote', { foo: { S: 'bar' } }],
    ['of a key and nothing else', {}],
    ['whose token is garbage', { ...ITEM, _token: { S: 'zz' } }],
    ['whose token is no text', { ...ITEM, _token: { N: '15' } }],
    ['of another version of the format', { ...ITEM, _token: { S: OTHER_VERSION } }],
    ['of another version, expired', { ...ITEM, _token: { S: OTHER_VERSION }, until: { N: '5' }, _ttl: { N: '1' } }],
  ])('an item %s', (_, item) => {
    const harmed = async () => {
      const db = await open()
      const { table, key } = db.Note.native(a)
      const at = { pk: { S: key?.pk ?? '' }, sk: { S: key?.sk ?? '' } }
      const { client } = running()
      const harm = (): Promise<unknown> =>
        client.send(new PutItemCommand({ TableName: table, Item: { ...item, ...at } }))
      const look = async () =>
        (await client.send(new GetItemCommand({ TableName: table, Key: at, ConsistentRead: true }))).Item
      await harm()
      return { db, harm, look, [Symbol.asyncDispose]: () => db.close() }
    }

    it('is CORRUPT, and stays as it is, for a write that asks something of it or leaves some of it', async () => {
      await using opened = await harmed()
      const { db, look } = opened
      const before = await look()
      const one = { ...a, n: 2 }
      for (const work of [
        () => db.Note.create(one),
        () => db.Note.update(a, { n: 2 }),
        () => db.Note.update(a, (o, { setIfAbsent }) => [setIfAbsent(o.n, 2)]),
        () => db.Note.update(a, { n: 2 }, { if: (o, { eq }) => eq(o.n, 1) }),
        () => db.Note.upsert(one),
        () => db.Note.upsert(one, { return: 'old' }),
        () => db.Note.put(one, { if: (o, { eq }) => eq(o.n, 1) }),
        () => db.Note.put(one, { if: (o, { ne }) => ne(o.n, 7), return: 'old' }),
        () => db.Note.put(one, { ifRevision: OTHER_VERSION }),
        () => db.Note.delete(a, { if: (o, { eq }) => eq(o.n, 1) }),
        () => db.Note.delete(a, { ifRevision: OTHER_VERSION }),
        () => db.transact((tx) => [tx.Note.update(a, { n: 2 }), tx.Note.put({ ...b, n: 2 })]),
      ]) {
        expect(await failure(work), String(work)).toMatchObject({ code: 'CORRUPT', key: a, outcome: 'not committed' })
        expect(await look(), String(work)).toEqual(before)
      }
      expect(await db.Note.get(b)).toBeUndefined()
    })

    it('can be put anew and deleted, alone, with others and in a transaction', async () => {
      await using opened = await harmed()
      const { db, harm, look } = opened
      for (const put of [
        () => db.Note.put({ ...a, n: 2 }),
        () => db.Note.putMany([{ ...a, n: 2 }]),
        () => db.transact((tx) => [tx.Note.put({ ...a, n: 2 }), tx.Note.delete(b)]),
      ]) {
        await harm()
        await put()
        expect(await db.Note.get(a)).toMatchObject({ ...a, n: 2 })
      }
      for (const remove of [
        () => db.Note.delete(a),
        () => db.Note.deleteMany([a]),
        () => db.transact((tx) => [tx.Note.delete(a), tx.Note.delete(b)]),
      ]) {
        await harm()
        await remove()
        expect(await look()).toBeUndefined()
      }
    })

    it('is CORRUPT behind a put and a delete that return it', async () => {
      await using opened = await harmed()
      const { db, harm, look } = opened
      const committed = { code: 'CORRUPT', outcome: 'committed' }
      expect(await failure(() => db.Note.put({ ...a, n: 3 }, { return: 'old' }))).toMatchObject(committed)
      expect(await db.Note.get(a)).toMatchObject({ ...a, n: 3 })
      await harm()
      expect(await failure(() => db.Note.delete(a, { return: 'old' }))).toMatchObject(committed)
      expect(await look()).toBeUndefined()
    })
  })

  it('tells no sensitive field of its key', async () => {
    await using db = await open()
    await db.Secret.put({ id: 'hidden', n: 1 })
    await overwrite(db.Secret.native({ id: 'hidden' }), TOKEN)
    for (const work of [
      () => db.Secret.query('byN', { n: 1 }).all(),
      () => db.Secret.get({ id: 'hidden' }),
      () => db.Secret.scan({ allowScan: true }).all(),
    ]) {
      const error = await failure(work)
      expect(error).toMatchObject({ code: 'CORRUPT', key: { id: '[redacted]' } })
      expect(error.message).not.toMatch('hidden')
    }
  })
})
