import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import type { Engine } from '../src/index.js'

/** The vendor's own client on an engine, for one value by one key. */
export interface Client extends AsyncDisposable {
  write(key: string, value: string): Promise<void>
  read(key: string): Promise<string | undefined>
}

export async function connectTo(engine: Engine): Promise<Client> {
  if (engine.store === 'dynamodb') return dynamodb(engine.address)
  return engine.store === 'mongodb' ? mongodb(engine.address) : redis(engine.address)
}

async function dynamodb(endpoint: string): Promise<Client> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  const TableName = `devstack-${randomUUID()}`
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  return {
    async write(key, value) {
      await client.send(new PutItemCommand({ TableName, Item: { pk: { S: key }, value: { S: value } } }))
    },
    async read(key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: { pk: { S: key } }, ConsistentRead: true }),
      )
      return Item?.value?.S
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
    },
  }
}

async function mongodb(uri: string): Promise<Client> {
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 }).connect()
  const values = client.db('devstack').collection<{ _id: string; value: string }>('values')
  return {
    async write(_id, value) {
      await values.replaceOne({ _id }, { value }, { upsert: true })
    },
    async read(_id) {
      return (await values.findOne({ _id }))?.value
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function redis(url: string): Promise<Client> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 })
  // Without a listener ioredis prints each refused reconnection.
  client.on('error', () => undefined)
  return {
    async write(key, value) {
      await client.set(key, value)
    },
    read: async (key) => (await client.get(key)) ?? undefined,
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  }
}
