import type { Engine, Store } from '../engine.js'
import { EngineError } from '../engine-error.js'
import { uniqueNamespace } from '../namespace.js'
import { startStore } from '../start.js'
import { openDynamodb } from './dynamodb.js'
import { openMemory } from './memory.js'
import { openMongodb } from './mongodb.js'
import { openRedis } from './redis.js'
import type { EngineStore, OpenAt, StoreName } from './store-entry.js'

export type { EngineStore, OpenNamespace, StoreName } from './store-entry.js'

const opens: Readonly<Record<Store, OpenAt>> = {
  dynamodb: openDynamodb,
  mongodb: openMongodb,
  redis: openRedis,
  valkey: openRedis,
}

/** The engines of this process. One that could not be had is not tried again: each test says why at once. */
const engines = new Map<Store, Promise<Engine>>()

/**
 * Stores by name, on real engines, for `eachStore` and `onEveryStore` of `@isomodel/testkit`. An engine starts when its
 * store is first opened, as `startStore` does it; it ends with the process.
 *
 * @throws {EngineError} `INVALID_ARGUMENT` for no name, a name twice, or one that is no store
 * @example
 * eachStore(stores('memory', 'dynamodb', 'redis'), { Order }, (db) => { ... }, vitest)
 */
export function stores(...names: readonly [StoreName, ...StoreName[]]): readonly EngineStore[] {
  const known: readonly string[] = ['memory', ...Object.keys(opens)]
  const remedy = `Name some of ${known.join(', ')}, as in stores('memory', 'redis').`
  if (names.length === 0) throw new EngineError('INVALID_ARGUMENT', 'stores() was given no name.', remedy)
  for (const [at, name] of names.entries()) {
    if (!known.includes(name)) {
      throw new EngineError('INVALID_ARGUMENT', `There is no store ${JSON.stringify(name)}.`, remedy)
    }
    if (names.indexOf(name) !== at) {
      throw new EngineError('INVALID_ARGUMENT', `stores() names ${JSON.stringify(name)} twice.`, 'Name it once.')
    }
  }
  return names.map((name) => ({ name, open: name === 'memory' ? openMemory : () => openOn(name) }))
}

async function openOn(store: Store): ReturnType<OpenAt> {
  const engine = engines.get(store) ?? startStore(store)
  engines.set(store, engine)
  return opens[store]((await engine).address, uniqueNamespace('test'))
}
