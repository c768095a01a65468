import type { Named } from '../shop/from-rows.js'
import type { Operations } from '../workload/operations.js'

/**
 * The same work done by hand with the vendor's own client, as its documentation teaches it: its own layout for the same
 * entities and the same indexes, whole items read and decoded. It validates nothing, keeps no write token and no
 * portable order; the ratio says what those cost.
 */
export interface Vendor {
  /** The client, for the report. */
  readonly client: string
  /** How it lays the data out, and what it does less, in a sentence. */
  readonly layout: string
  setup(): Promise<void>
  load(entities: Iterable<Named>): Promise<void>
  readonly operations: Operations
  /** Removes what it made. */
  remove(): Promise<void>
  /** Ends its connections. */
  close(): Promise<void>
}
