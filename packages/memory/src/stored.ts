import type { EntityModel, Stored } from '@isomodel/core/driver'
import { codecOf } from './codec.js'
import type { Entry } from './store.js'

/** What an entry holds, as a copy. */
export function stored(entity: EntityModel, entry: Entry): Stored {
  return { values: codecOf(entity).decode(entry.fields), token: entry.token }
}
