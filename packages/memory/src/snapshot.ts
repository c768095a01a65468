import { FORMAT_VERSION, type KeyText, type Values } from '@isomodel/core/driver'
import type { Kept } from './codec.js'
import { foreignSnapshot } from './errors.js'

/**
 * Everything a `memory()` holds, as plain data that belongs to nobody else. It can be kept, sent to a worker or written
 * with the structured clone algorithm (`v8.serialize`); not as JSON, which has no dates, bigints, sets and bytes.
 */
export interface Snapshot {
  readonly format: number
  readonly entities: readonly SnapshotEntity[]
}

export interface SnapshotEntity extends KeyText {
  readonly entity: string
  /** The write token. */
  readonly token: string
  readonly fields: Values
}

export function makeSnapshot(entities: Iterable<SnapshotEntity>): Snapshot {
  const all = [...entities].map(({ entity, partition, sort, token, fields }) => {
    return { entity, partition, sort, token, fields: structuredClone(fields) }
  })
  return { format: FORMAT_VERSION, entities: all }
}

/** Copies of a snapshot's entities. Throws StoreError `VALIDATION` for what is no snapshot of this format. */
export function readSnapshot(snapshot: Snapshot): readonly (SnapshotEntity & { readonly fields: Kept })[] {
  if (typeof snapshot !== 'object' || snapshot === null || !Array.isArray(snapshot.entities)) {
    throw foreignSnapshot('it has no entities')
  }
  if (snapshot.format !== FORMAT_VERSION) {
    throw foreignSnapshot(`its format is ${String(snapshot.format)}, and this version reads ${FORMAT_VERSION}`)
  }
  return snapshot.entities.map(({ entity, partition, sort, token, fields }) => {
    if ([entity, partition, sort, token].some((text) => typeof text !== 'string') || !isPlain(fields)) {
      throw foreignSnapshot('one of its entities is incomplete')
    }
    return { entity, partition, sort, token, fields: structuredClone(fields) }
  })
}

function isPlain(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
}
