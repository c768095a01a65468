import type { Plan } from '../driver/contract.js'
import { decodeIndexText, decodeKeyText, partitionText } from '../driver/key-text.js'
import { isInside, textRange } from '../driver/text-range.js'
import { StoreError } from '../errors/store-error.js'
import { invalidCursor } from './invalid-cursor.js'

/**
 * Refuses a position that no row of the plan can have: without a secret anyone can write a cursor whose checksum is right,
 * and one that points beyond the range would show rows that the query leaves out.
 *
 * @throws StoreError `INVALID_CURSOR`.
 */
export function requirePosition({ query, range, access }: Plan, position: string): void {
  if (access === 'none') return
  const { entity, index } = query
  const path = index ?? entity.key
  if (!isInside(position, textRange(entity, path, range))) throw invalidCursor("it points outside the query's range")
  try {
    const text = { partition: partitionText(path, query.partition), sort: position }
    if (index === undefined) decodeKeyText(entity, text)
    else decodeIndexText(entity, index, text)
  } catch (cause) {
    if (cause instanceof StoreError) throw invalidCursor('it points to no place in the query', cause)
    throw cause
  }
}
