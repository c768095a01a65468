import {
  type CodecTable,
  compileCodec,
  type EntityCodec,
  type EntityModel,
  isKind,
  type Value,
  type ValueKind,
  type ValueOfKind,
  type Values,
  valueKind,
  type WireCodec,
} from '@isomodel/core/driver'

/** Values are kept as they are, but as copies: what is in the store is shared with nobody. */
const table: CodecTable<Value> = {
  string: kept('string'),
  number: kept('number'),
  bigint: kept('bigint'),
  boolean: kept('boolean'),
  null: kept('null'),
  date: copied('date', (date) => new Date(date)),
  bytes: copied('bytes', (bytes) => new Uint8Array(bytes)),
  set: {
    string: setOf((member) => typeof member === 'string'),
    number: setOf((member) => typeof member === 'number'),
    bigint: setOf((member) => typeof member === 'bigint'),
  },
  // The walk makes lists and objects anew, on the way in and on the way out.
  array: kept('array'),
  object: kept('object'),
  classOf: valueKind,
  selfDescribed: new Set(['bigint', 'date', 'bytes']),
}

function kept<K extends ValueKind>(kind: K): WireCodec<Value, ValueOfKind[K] & Value> {
  return { encode: (value) => value, decode: (wire) => (isKind(wire, kind) ? wire : undefined) }
}

function copied<K extends ValueKind>(
  kind: K,
  copy: (value: ValueOfKind[K]) => ValueOfKind[K] & Value,
): WireCodec<Value, ValueOfKind[K] & Value> {
  return { encode: copy, decode: (wire) => (isKind(wire, kind) ? copy(wire) : undefined) }
}

function setOf<T extends string | number | bigint>(
  of: (member: unknown) => member is T,
): WireCodec<Value, ReadonlySet<T>> {
  const fits = (wire: Value): wire is ReadonlySet<T> => isKind(wire, 'set') && [...wire].every(of)
  return {
    encode: (value) => new Set<string | number | bigint>(value),
    decode: (wire) => (fits(wire) ? new Set(wire) : undefined),
  }
}

/** How an entity is kept in the store. */
export type Kept = Readonly<Record<string, Value>>

/** Copies entities of one model into the store and out of it. */
export type MemoryCodec = EntityCodec<Value>

const codecs = new WeakMap<EntityModel, MemoryCodec>()

export function codecOf(entity: EntityModel): MemoryCodec {
  const known = codecs.get(entity)
  if (known !== undefined) return known
  const made = compileCodec(entity.type, table)
  codecs.set(entity, made)
  return made
}

/** A copy of an entity, without what its schema strips. */
export function copyOf(entity: EntityModel, values: Values): Values {
  const codec = codecOf(entity)
  return codec.decode(codec.encode(values))
}
