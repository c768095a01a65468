import type { Condition } from '@isomodel/core'
import { isTrue } from './condition.js'
import { type Fields, keyNames, type ReferenceKind } from './kind.js'
import { equal, order } from './order.js'

/** One stored entity. */
export interface Row {
  readonly kind: ReferenceKind
  readonly fields: Fields
  /** The number of the write that left it so: no two writes have the same. */
  readonly revision: number
}

/** One kind's part of a read: a partition of its key or of an index. */
export interface Access {
  readonly kind: ReferenceKind
  readonly index?: string
  readonly partition: Fields
  readonly where?: Condition
}

export function isLive({ kind: { ttl }, fields }: Row, now: number): boolean {
  const until = ttl === undefined ? undefined : fields[ttl]
  return !(until instanceof Date) || until.getTime() > now
}

export const isAt = ({ kind, fields }: Row, of: ReferenceKind, key: Fields): boolean =>
  kind === of && keyNames(kind).every((name) => equal(fields[name], key[name]))

/** Whether an entity is where a read looks. An index has those alone that have all of its fields. */
export function isIn({ kind, fields }: Row, access: Access): boolean {
  if (kind !== access.kind) return false
  const { partition, sort } = pathOf(access)
  return (
    [...partition, ...sort].every((name) => fields[name] !== undefined && fields[name] !== null) &&
    partition.every((name) => equal(fields[name], access.partition[name])) &&
    (access.where === undefined || isTrue(access.where, fields))
  )
}

/** The order of two entities in a partition: by the sort fields, then by the key. */
export function inOrder(access: Access, left: Fields, right: Fields): number {
  const names = [...pathOf(access).sort, ...keyNames(access.kind)]
  const differences = names.map((name) => order(left[name], right[name]) ?? 0)
  return differences.find((difference) => difference !== 0) ?? 0
}

function pathOf({ kind, index }: Access): ReferenceKind['key'] {
  const path = index === undefined ? kind.key : kind.indexes?.[index]
  if (path === undefined) throw new TypeError(`${kind.name} has no index ${index}.`)
  return path
}
