import {
  type Change,
  CodecError,
  type Condition,
  checkToken,
  compileCodec,
  type EntityModel,
  MAX_INT64,
  MIN_INT64,
  type Path,
  type Stored,
  StoreError,
  setOwn,
  slotAt,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import { sentence } from './errors.js'
import { frame, fromBytes, toBytes, unframe, type Wire, wireTable } from './wire.js'

/** An entity's hash as it was read. */
export interface Image {
  readonly stored: Stored
  /** Whether it wrote this member into the index set of this id, and has not taken it back. Throws StoreError `CORRUPT`. */
  isIn(id: string, member: Wire): boolean
}

/** What turns one entity, and what is said of it, into texts and back. Made once per entity. */
export interface RedisCodec {
  /** Stored names and texts in turn. */
  encode(values: Values): Wire[]
  /** From names and texts in turn; undefined where there is nothing. Throws StoreError `CORRUPT`. */
  decode(flat: readonly Wire[]): Image | undefined
  /** The stored name of a field of the entity. */
  nameOf(field: string): Wire
  condition(condition: Condition): Wire
  change(change: Change): Wire
}

export function redisCodec(entity: EntityModel): RedisCodec {
  const codec = compileCodec<Wire>(entity.type, wireTable, entity.names)
  // The table describes every kind by itself, so a value's text does not depend on its place.
  const anywhere = codec.of({ kind: 'dynamic' })
  const text = (value: Value): Wire => anywhere.encode(value)

  const path = (steps: Path): Wire =>
    frame(
      codec
        .wirePath(steps)
        .map((step, depth) => (typeof step === 'number' ? String(step) : `${depth === 0 ? '' : "'"}${toBytes(step)}`)),
    )

  const condition = (of: Condition): Wire => {
    switch (of.op) {
      case 'and':
      case 'or':
        return frame([of.op, ...of.conditions.map(condition)])
      case 'not':
        return frame([of.op, condition(of.condition)])
      case 'exists':
      case 'notExists':
        return frame([of.op, path(of.path)])
      case 'between':
        return frame([of.op, path(of.path), text(of.low), text(of.high)])
      case 'in':
        return frame([of.op, path(of.path), ...of.values.map(text)])
      default:
        return frame([of.op, path(of.path), text(of.value)])
    }
  }

  const change = (of: Change): Wire => {
    switch (of.op) {
      case 'remove':
        return frame([of.op, path(of.path)])
      case 'append':
      case 'prepend':
      case 'addToSet':
      case 'deleteFromSet':
        return frame([of.op, path(of.path), text(of.values)])
      case 'add':
        return frame([of.op, path(of.path), text(of.value), ...bounds(entity, of.path, of.value).map(text)])
      case 'set':
      case 'setIfAbsent':
        return frame([of.op, path(of.path), text(of.value)])
    }
  }

  return {
    encode(values) {
      const wire = codec.encode(values)
      const flat: Wire[] = []
      for (const name of Object.keys(wire)) flat.push(toBytes(name), wire[name] as Wire)
      return flat
    },
    decode(flat) {
      if (flat.length === 0) return undefined
      const wire: Record<string, Wire> = {}
      for (let at = 0; at < flat.length; at += 2) setOwn(wire, fromBytes(flat[at] as Wire), flat[at + 1])
      const token = checkToken(wire[TOKEN])
      return {
        stored: { values: readable(() => codec.decode(wire)), token },
        isIn: (id, member) => readable(() => hasMember(wire[INDEX], id, member)),
      }
    },
    nameOf: (field) => toBytes(codec.wirePath([field])[0] as string),
    condition,
    change,
  }
}

/** Index members by id, as an entity's hash keeps them; undefined where it is no such list. */
export function membersIn(index: Wire | null | undefined): ReadonlyMap<string, Wire> | undefined {
  if (index === null || index === undefined) return new Map()
  try {
    const parts = unframe(index)
    const members = new Map<string, Wire>()
    for (let at = 0; at + 1 < parts.length; at += 2) members.set(parts[at] as string, parts[at + 1] as Wire)
    return members
  } catch {
    // It was altered by other code: whoever reads the entity is told.
    return undefined
  }
}

/** The hidden fields of an entity's hash. */
export const TOKEN = '$token'
export const INDEX = '$index'
/** Marks entities that are in the change feed, for what removes them when they have expired. */
export const FEED = '$feed'

function hasMember(index: Wire | undefined, id: string, member: Wire): boolean {
  if (index === undefined) return false
  const parts = unframe(index)
  for (let at = 0; at < parts.length; at += 2) if (parts[at] === id) return parts[at + 1] === member
  return false
}

/** What the result of an `add` is held to, by the field and by what its kind can hold. */
function bounds(entity: EntityModel, path: Path, amount: number | bigint): readonly [Value, Value] {
  const type = slotAt(entity.type, path)?.slot.type
  if (typeof amount === 'bigint') return type?.kind === 'bigint' ? [type.min, type.max] : [MIN_INT64, MAX_INT64]
  if (type?.kind !== 'number') return [-Number.MAX_VALUE, Number.MAX_VALUE]
  const most = type.int ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  return [Math.max(type.min, -most), Math.min(type.max, most)]
}

/** Reads what is stored. Throws StoreError `CORRUPT` where it is not what this version writes. */
function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof CodecError) && !(error instanceof RangeError)) throw error
    throw new StoreError(`What is stored cannot be read: ${sentence(error.message)}`, {
      code: 'CORRUPT',
      cause: error,
      ...(error instanceof CodecError ? { path: error.path } : {}),
    })
  }
}
