import type { Adapter } from '@isomodel/core'

/** Longest time of one case in ms, unless the harness says otherwise. */
export const CASE_TIMEOUT: number = 60_000

/** What the suite needs to know of an adapter: a few methods over one running store. */
export interface Harness {
  /** Store and engine, for titles: 'Redis (Valkey 9.1)'. */
  readonly name: string

  /**
   * An adapter over a namespace (lower-case letters and digits, at most 24): a table, a database, a key prefix. The first
   * one of a name finds it empty; another of the same name is a second handle on the same data; different names never
   * meet. Freeing what it holds is `close`'s part, or the adapter's own when the connection over it closes.
   */
  adapter(namespace: string): Adapter | Promise<Adapter>

  /** What the store can hold less of than the contract's types. Left out: no limit short of the runtime's own. */
  readonly limits?: HoldLimits

  /** An adapter for an address at which nothing listens. Left out for a store in process, which cannot be away. */
  unreachable?(): Adapter | Promise<Adapter>

  /**
   * Cases that this engine cannot pass, by id, each with the reason: they must fail, and one that passes is reported as
   * healed. For faults of an emulator; an adapter's own belong to the adapter.
   */
  readonly expectedFailures?: { readonly [caseId: string]: string }

  /** Longest time of one case in ms. Default: 60,000. */
  readonly timeout?: number

  /**
   * Removes a namespace that one case alone used, as soon as it has ended; nothing may be in it. Left out: all stay until
   * `close`. For engines that have room for few tables.
   */
  drop?(namespace: string): Promise<void>

  /** Called once at the end: drops the namespaces and closes the clients. */
  close?(): Promise<void>
}

/** Limits of what a store can hold; the suite proves that what fits comes back, and that what does not is refused. */
export interface HoldLimits {
  /** Finite numbers of larger magnitude, or nearer to zero (but not zero), are refused. */
  readonly number?: { readonly largest: number; readonly smallest: number }
  /** An entity that surely does not fit, in bytes of its values; one of 95 % of it (or 1 MB if that is less) must fit. */
  readonly entityBytes?: number
  /** Most objects and lists inside each other, the entity itself not counted: `{ a: [{ b: 1 }] }` has two. */
  readonly depth?: number
  /** Longest encoded partition part of a key, in bytes. */
  readonly partitionBytes?: number
  /** Longest encoded sort part of a key, in bytes. */
  readonly sortBytes?: number
}
