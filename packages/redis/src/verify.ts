import { type Call, type EntityModel, encodeComponent, shownKeyAt } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { walkIndexes } from './index-walk.js'
import { indexId, memberText } from './keys.js'
import type { Suspect } from './suspects.js'

/** An index entry that is wrong. */
export interface IndexProblem {
  readonly entity: string
  readonly index: string
  /** The key fields of the entity, sensitive ones masked; undefined where they cannot be read. */
  readonly key: { readonly [field: string]: unknown } | undefined
}

/** What `verify` saw. */
export interface IndexReport {
  /** Whether every index is right, what is pending apart. */
  readonly ok: boolean
  /** How many entities, and how many index entries, were looked at. */
  readonly entities: number
  readonly entries: number
  /** How many writes still wait to be told to an index, on a cluster; they are delivered by themselves. */
  readonly pending: number
  /** Entities that are not in an index where they belong. Queries by it pass them over. */
  readonly missing: readonly IndexProblem[]
  /** Entries whose entity is gone, or elsewhere in the index. Queries pass them over. */
  readonly stale: readonly IndexProblem[]
}

/** Compares all indexes with all entities. */
export async function verifyIndexes(access: Access, call: Call): Promise<IndexReport> {
  const walked = { entities: 0, entries: 0 }
  const problems = { missing: [] as IndexProblem[], stale: [] as IndexProblem[] }
  for await (const suspects of walkIndexes(access, call, walked)) {
    for (const suspect of suspects) problems[suspect.wrong].push(shown(access, suspect))
  }
  const pending = access.keys.isSpread ? (await access.outbox.pending(access.keys.everyBucket, call)).length : 0
  return { ...walked, ...problems, pending, ok: problems.missing.length === 0 && problems.stale.length === 0 }
}

function shown({ entities }: Access, { id, owner }: Suspect): IndexProblem {
  const [name = ''] = memberText(owner).sort.split('#')
  const entity: EntityModel | undefined = entities.models.find(
    (model) => encodeComponent({ kind: 'string' }, model.name) === name,
  )
  return {
    entity: entity?.name ?? name,
    index: entity?.indexes.find((index) => indexId(index) === id)?.name ?? id,
    key: entity && shownKeyAt(entity, () => memberText(owner)),
  }
}
