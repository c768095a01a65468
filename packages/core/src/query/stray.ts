import type { QuerySpec, Row } from '../driver/contract.js'
import { indexText, partitionText } from '../driver/key-text.js'
import { StoreError } from '../errors/store-error.js'

/**
 * Tells rows that lie elsewhere in an index than their values say: a process whose model did not have the index changed them
 * and left the entry as it was. The rows need the index's fields.
 */
export function straysOf({ entity, index, partition }: QuerySpec): (row: Row) => boolean {
  if (index === undefined) return () => false
  const asked = partitionText(index, partition)
  return ({ stored, position }) => {
    try {
      const text = indexText(entity, index, stored.values)
      return text === undefined || text.partition !== asked || text.sort !== position()
    } catch (error) {
      // No value that the index can hold: what becomes of it is for the read policy to say.
      if (error instanceof StoreError) return false
      throw error
    }
  }
}
