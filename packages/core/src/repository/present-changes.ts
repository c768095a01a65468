import type { StoredChange } from '../driver/contract.js'
import type { EntityModel } from '../model/model.js'
import { setOwn } from '../schema/value.js'
import { kindsOf } from './change-kinds.js'
import type { EntityChange } from './change-types.js'
import type { Connected } from './connected.js'
import { type Presenter, presenter } from './present.js'
import type { Entities } from './types.js'
import { warn } from './warn.js'

/** What a change in the store is to its users: mostly one thing, none where nobody can see a difference, or two. */
export function presentChange(
  { name, entity }: Connected,
  change: StoredChange,
  { present }: Presenter,
): readonly EntityChange<Entities, string>[] {
  return kindsOf(change).map(({ kind, old, new: left, at }) => {
    const [before, after] = [old && present(old), left && present(left)]
    const key = keyIn(entity.model, (after ?? before) as { readonly [field: string]: unknown })
    return { entity: name, kind, key, old: before, new: after, at: new Date(at) } as EntityChange<Entities, string>
  })
}

/**
 * As `presentChange` without a connection: for what a store hands to a function of the user's. Throws `CORRUPT` for what
 * cannot be read.
 */
export function changePresenter<Es extends Entities>(
  entities: Es,
): (change: StoredChange) => readonly EntityChange<Es, keyof Es & string>[] {
  const known = new Map<EntityModel, readonly [Connected, Presenter]>()
  for (const [name, entity] of Object.entries(entities)) {
    known.set(entity.model, [{ name, entity }, presenter(entity, 'off', (problem) => warn(problem.message))])
  }
  return (change) => {
    const found = known.get(change.entity)
    return found === undefined ? [] : (presentChange(found[0], change, found[1]) as never)
  }
}

function keyIn({ key }: EntityModel, entity: { readonly [field: string]: unknown }): object {
  const fields = {}
  for (const { name } of [...key.partition, ...key.sort]) setOwn(fields, name, entity[name] as never)
  return fields
}
