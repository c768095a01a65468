import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { defineEntity } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type DynamodbNative, type DynamodbOptions, dynamodb } from '../src/index.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string() }),
  key: { partition: ['customerId'], sort: ['orderId'] },
})
const model = { entities: [Order.model] }
const config = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const open = (options: DynamodbOptions) => dynamodb(options).open(model, { now: Date.now })
const native = async (options: DynamodbOptions): Promise<DynamodbNative> =>
  (await open(options)).native(Order.model, { customerId: 'c#1', orderId: '7' }) as DynamodbNative

describe('options', () => {
  it.each([
    [undefined, /needs options, at least the table/],
    [{}, /needs table: a name for all entities/],
    [{ table: 'x' }, /table is "x"; it is the name of a table, 3 to 255/],
    [{ table: 'shop', endpoint: 'http://x' }, /no option "endpoint".*client: \{ region, endpoint, credentials \}/],
    [{ table: 'shop', client: 'http://x' }, /client is a string; give a DynamoDBClient/],
  ])('refuses %j', (options, message) => {
    expect(() => dynamodb(options as DynamodbOptions)).toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'VALIDATION' }),
    )
    expect(() => dynamodb(options as DynamodbOptions)).toThrow(message)
  })

  it('refuses a bad name for one entity when it is opened', async () => {
    await expect(open({ client: config, table: () => 'a b' })).rejects.toThrow('table("Order") is "a b"')
  })

  it('gives one table to all, or each its own', async () => {
    expect((await native({ client: config, table: 'shop' })).table).toBe('shop')
    expect((await native({ client: config, table: (entity) => `shop-${entity}` })).table).toBe('shop-Order')
  })

  it('shows the document client and the encoded key', async () => {
    const client = new DynamoDBClient(config)
    const document = DynamoDBDocumentClient.from(client)
    expect((await native({ client: document, table: 'shop' })).client).toBe(document)
    const shown = await native({ client, table: 'shop' })
    expect(shown.client).toBeInstanceOf(DynamoDBDocumentClient)
    expect(shown.key).toEqual({ pk: 'Order#c$231', sk: 'Order#7' })
  })

  it("leaves the caller's client and its document clients as they were", async () => {
    const client = new DynamoDBClient(config)
    const mine = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
    const before = client.middlewareStack.identify()
    const { client: theirs } = await native({ client, table: 'shop' })
    expect(mine.config.translateConfig).toEqual({ marshallOptions: { removeUndefinedValues: true } })
    expect(theirs.config.translateConfig).toBeUndefined()
    expect(client.middlewareStack.identify()).toEqual(before)
  })

  it('refuses more indexes than a table takes', async () => {
    const fields = Array.from({ length: 6 }, (_, i) => `f${i}`)
    const Wide = defineEntity({
      name: 'Wide',
      schema: z.object({ id: z.string(), ...Object.fromEntries(fields.map((field) => [field, z.string()])) }),
      key: { partition: ['id'] },
      indexes: Object.fromEntries(
        fields.map((field) => [`by${field}`, { partition: ['id'], sort: [field], scope: 'local' } as never]),
      ),
    })
    await expect(
      dynamodb({ client: config, table: 'shop' }).open({ entities: [Wide.model] }, { now: Date.now }),
    ).rejects.toThrow(/local index byf5 has the number 6, and a DynamoDB table takes 20 global and 5 local/)
  })
})
