import type { Adapter } from '@isomodel/core'
import type { Store } from '../engine.js'

/** A store that tests can run on: one on an engine, or the one in process. */
export type StoreName = Store | 'memory'

/** A store on a real engine; what `eachStore` and `onEveryStore` of `@isomodel/testkit` take. */
export interface EngineStore {
  readonly name: StoreName
  /**
   * A clean namespace of the store: a table, a database or a key prefix that nobody else uses. The first call starts the
   * engine.
   *
   * @throws {EngineError} as `startStore`; `UNAVAILABLE` too when the adapter's package is not installed
   */
  open(): Promise<OpenNamespace>
}

export interface OpenNamespace {
  readonly adapter: Adapter<'transact:store' | 'changes:exact'>
  /** Removes the namespace with all that is in it. Close what was connected to it first. */
  close(): Promise<void>
}

/** Makes one namespace at an engine's address. */
export type OpenAt = (address: string, namespace: string) => Promise<OpenNamespace>
