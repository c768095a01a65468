import type { Adapter, Claims, Driver, EntityModel, Model, OpenOptions } from '@isomodel/core/driver'
import type { Cluster, Redis } from 'ioredis'
import { RedisDriver, type RedisNative } from './driver.js'
import { closed } from './errors.js'
import { type RedisAdapterOptions, type RedisClusterOptions, readOptions } from './options.js'
import type { RepairReport } from './repair.js'
import type { IndexReport } from './verify.js'

export type { RedisNative } from './driver.js'
export type { RedisAdapterOptions, RedisClusterOptions } from './options.js'
export type { RepairReport } from './repair.js'
export type { IndexProblem, IndexReport } from './verify.js'

/** What the store offers beyond the contract's core. */
export type RedisCapability = 'index:strong' | 'transact:store' | 'changes:exact'

/** One server as a store. */
export type RedisAdapter = RedisStore<RedisCapability, Redis>

/** A cluster as a store. Its global indexes are behind for a moment, and its nodes share no commit. */
export type RedisClusterAdapter = RedisStore<'changes:exact', Cluster>

export interface RedisStore<C extends RedisCapability, Client extends Redis | Cluster>
  extends Adapter<C, RedisNative<Client>> {
  /**
   * Removes expired entities now, on every connection that is open. How many they were. What has expired is gone for
   * every call without it; this frees the memory. Throws StoreError, `CLOSED` when nothing is connected.
   *
   * @example
   * const store = redis({ url: 'redis://localhost:6379', namespace: 'shop' })
   * await using db = await connect(store, { Session })
   * const removed = await store.sweep()
   */
  sweep(options?: { readonly signal?: AbortSignal }): Promise<number>

  /**
   * Compares the indexes of the entities that are connected with all that is stored, and reports what is wrong; it changes
   * nothing. It reads everything, in small steps, while others write. Throws StoreError, `CLOSED` when nothing is connected.
   *
   * @example
   * const { ok, missing, stale } = await store.verify()
   */
  verify(options?: { readonly signal?: AbortSignal }): Promise<IndexReport>

  /**
   * Puts right what `verify` would report: what is missing in an index is added, what is stale is removed. Entities are never
   * changed. It can run while others write, and again after it failed. Throws as `verify`.
   *
   * @example
   * await store.repair() // after a failover, which may have lost the last changes of an index
   */
  repair(options?: { readonly signal?: AbortSignal }): Promise<RepairReport>
}

/**
 * Redis, Valkey, ElastiCache and MemoryDB as a store: Redis 7.0 or newer, or Valkey, without modules; one server,
 * or a cluster, which is given as an ioredis Cluster or as `nodes`.
 *
 * @throws StoreError `VALIDATION` for options that cannot work.
 *
 * @example
 * await using db = await connect(redis({ url: 'redis://localhost:6379', namespace: 'shop' }), { Order })
 *
 * @example
 * await using db = await connect(redis({ nodes: ['redis://node-1:6379', 'redis://node-2:6379'] }), { Order })
 */
export function redis(options: RedisClusterOptions): RedisClusterAdapter
export function redis(options?: RedisAdapterOptions): RedisAdapter
export function redis(options: RedisAdapterOptions | RedisClusterOptions = {}): RedisAdapter | RedisClusterAdapter {
  const settings = readOptions(options)
  const drivers = new Set<RedisDriver>()
  const isSingle = settings.cluster === undefined
  return {
    store: 'Redis',
    capabilities: {
      'read:eventual': false,
      'index:strong': isSingle,
      'transact:store': isSingle,
      'changes:exact': true,
    } as Claims<RedisCapability>,
    async open(model: Model, openOptions: OpenOptions): Promise<Driver> {
      const driver = await RedisDriver.open(settings, model, openOptions, () => drivers.delete(driver))
      drivers.add(driver)
      return driver
    },
    async sweep({ signal } = {}) {
      if (drivers.size === 0) throw closed()
      let removed = 0
      for (const driver of drivers) removed += await driver.sweep(signal)
      return removed
    },
    async verify({ signal } = {}) {
      const [driver] = drivers
      if (driver === undefined) throw closed()
      return driver.verify(connected(drivers), signal)
    },
    async repair({ signal } = {}) {
      const [driver] = drivers
      if (driver === undefined) throw closed()
      return driver.repair(connected(drivers), signal)
    },
  }
}

/** The entities of all connections, each once. */
function connected(drivers: ReadonlySet<RedisDriver>): readonly EntityModel[] {
  const models = [...drivers].flatMap((driver) => driver.models)
  return [...new Map(models.map((model) => [model.name, model])).values()]
}
