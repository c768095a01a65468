import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { connect, defineEntity, type StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dynamodb } from '../src/index.js'
import { engineNames, runEngine } from './support/engines.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'] }, inGroup: { partition: ['group'], sort: ['n'], scope: 'local' } },
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
    expect(second).toEqual({ status: 'fulfilled', value: { ...b, n: 1 } })
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
