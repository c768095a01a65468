import { equal } from './order.js'
import { ReferenceRefusal } from './refusal.js'
import type { Row } from './rows.js'

/**
 * Refuses what would give two entities the same unique value. Where two of a transaction's own items want one, either
 * may be named.
 */
export function refuseTaken(made: readonly (Row | undefined)[], others: readonly Row[]): void {
  for (const [at, row] of made.entries()) {
    for (const fields of Object.values(row?.kind.uniques ?? {})) {
      const has = (other: Row | undefined): boolean =>
        row !== undefined && other !== undefined && isSame(row, other, fields)
      const items = [...made.keys()].filter((place) => place !== at && has(made[place]))
      if (others.some(has) || items.length > 0)
        throw new ReferenceRefusal('UNIQUE_VIOLATION', { paths: [[fields[0] as string]], items: [at, ...items] })
    }
  }
}

/** A constraint with a field that is absent or null does not apply. */
function isSame(one: Row, other: Row, names: readonly string[]): boolean {
  return (
    one.kind === other.kind &&
    names.every((name) => one.fields[name] !== undefined && one.fields[name] !== null) &&
    names.every((name) => other.fields[name] !== undefined && equal(one.fields[name], other.fields[name]))
  )
}
