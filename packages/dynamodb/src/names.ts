/**
 * The names of the attributes. The entity's fields lie beside the library's own: `pk`, `sk`, `gsi1pk`, `gsi1sk`,
 * `lsi1sk`, and the hidden ones, which begin with `_`. A field called like one of these, or beginning with `_`, is stored
 * with one `_` more in front, so that no two ever meet.
 */
export const PARTITION = 'pk'
export const SORT = 'sk'
/** The entity's name, for whoever reads the table. */
export const ENTITY = '_entity'
/** The write token. */
export const TOKEN = '_token'
/** The TTL attribute: the expiry in whole seconds, rounded up, so that nothing is removed before its moment. */
export const TTL = '_ttl'

const OWN = /^(pk|sk|gsi\d+pk|gsi\d+sk|lsi\d+sk|_.*|)$/s

/** The attribute of an entity's field. */
export function attributeOf(field: string): string {
  return OWN.test(field) ? `_${field}` : field
}

/** The field of an attribute; undefined for the library's own. */
export function fieldOf(attribute: string): string | undefined {
  if (!OWN.test(attribute)) return attribute
  const field = attribute.slice(1)
  return attribute.startsWith('_') && OWN.test(field) ? field : undefined
}

/**
 * The name of a field or record key inside an object. DynamoDB takes every name but the empty one, and the SDK fails on a
 * refused condition's image that holds `__proto__`; so these, and what would meet them, get one `_` more.
 */
export function innerName(field: string): string {
  return /^(__proto__)?_*$/.test(field) ? `${field}_` : field
}

export function innerField(name: string): string {
  return /^(__proto__)?_+$/.test(name) ? name.slice(0, -1) : name
}
