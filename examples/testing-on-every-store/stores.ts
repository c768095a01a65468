import type { Adapter } from '@isomodel/core'
import { type Engine, type Store, startStore, uniqueNamespace } from '@isomodel/devstack'
import { dynamodb } from '@isomodel/dynamodb'
import { memory } from '@isomodel/memory'
import { mongodb } from '@isomodel/mongodb'
import { redis } from '@isomodel/redis'
import type { StoreEntry } from '@isomodel/testkit'

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const onRedis = (url: string, namespace: string): Adapter => redis({ url, namespace })

/** The adapter of each store, over a namespace of a server. */
const adapters: { readonly [S in Store]: (address: string, namespace: string) => Adapter } = {
  dynamodb: (endpoint, table) => dynamodb({ client: { endpoint, region: 'local', credentials }, table }),
  mongodb: (uri, database) => mongodb({ uri, database }),
  redis: onRedis,
  valkey: onRedis,
}

const engines = new Map<Store, Promise<Engine>>()

/** The store's server, started once; it ends with the process, and its data with it. */
function engineOf(store: Store): Promise<Engine> {
  const engine = engines.get(store) ?? startStore(store)
  engines.set(store, engine)
  return engine
}

/** Stores by name, on real engines; each test has a namespace of its own. */
export function stores(...names: readonly (Store | 'memory')[]): StoreEntry[] {
  return names.map((name) => ({
    name,
    open: async () => ({
      adapter: name === 'memory' ? memory() : adapters[name]((await engineOf(name)).address, uniqueNamespace('test')),
      close: async () => undefined,
    }),
  }))
}
