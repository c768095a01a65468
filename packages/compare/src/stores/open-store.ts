import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Adapter, connect, type RequestEvent } from '@isomodel/core'
import { type Engine, startStore, uniqueNamespace } from '@isomodel/devstack'
import { dynamodb } from '@isomodel/dynamodb'
import { memory } from '@isomodel/memory'
import { mongodb } from '@isomodel/mongodb'
import { redis } from '@isomodel/redis'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { dynamodbVendor } from '../vendor/dynamodb.js'
import { mongodbVendor } from '../vendor/mongodb.js'
import { redisVendor } from '../vendor/redis.js'
import type { Vendor } from '../vendor/vendor.js'
import { workloadModel } from '../workload/model.js'
import type { WorkloadDb } from '../workload/operations.js'

export const storeNames = ['dynamodb', 'mongodb', 'redis', 'valkey', 'memory'] as const
export type StoreName = (typeof storeNames)[number]

/** What the library sent, counted since the last `reset`. */
export interface Traffic {
  readonly trips: number
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly errors: number
}

/** A store under comparison: the library over it, and the vendor's own client beside it. */
export interface OpenStore extends AsyncDisposable {
  readonly name: StoreName
  readonly engine: EngineFacts
  readonly db: WorkloadDb
  /** None for the memory store. */
  readonly vendor: Vendor | undefined
  traffic(): Traffic
  resetTraffic(): void
}

/** What ran, for the report. */
export interface EngineFacts {
  readonly name: string
  readonly version: string
  readonly source: string
  /** What a reader must know of it. */
  readonly caveat: string
}

/** Starts an engine and connects the model and the vendor's client to namespaces of their own on it. */
export async function openStore(
  name: StoreName,
  options: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<OpenStore> {
  await using started = new AsyncDisposableStack()
  const engine = name === 'memory' ? undefined : started.use(await startStore(name, options))
  const namespace = uniqueNamespace('compare')
  const library = adapterFor(name, engine, namespace)
  started.defer(library.remove)
  const vendor = vendorFor(name, engine, `${namespace}-vendor`)
  let traffic: Traffic = NOTHING
  const db = started.use(
    await connect(library.adapter, workloadModel, {
      observe: (event) => {
        traffic = add(traffic, event)
      },
    }),
  )
  await db.setup()
  if (vendor !== undefined) {
    await vendor.setup()
    started.defer(() => vendor.close())
  }
  const resources = started.move()
  return {
    name,
    engine: factsOf(engine),
    db,
    vendor,
    traffic: () => traffic,
    resetTraffic: () => {
      traffic = NOTHING
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

const NOTHING: Traffic = { trips: 0, bytesSent: 0, bytesReceived: 0, errors: 0 }

function add(traffic: Traffic, event: RequestEvent): Traffic {
  return {
    trips: traffic.trips + 1,
    bytesSent: traffic.bytesSent + (event.bytesSent ?? 0),
    bytesReceived: traffic.bytesReceived + (event.bytesReceived ?? 0),
    errors: traffic.errors + (event.error === undefined ? 0 : 1),
  }
}

interface Library {
  readonly adapter: Adapter
  /** Removes what the run made, where the server is not ours to stop. */
  readonly remove: () => Promise<void>
}

function adapterFor(name: StoreName, engine: Engine | undefined, namespace: string): Library {
  const address = engine?.address ?? ''
  switch (name) {
    case 'memory':
      return { adapter: memory(), remove: async () => undefined }
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
          client.destroy()
        },
      }
    }
    case 'mongodb': {
      const client = new MongoClient(address)
      return {
        adapter: mongodb({ client, database: namespace }),
        remove: async () => {
          await client.db(namespace).dropDatabase()
          await client.close()
        },
      }
    }
    case 'redis':
    case 'valkey': {
      const client = new Redis(address, { lazyConnect: true })
      return {
        adapter: redis({ client, namespace }),
        remove: async () => {
          for await (const keys of client.scanStream({ match: `${namespace}:*`, count: 1_000 }) as AsyncIterable<
            string[]
          >) {
            if (keys.length > 0) await client.unlink(keys)
          }
          await client.quit()
        },
      }
    }
  }
}

function vendorFor(name: StoreName, engine: Engine | undefined, namespace: string): Vendor | undefined {
  if (engine === undefined) return undefined
  if (name === 'dynamodb') return dynamodbVendor(engine.address, namespace)
  return name === 'mongodb' ? mongodbVendor(engine.address, namespace) : redisVendor(engine.address, namespace)
}

const caveats: { readonly [engine: string]: string } = {
  'dynamodb-local': "AWS's own emulator: its answers are DynamoDB's, its latency is not.",
  dynoxide: 'An emulator of DynamoDB: its latency is not the service’s.',
  'secantus-mdb':
    'Speaks MongoDB’s protocol over WiredTiger: its answers are MongoDB’s, its latency is not. It reads the whole range of an index where a query has a limit, so pages of a large partition are slow here and only here.',
  'secantusdb-py': 'Speaks MongoDB’s protocol: its answers are MongoDB’s, its latency is not.',
}

function factsOf(engine: Engine | undefined): EngineFacts {
  if (engine === undefined)
    return {
      name: 'memory',
      version: process.version,
      source: 'in process',
      caveat: 'In process: no network, no durability.',
    }
  return {
    name: engine.engine,
    version: engine.version ?? 'unknown',
    source: engine.source,
    caveat:
      caveats[engine.engine] ??
      'On this machine beside the client: its latency is not that of a service across a network.',
  }
}
