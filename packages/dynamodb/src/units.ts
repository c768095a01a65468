import type { Capacity, Consistency } from '@isomodel/core/driver'
import type { Item } from './codec.js'
import type { EntityLayout } from './layout.js'
import { fieldsBytes } from './size.js'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const READ_UNIT = 4_096
const WRITE_UNIT = 1_024

/** What a Query counts for its items together; half of it for an eventual one. */
export function readUnits(reads: {
  readonly rows: number
  readonly bytes: number
  readonly consistency: Consistency
}): Capacity {
  // A request counts one unit at least, also where it finds nothing.
  const units = Math.max(1, Math.ceil((reads.rows * reads.bytes) / READ_UNIT))
  return { read: reads.consistency === 'strong' ? units : units / 2 }
}

/** What the writing of a new item counts: once in the table, and once in each index that it is in. */
export function writeUnits({ indexes }: EntityLayout, item: Item): Capacity {
  const each = Math.max(1, Math.ceil(fieldsBytes(item) / WRITE_UNIT))
  const copies = indexes.filter(({ sort }) => item[sort] !== undefined).length
  return { write: each * (1 + copies) }
}
