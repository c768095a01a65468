/**
 * The isomodel adapter that runs in process: the whole contract over plain memory, for tests, for trying a model out, and
 * for small data that need not outlive the process.
 *
 * @module
 */
import { type Adapter, type KeyText, throwIfAborted } from '@isomodel/core/driver'
import { MemoryDriver } from './driver.js'
import { type MemoryOptions, readOptions } from './options.js'
import type { Snapshot } from './snapshot.js'
import { Store } from './store.js'

export type { MemoryOptions } from './options.js'
export type { Snapshot, SnapshotEntity } from './snapshot.js'

/** What the store offers beyond the contract's core: all that is more than a lower price. */
export type MemoryCapability = 'index:strong' | 'transact:store' | 'changes:exact'

/** What `repository.native()` gives on this store. */
export interface MemoryNative {
  readonly memory: Memory
  /** The encoded key, when a key was given. */
  readonly key: KeyText | undefined
}

/**
 * A store in process. Connections of one `memory()` share its data; two `memory()` share nothing. Reads are always strong:
 * asking for eventual ones changes nothing.
 */
export interface Memory extends Adapter<MemoryCapability, MemoryNative> {
  /** A copy of everything, tokens and expired entities included, at one moment. */
  snapshot(): Snapshot
  /**
   * Puts everything back as it was at a snapshot, of this `memory()` or of another one; open connections go on with it.
   * Throws StoreError `VALIDATION` for what is no snapshot, and changes nothing then.
   */
  restore(snapshot: Snapshot): void
  /**
   * Removes the entities that have expired at a moment (ms since the epoch; default: now) and returns how many. Expired
   * entities are invisible anyway; each write removes a few by itself.
   */
  sweep(now?: number): number
}

/**
 * Makes an empty store in process, or one that begins with a snapshot.
 *
 * ```ts
 * await using db = await connect(memory(), { Order, Customer })
 * ```
 *
 * @throws StoreError `VALIDATION` for options that do not exist.
 */
export function memory(options: MemoryOptions = {}): Memory {
  const { snapshot } = readOptions(options)
  const store = new Store()
  if (snapshot !== undefined) store.restore(snapshot)
  const handle: Memory = {
    store: 'memory',
    capabilities: { 'read:eventual': false, 'index:strong': true, 'transact:store': true, 'changes:exact': true },
    async open(model, { signal, now }) {
      throwIfAborted(signal)
      return new MemoryDriver(store, model, now, (key) => ({ memory: handle, key }))
    },
    snapshot: () => store.snapshot(),
    restore: (given) => store.restore(given),
    sweep: (now = Date.now()) => store.sweep(now, Number.POSITIVE_INFINITY),
  }
  return Object.freeze(handle)
}
