import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import { shown } from '../model/refusals.js'
import { getOwn } from '../schema/value.js'
import type { Entities } from './types.js'

/** An entity, and the name that it is connected under. */
export interface Connected {
  readonly name: string
  readonly entity: AnyEntity
}

/** The entities that a list names, each once. Throws `VALIDATION`; `wanted` says what the list is for. */
export function connectedEntities(entities: Entities, names: unknown, wanted: string): readonly Connected[] {
  if (!Array.isArray(names) || names.length === 0) throw invalid(wanted)
  return names.map((name: unknown, at) => {
    const entity = typeof name === 'string' ? (getOwn(entities as never, name) as AnyEntity | undefined) : undefined
    if (entity === undefined) {
      const known = Object.keys(entities).join(', ')
      throw invalid(`${shown(name)} is not connected; the entities of this connection are ${known}`)
    }
    if (names.indexOf(name) !== at) throw invalid(`${shown(name)} is in the list twice`)
    return { name: name as string, entity }
  })
}

function invalid(message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'VALIDATION' })
}
