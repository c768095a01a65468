import type { Connection } from './connection.js'
import type { Entities } from './entities.js'
import type { Keys } from './keys.js'
import type { Outbox } from './outbox.js'

/** What reads and writes go through. */
export interface Access {
  readonly connection: Connection
  readonly keys: Keys
  readonly entities: Entities
  readonly outbox: Outbox
  /** How long the change feed keeps its entries, ms. */
  readonly keepChanges: number
}
