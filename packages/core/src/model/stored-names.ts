import { ModelError } from '../errors/model-error.js'
import type { ObjectType } from '../schema/type.js'
import { requireField, requireObject, shown } from './refusals.js'

/** What fields are called in the store, where that is something else. Throws ModelError, naming the field and the remedy. */
export function storedNames(entity: string, type: ObjectType, spec: unknown): ReadonlyMap<string, string> {
  if (spec === undefined) return new Map()
  requireObject(spec, entity, "names says what fields are called in the store, as in names: { customerId: 'c' }")
  const names = new Map<string, string>()
  for (const [field, stored] of Object.entries(spec as object) as [string, unknown][]) {
    if (stored === undefined) continue
    requireField(entity, type, field, 'names')
    if (typeof stored !== 'string' || stored === '' || stored.length > 255 || !stored.isWellFormed()) {
      throw new ModelError(entity, `names: ${field} is ${shown(stored)} in the store; give 1 to 255 characters.`)
    }
    if (stored !== field) names.set(field, stored)
  }
  if (names.size > 0 && type.unknown === 'keep') {
    throw new ModelError(
      entity,
      'names needs a schema that names all its fields: one that a loose object keeps might be called like another in the store. Use z.object or z.strictObject.',
    )
  }
  refuseAlike(entity, type, names)
  return names
}

function refuseAlike(entity: string, type: ObjectType, names: ReadonlyMap<string, string>): void {
  const taken = new Map<string, string>()
  for (const field of type.fields.keys()) {
    const stored = names.get(field) ?? field
    const other = taken.get(stored)
    if (other !== undefined) {
      throw new ModelError(entity, `names: ${other} and ${field} are both called ${shown(stored)} in the store.`)
    }
    taken.set(stored, field)
  }
}
