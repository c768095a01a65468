import { type Engine, startStore, uniqueNamespace } from '@isomodel/devstack'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe } from 'vitest'
import type { RedisAdapterOptions } from '../../src/index.js'

/** A running server for one test file. */
export interface Server {
  readonly engine: Engine
  /** A client of the tests' own, to look behind the adapter. */
  readonly client: Redis
  /** Options for an adapter with a namespace of its own. */
  options(more?: RedisAdapterOptions): RedisAdapterOptions & { readonly namespace: string }
}

/** Runs the same tests on Redis and on Valkey. */
export function eachServer(tests: (server: Server) => void): void {
  describe.each(['redis', 'valkey'] as const)('%s', (store) => {
    let engine: Engine
    let client: Redis
    beforeAll(async () => {
      engine = await startStore(store)
      client = new Redis(engine.address)
    })
    afterAll(async () => {
      client.disconnect()
      await engine.stop()
    })
    tests({
      get engine() {
        return engine
      },
      get client() {
        return client
      },
      options: (more) => ({ url: engine.address, namespace: uniqueNamespace('redis'), ...more }),
    })
  })
}
