import type { Connection } from './connection.js'
import type { Entities } from './entities.js'
import type { Keys } from './keys.js'

/** What reads and writes go through. */
export interface Access {
  readonly connection: Connection
  readonly keys: Keys
  readonly entities: Entities
  /** How long the change feed keeps its entries, ms. */
  readonly keepChanges: number
}
