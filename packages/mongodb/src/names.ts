import type { EntityModel } from '@isomodel/core/driver'

/**
 * Field names as MongoDB and DocumentDB can hold and address them. A path splits at `.`, an operator begins with `$`, a
 * BSON key ends at NUL, `_bsontype` makes the client take an object for one of its own, and `__proto__` is no name to
 * give to an object. What needs it is written as `%` and two hexadecimal digits, `%` itself too; the empty name is `%`.
 */

/** The document's own key, and the one field that holds what the library keeps beside the entity's fields. */
export const ID = '_id'
export const HIDDEN = '_iso'
/** The write token. */
export const TOKEN: string = `${HIDDEN}.token`
/** Written by a transaction that only checks an entity, so that it meets whoever writes it. */
export const LOCK: string = `${HIDDEN}.lock`
/** Texts of fields that BSON sorts otherwise, under their stored names. */
export const ORDER: string = `${HIDDEN}.order`

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters that a key cannot hold
const NEEDS_ESCAPE = /[%.\u0000]|^\$|^__proto__$|^_bsontype$|^$/
const TOP_NEEDS_ESCAPE = /^_id$|^_iso$|^\d+$/

/** The stored name of a field inside an object. */
export function storedName(field: string): string {
  if (!NEEDS_ESCAPE.test(field)) return field
  if (field === '') return '%'
  if (field === '__proto__' || field === '_bsontype') return escapeFirst(field)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  return field.replace(/[%.\u0000]|^\$/g, hex)
}

/** The field behind a stored name. */
export function fieldName(stored: string): string {
  if (!stored.includes('%')) return stored
  if (stored === '%') return ''
  return stored.replace(/%([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/**
 * The stored name of one of the entity's own fields: away from the hidden ones, and never all digits, since JavaScript
 * would move such a name to the front of an index's key or a sort.
 */
export function storedTopName(field: string): string {
  return TOP_NEEDS_ESCAPE.test(field) ? escapeFirst(field) : storedName(field)
}

/** The stored name of one of an entity's own fields. */
export function topNameOf({ names }: Pick<EntityModel, 'names'>, field: string): string {
  return storedTopName(names.get(field) ?? field)
}

/** The entity's field behind a stored name; undefined for the hidden ones. */
export function topFieldName(stored: string): string | undefined {
  return stored === ID || stored === HIDDEN ? undefined : fieldName(stored)
}

function escapeFirst(name: string): string {
  return hex(name.charAt(0)) + name.slice(1)
}

function hex(char: string): string {
  return `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`
}
