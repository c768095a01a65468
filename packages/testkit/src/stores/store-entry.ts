import type { Adapter } from '@isomodel/core'

/**
 * A store that tests can run on. `stores('dynamodb', 'redis')` of `@isomodel/devstack/stores` gives them on real
 * engines; one of your own is a few lines:
 *
 * ```ts
 * import { memory } from '@isomodel/memory'
 * const inProcess: StoreEntry = { name: 'memory', open: async () => ({ adapter: memory(), close: async () => {} }) }
 * ```
 */
export interface StoreEntry {
  /** For titles and messages: 'redis', 'DynamoDB in eu-west-1'. */
  readonly name: string
  /** A clean namespace of the store: what is written through one never shows in another. */
  open(): Promise<OpenStore>
}

export interface OpenStore {
  readonly adapter: Adapter
  /** Ends the namespace and frees what `open` made. Called once. */
  close(): Promise<void>
}
