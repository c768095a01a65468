import type { Adapter, CapabilitiesOf, Capability } from '@isomodel/core'

/**
 * A store that tests can run on. `stores('dynamodb', 'redis')` of `@isomodel/devstack/stores` gives them on real
 * engines; one of your own is a few lines:
 *
 * ```ts
 * import { memory } from '@isomodel/memory'
 * const inProcess: StoreEntry = { name: 'memory', open: async () => ({ adapter: memory(), close: async () => {} }) }
 * ```
 */
export interface StoreEntry<C extends Capability = never> {
  /** For titles and messages: 'redis', 'DynamoDB in eu-west-1'. */
  readonly name: string
  /** A clean namespace of the store: what is written through one never shows in another. */
  open(): Promise<OpenStore<C>>
}

export interface OpenStore<C extends Capability = never> {
  readonly adapter: Adapter<C>
  /** Ends the namespace and frees what `open` made. Called once. */
  close(): Promise<void>
}

/** The capabilities that a store surely has; of one that may be any of several, those that all have. */
export type StoreCapabilities<S extends StoreEntry> = CapabilitiesOf<Awaited<ReturnType<S['open']>>['adapter']>
