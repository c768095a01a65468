import { type Engine, type EngineName, startEngine, startStore, uniqueNamespace } from '@isomodel/devstack'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe } from 'vitest'

/** A running server and an open client for the tests of one file. */
export interface Running {
  readonly name: string
  readonly engine: Engine
  readonly client: MongoClient
  /** A database that no other test uses. */
  database(): string
}

const names: readonly (EngineName | 'given')[] =
  process.env.MONGODB_URI === undefined ? ['secantus-mdb', 'secantusdb-py'] : ['given']

/** Runs the same tests on every engine: the server of `MONGODB_URI` when there is one, else each one that can be had. */
export function onEachEngine(suite: (running: () => Running, name: string) => void): void {
  describe.each(names)('on %s', (name) => {
    let running: Running | undefined
    const databases: string[] = []

    beforeAll(async () => {
      const engine = name === 'given' ? await startStore('mongodb') : await startEngine(name)
      const client = await new MongoClient(engine.address).connect()
      running = {
        name,
        engine,
        client,
        database() {
          const database = uniqueNamespace('mongodb-test')
          databases.push(database)
          return database
        },
      }
    })

    afterAll(async () => {
      if (running === undefined) return
      for (const database of databases) await running.client.db(database).dropDatabase()
      await running.client.close()
      await running.engine.stop()
    })

    suite(() => running as Running, name)
  })
}

/**
 * Moments for generated dates: all of JavaScript's, as MongoDB holds them. SecantusDB's Python engine refuses years outside
 * 1 to 9999, a fault of its own that `dates.test.ts` watches.
 */
export function datesOf(engine: string): readonly number[] {
  const near = [0, 1, -1, 1e12, -6.2e13]
  return engine === 'secantusdb-py' ? near : [...near, 8.64e15, -8.64e15]
}
