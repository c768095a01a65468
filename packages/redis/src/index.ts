import type { Adapter, Driver, Model, OpenOptions } from '@isomodel/core/driver'
import { RedisDriver, type RedisNative } from './driver.js'
import { closed } from './errors.js'
import { type RedisAdapterOptions, readOptions } from './options.js'

export type { RedisNative } from './driver.js'
export type { RedisAdapterOptions } from './options.js'

/** What the store offers beyond the contract's core. */
export type RedisCapability = 'index:strong' | 'transact:store' | 'changes:exact'

export interface RedisAdapter extends Adapter<RedisCapability, RedisNative> {
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
}

/**
 * Redis, Valkey, ElastiCache and MemoryDB as a store: Redis 7.0 or newer, or Valkey, without modules, not in cluster mode.
 *
 * @throws StoreError `VALIDATION` for options that cannot work.
 *
 * @example
 * await using db = await connect(redis({ url: 'redis://localhost:6379', namespace: 'shop' }), { Order })
 */
export function redis(options: RedisAdapterOptions = {}): RedisAdapter {
  const settings = readOptions(options)
  const drivers = new Set<RedisDriver>()
  return {
    store: 'Redis',
    capabilities: { 'read:eventual': false, 'index:strong': true, 'transact:store': true, 'changes:exact': true },
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
  }
}
