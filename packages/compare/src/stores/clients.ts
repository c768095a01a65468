import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Adapter, connect } from '@isomodel/core'
import { dynamodb } from '@isomodel/dynamodb'
import { mongodb } from '@isomodel/mongodb'
import { redis } from '@isomodel/redis'
import { MongoClient } from 'mongodb'
import { dynamodbVendor } from '../vendor/dynamodb.js'
import { mongodbVendor } from '../vendor/mongodb.js'
import { redisVendor, removeKeys } from '../vendor/redis.js'
import type { Vendor } from '../vendor/vendor.js'
import { workloadModel } from '../workload/model.js'
import { libraryOperations, type Operations, type WorkloadDb } from '../workload/operations.js'
import { Closing } from './closing.js'
import type { StoreName } from './names.js'

/** The two clients of one store, each over its own namespace. */
export interface Clients extends AsyncDisposable {
  readonly db: WorkloadDb
  readonly library: Operations
  /** None for the memory store. */
  readonly vendor: Vendor | undefined
  /** Removes what both made, where the server is not ours to stop. */
  remove(): Promise<void>
}

export interface ClientOptions {
  readonly address: string
  readonly namespace: string
  /** What the memory store's connections share. */
  readonly inProcess: Adapter
  /** Called for each request of a client. Only where requests are counted, not where they are timed. */
  readonly sent?: { readonly library: () => void; readonly vendor: () => void }
}

/** Connects the model and the vendor's client. Creates nothing. */
export async function connectClients(name: StoreName, options: ClientOptions): Promise<Clients> {
  const closing = new Closing()
  const source = adapterFor(name, options)
  closing.add(source.close)
  const { sent } = options
  const db = await connect(source.adapter, workloadModel, sent === undefined ? {} : { onRequest: sent.library })
  closing.add(() => db.close())
  const vendor = vendorFor(name, options)
  if (vendor !== undefined) closing.add(() => vendor.close())
  return {
    db,
    library: libraryOperations(db),
    vendor,
    remove: async () => {
      await source.remove()
      await vendor?.remove()
    },
    [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
  }
}

interface Source {
  readonly adapter: Adapter
  readonly remove: () => Promise<void>
  readonly close: () => unknown
}

function adapterFor(name: StoreName, { address, namespace, inProcess }: ClientOptions): Source {
  switch (name) {
    case 'memory':
      return { adapter: inProcess, remove: async () => undefined, close: () => undefined }
    case 'dynamodb': {
      const client = new DynamoDBClient({
        endpoint: address,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      })
      return {
        adapter: dynamodb({ client, table: namespace }),
        remove: async () => {
          await client.send(new DeleteTableCommand({ TableName: namespace }))
        },
        close: () => client.destroy(),
      }
    }
    case 'mongodb': {
      const client = new MongoClient(address, { serverSelectionTimeoutMS: 5_000 })
      return {
        adapter: mongodb({ client, database: namespace }),
        remove: async () => {
          await client.db(namespace).dropDatabase()
        },
        close: () => client.close(),
      }
    }
    case 'redis':
    case 'valkey':
      return {
        adapter: redis({ url: address, namespace }),
        remove: () => removeKeys(address, namespace),
        close: () => undefined,
      }
  }
}

function vendorFor(name: StoreName, { address, namespace, sent }: ClientOptions): Vendor | undefined {
  const own = `${namespace}-vendor`
  if (name === 'memory') return undefined
  if (name === 'dynamodb') return dynamodbVendor(address, own, sent?.vendor)
  return name === 'mongodb' ? mongodbVendor(address, own, sent?.vendor) : redisVendor(address, own, sent?.vendor)
}
