import { ModelError } from '../errors/model-error.js'
import type { ObjectType } from '../schema/type.js'

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/

export const NAME_RULE = 'use a letter, then up to 99 letters, digits and _.'

/** Whether a text can name an entity, a partition or an index in every store, whatever the store makes of other characters. */
export function isName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name)
}

/** What was given instead of a name or an object, for messages. */
export function shown(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given)
  return given === null || typeof given === 'number' || typeof given === 'boolean' ? String(given) : `a ${typeof given}`
}

export function requireObject(given: unknown, entity: string | undefined, wanted: string): void {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return
  throw new ModelError(entity, `${wanted}; it is ${Array.isArray(given) ? 'a list' : shown(given)}.`)
}

/** A misspelt name would be passed over: `srot` in a key makes all of a partition one entity. */
export function refuseUnknown(entity: string, where: string, spec: object, known: readonly string[]): void {
  const unknown = Object.keys(spec).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ModelError(entity, `${where} has no option ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`)
}

export function requireField(entity: string, type: ObjectType, field: string, where: string): void {
  if (type.fields.has(field)) return
  throw new ModelError(
    entity,
    `${where} names ${JSON.stringify(field)}, which the schema does not have. Its fields are ${[...type.fields.keys()].join(', ')}.`,
  )
}
