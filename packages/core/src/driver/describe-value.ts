import { setOwn, type Value, type Values } from '../schema/value.js'
import { valueKind } from '../schema/value-kind.js'
import { CodecError } from './codec-table.js'

/** The kinds that a store tells apart by itself, beyond strings, numbers, booleans, null, lists and objects. */
export type SelfDescribed = ReadonlySet<'bigint' | 'date' | 'bytes' | 'set'>

/**
 * A value that tells its own kinds, for places without a type: what the store would not tell apart is wrapped in an object
 * of one field, `{ $bigint: '1' }`, `{ $date: ms }`, `{ $bytes: base64 }`, `{ $set: [...] }`. A real object of one field
 * whose name begins with `$` becomes `{ $object: {...} }`.
 */
export function describeValue(value: Value, selfDescribed: SelfDescribed): Value {
  const kind = valueKind(value)
  switch (kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return value
    case 'bigint':
      return selfDescribed.has(kind) ? value : { $bigint: String(value) }
    case 'date':
      return selfDescribed.has(kind) ? value : { $date: (value as Date).getTime() }
    case 'bytes':
      return selfDescribed.has(kind) ? value : { $bytes: toBase64(value as Uint8Array) }
    case 'set':
      if (selfDescribed.has(kind)) return value
      return { $set: [...(value as ReadonlySet<string | number | bigint>)].map((m) => describeValue(m, selfDescribed)) }
    case 'array':
      return (value as readonly Value[]).map((item) => describeValue(item, selfDescribed))
    case 'object': {
      const described = mapFields(value as Values, (field) => describeValue(field, selfDescribed))
      return wrapperName(described) === undefined ? described : { $object: described }
    }
  }
}

/** The value that `describeValue` described. */
export function undescribeValue(described: Value): Value {
  const kind = valueKind(described)
  if (kind === 'array') return (described as readonly Value[]).map(undescribeValue)
  if (kind !== 'object') return described
  const object = described as Values
  const name = wrapperName(object)
  return name === undefined ? mapFields(object, undescribeValue) : unwrap(name, object[name] as Value)
}

function wrapperName(object: Values): string | undefined {
  const names = Object.keys(object)
  return names.length === 1 && names[0]?.startsWith('$') === true ? names[0] : undefined
}

function unwrap(name: string, inner: Value): Value {
  if (name === '$bigint' && typeof inner === 'string' && /^-?\d{1,19}$/.test(inner)) return BigInt(inner)
  if (name === '$date' && typeof inner === 'number') return new Date(inner)
  if (name === '$bytes' && typeof inner === 'string') return fromBase64(inner)
  if (name === '$set' && Array.isArray(inner))
    return new Set(inner.map(undescribeValue) as (string | number | bigint)[])
  if (name === '$object' && valueKind(inner) === 'object') return mapFields(inner as Values, undescribeValue)
  throw new CodecError(
    `it is wrapped as ${JSON.stringify(name)} in a way that this version does not know. It was written by another ` +
      'version of isomodel or by other code; upgrade isomodel, or repair the stored value',
  )
}

function mapFields(object: Values, map: (value: Value) => Value): Values {
  const made: Values = {}
  for (const name of Object.keys(object)) setOwn(made, name, map(object[name] as Value))
  return made
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
