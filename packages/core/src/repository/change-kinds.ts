import type { Stored, StoredChange } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { tokenTime } from '../driver/token.js'
import { equalValues } from '../query/compare-values.js'
import type { ChangeKind } from './change-types.js'

/** What became of an entity, in storage form. */
export interface KindOfChange {
  readonly kind: ChangeKind
  readonly old: Stored | undefined
  readonly new: Stored | undefined
  readonly at: number
}

/**
 * What a change in the store means: nothing where no one can see a difference, two things where an entity was written over one
 * that had expired.
 */
export function kindsOf({ entity, at, expired, images }: StoredChange): readonly KindOfChange[] {
  const { old, new: left } = images()
  if (left === undefined) {
    if (old === undefined) return []
    const kind = expired || isExpired(entity, old.values, at) ? 'expire' : 'delete'
    return [{ kind, old, new: undefined, at }]
  }
  const isSame = old?.token === left.token
  const isEqual = old !== undefined && equalValues(old.values, left.values)
  if (isSame && isEqual) return []
  // What other code changed has kept its token, and with it the moment of an earlier write.
  const written = isSame ? at : tokenTime(left.token)
  const insert: KindOfChange = { kind: 'insert', old: undefined, new: left, at: written }
  if (old === undefined) return [insert]
  if (isExpired(entity, old.values, written)) return [{ kind: 'expire', old, new: undefined, at: written }, insert]
  // A new revision can be seen.
  return isEqual && entity.revision === undefined ? [] : [{ kind: 'update', old, new: left, at: written }]
}
