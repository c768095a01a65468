import {
  applyChanges,
  equalValues,
  getOwn,
  indexText,
  indexWork,
  type KeyText,
  type Slot,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import { attributeOf, toItem } from './layout.js'
import { ENTITY, TTL } from './names.js'
import { type Draft, indexAttributes, type Reason } from './update.js'

/**
 * Extends an update that is written for a present entity so that the same request creates `orCreate` where there is no
 * item: what the changes do not touch is written if it is not there. On a present entity that must do nothing, so each
 * such attribute is demanded of it; an entity without one is left to the slower way.
 */
export function writeCreation({ layout, op, placeholders, clauses, demands }: Draft, orCreate: Values): Reason {
  const { entity } = layout
  if (op.changes.some((change) => change.path.length > 1)) {
    return 'a change inside a field has no parent yet where the entity is created'
  }
  const made = applyChanges(entity.type, {}, op.changes)
  if (!('values' in made)) return 'the changes do not apply where the entity is created'
  const touched = new Set(op.changes.map((change) => String(change.path[0])))
  for (const field of touched) {
    if (!isSame(getOwn(made.values, field), getOwn(orCreate, field))) {
      return `${field} is created otherwise than it is changed`
    }
  }

  const item = toItem(layout, orCreate, op.token)
  const ifMissing = (attribute: string, demand: boolean): void => {
    const value = item[attribute]
    if (value === undefined) return
    const at = placeholders.name(attribute)
    clauses.set(at, `if_not_exists(${at}, ${placeholders.value(value)})`)
    if (demand) demands.add(`attribute_exists(${at})`)
  }
  for (const field of Object.keys(orCreate)) {
    if (touched.has(field)) continue
    if (!isAlwaysThere(entity.type.fields.get(field))) return `${field} is written only where the entity is created`
    ifMissing(attributeOf(layout, field), !Object.hasOwn(op.key, field))
  }
  for (const at of layout.indexes) {
    const created = indexText(entity, at.index, orCreate)
    const work = indexWork(entity, at.index, op)
    if (work.kind === 'untouched') {
      if (created === undefined) continue
      if (![...at.index.partition, ...at.index.sort].every(({ slot }) => isAlwaysThere(slot) && !slot.nullable)) {
        return `the entry in index ${at.index.name} is written only where the entity is created`
      }
      for (const [attribute] of indexAttributes(at, created)) ifMissing(attribute, true)
    } else if (work.kind === 'needs-read' || !isSamePlace(work.text, created)) {
      return `the entry in index ${at.index.name} is created otherwise than it is changed`
    }
  }
  if (entity.ttl !== undefined && !touched.has(entity.ttl) && item[TTL] !== undefined) {
    if (entity.type.fields.get(entity.ttl)?.nullable === true) return `${entity.ttl} is the expiry, and may be null`
    ifMissing(TTL, true)
  }
  ifMissing(ENTITY, false)
  return undefined
}

/** Whether every entity of the model has the field: then writing it if it is missing does nothing to one. */
function isAlwaysThere(slot: Slot | undefined): boolean {
  return slot !== undefined && (!slot.optional || slot.defaulted)
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b)
}

function isSamePlace(a: KeyText | undefined, b: KeyText | undefined): boolean {
  return a?.partition === b?.partition && a?.sort === b?.sort
}
