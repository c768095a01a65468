import { slotAt } from '../schema/slot-at.js'
import type { ObjectType, Slot, ValueType } from '../schema/type.js'
import { getOwn, type Path, setOwn, type Value, type Values } from '../schema/value.js'
import { isKind, type ValueKind, type ValueOfKind, valueKind } from '../schema/value-kind.js'
import { CodecError, type CodecTable, type WireCodec } from './codec-table.js'
import { describeValue } from './describe-value.js'
import { dynamicCodec } from './dynamic-codec.js'

/** What decoding does with a stored field that the schema does not name: `keep` for whatever is written back. */
export type UnknownFields = 'strip' | 'keep'

/** Writes and reads the values of one type. Made once, used for every value of its place. */
export interface ValueCodec<W> {
  /**
   * The wire form. A value that is not of the type is written as what it is by itself; throws CodecError where that
   * could not be read again.
   */
  encode(value: Value): W
  /** The value. Throws CodecError with the path where the wire form cannot be read at all. */
  decode(wire: W, unknown?: UnknownFields): Value
}

/** The compiled codec of one entity. */
export interface EntityCodec<W> {
  /** All fields under their stored names. */
  encode(values: Values): Record<string, W>
  /**
   * The entity. What the schema does not name is left out where the schema strips (`strip`, the default) or comes along
   * (`keep`, for read-modify-write, so that a newer version's fields survive). A stored value of another type than the
   * schema's comes back as what it is; whether that is welcome is the read policy's question.
   */
  decode(wire: Readonly<Record<string, W>>, unknown?: UnknownFields): Values
  /** The codec of the value at a path; inside unions and unknown fields that of any value. */
  at(path: Path): ValueCodec<W>
  /** The codec of a type, for what is no place by itself, like a set's member. */
  of(type: ValueType): ValueCodec<W>
  /** A path under its stored names. */
  wirePath(path: Path): Path
}

/**
 * Compiles the codec of an entity from a store's table; `names` are those that its fields have in the store. Types are compiled
 * when they are first met: they may be cyclic.
 */
export function compileCodec<W>(
  type: ObjectType,
  table: CodecTable<W>,
  names: ReadonlyMap<string, string> = NO_NAMES,
): EntityCodec<W> {
  const inner = { name: table.name ?? same, unname: table.unname ?? same }
  const outer = renaming({ name: table.topName ?? inner.name, unname: table.topUnname ?? inner.unname }, names)
  const walk = new Walk(table, inner)
  const top = walk.fields(type, outer)
  return {
    encode: (values) => top.encode(values),
    decode: (wire, unknown = 'strip') => top.decode(wire, unknown),
    at: (path) => walk.codec(typeAt(type, path)),
    of: (valueType) => walk.codec(valueType),
    wirePath: (path) =>
      path.map((step, depth) => (typeof step === 'number' ? step : (depth === 0 ? outer : inner).name(step))),
  }
}

const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** The names of the table, for fields that are called otherwise in the store. */
function renaming({ name, unname }: Names, names: ReadonlyMap<string, string>): Names {
  if (names.size === 0) return { name, unname }
  const fields = new Map(Array.from(names, ([field, stored]) => [stored, field]))
  return {
    name: (field) => name(names.get(field) ?? field),
    unname(stored) {
      const called = unname(stored)
      return called === undefined ? undefined : (fields.get(called) ?? called)
    },
  }
}

function same(name: string): string {
  return name
}

function typeAt(type: ObjectType, path: Path): ValueType {
  const found = slotAt(type, path)
  return found === undefined || found.dynamic ? DYNAMIC : found.slot.type
}

const DYNAMIC: ValueType = Object.freeze({ kind: 'dynamic' })

interface Names {
  readonly name: (field: string) => string
  readonly unname: (stored: string) => string | undefined
}

interface Fields<W> {
  readonly encode: (values: Values) => Record<string, W>
  readonly decode: (wire: Readonly<Record<string, W>>, unknown: UnknownFields) => Values
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

class Walk<W> {
  readonly #table: CodecTable<W>
  readonly #names: Names
  readonly #dynamic: ValueCodec<W>
  readonly #codecs = new Map<ValueType, ValueCodec<W>>()

  constructor(table: CodecTable<W>, names: Names) {
    this.#table = table
    this.#names = names
    this.#dynamic = dynamicCodec(table, names)
  }

  codec(type: ValueType): ValueCodec<W> {
    const known = this.#codecs.get(type)
    if (known !== undefined) return known
    // A container's codec is known before those of its parts, so that a type may contain itself.
    const codec: Writable<ValueCodec<W>> = { ...this.#dynamic }
    this.#codecs.set(type, codec)
    return Object.assign(codec, this.#compile(type))
  }

  #compile(type: ValueType): ValueCodec<W> {
    const table = this.#table
    switch (type.kind) {
      case 'string':
        return this.#scalar('string', table.string)
      case 'number':
        return this.#scalar('number', table.number)
      case 'bigint':
        return this.#scalar('bigint', table.bigint)
      case 'boolean':
        return this.#scalar('boolean', table.boolean)
      case 'date':
        return this.#scalar('date', table.date)
      case 'bytes':
        return this.#scalar('bytes', table.bytes)
      case 'null':
      case 'union':
      case 'dynamic':
        return this.#dynamic
      case 'enum':
        return this.codec(SCALARS[type.of])
      case 'set':
        return this.#set(type.of)
      case 'array':
        return this.#list(() => type.item)
      case 'tuple':
        return this.#list((index) => type.items[index] ?? type.rest)
      case 'record':
        return this.#object(this.#record(type.value))
      case 'object':
        return this.#object(this.fields(type, this.#names))
    }
  }

  #scalar<K extends ValueKind>(kind: K, wired: WireCodec<W, ValueOfKind[K] & Value>): ValueCodec<W> {
    const dynamic = this.#dynamic
    return {
      encode: (value) => (isKind(value, kind) ? wired.encode(value) : dynamic.encode(value)),
      decode(wire) {
        const value = wired.decode(wire)
        return value === undefined ? dynamic.decode(wire) : value
      },
    }
  }

  #set(of: 'string' | 'number' | 'bigint'): ValueCodec<W> {
    const dynamic = this.#dynamic
    const wired = this.#table.set[of] as WireCodec<W, ReadonlySet<string | number | bigint>>
    const fits = (value: Value): value is ReadonlySet<string | number | bigint> =>
      value instanceof Set && [...value].every((member) => typeof member === of)
    return {
      encode: (value) => (fits(value) ? wired.encode(value) : dynamic.encode(value)),
      decode: (wire) => wired.decode(wire) ?? dynamic.decode(wire),
    }
  }

  #list(slotOf: (index: number) => Slot | undefined): ValueCodec<W> {
    const wired = this.#table.array
    const dynamic = this.#dynamic
    const codecOf = (index: number): ValueCodec<W> => {
      const slot = slotOf(index)
      return slot === undefined ? dynamic : this.codec(slot.type)
    }
    return {
      encode: (value) =>
        isKind(value, 'array')
          ? wired.encode(value.map((item, index) => codecOf(index).encode(item)))
          : dynamic.encode(value),
      decode(wire, unknown) {
        const items = wired.decode(wire)
        if (items === undefined) return dynamic.decode(wire)
        const made: Value[] = []
        try {
          for (const item of items) made.push(codecOf(made.length).decode(item, unknown))
        } catch (error) {
          throw within(made.length, error)
        }
        return made
      },
    }
  }

  #object(fields: Fields<W>): ValueCodec<W> {
    const { object: wired, selfDescribed } = this.#table
    const dynamic = this.#dynamic
    return {
      encode(value) {
        if (isKind(value, 'object')) return wired.encode(fields.encode(value))
        if (isKind(describeValue(value, selfDescribed), 'object')) {
          // Its wrapper could not be told from an object of this type when it is read again.
          throw new CodecError(`it is a ${valueKind(value)} where the schema has an object; set it to an object first`)
        }
        return dynamic.encode(value)
      },
      decode(wire, unknown = 'strip') {
        const found = wired.decode(wire)
        return found === undefined ? dynamic.decode(wire) : fields.decode(found, unknown)
      },
    }
  }

  #record(slot: Slot): Fields<W> {
    const { name, unname } = this.#names
    const codec = this.codec(slot.type)
    return {
      encode(values) {
        const wire: Record<string, W> = {}
        for (const field of Object.keys(values))
          setOwn(wire, name(field), encodeField(codec, field, values[field] as Value))
        return wire
      },
      decode(wire, unknown) {
        const values: Values = {}
        for (const stored of Object.keys(wire)) {
          const field = unname(stored)
          if (field === undefined) continue
          setOwn(values, field, decodeField(codec, field, wire[stored] as W, unknown))
        }
        return values
      },
    }
  }

  /** The fields of an object type; what it does not name is stored self-described, or as its `catchall` says. */
  fields(type: ObjectType, { name, unname }: Names): Fields<W> {
    const named = [...type.fields].map(([field, slot]) => {
      const stored = name(field)
      // What every object inherits must not be taken for data, and `__proto__` must not be assigned.
      const special = stored in Object.prototype || field in Object.prototype
      return { field, stored, special, codec: this.codec(slot.type) }
    })
    const byField = new Map(named.map((each) => [each.field, each]))
    const storedNames = new Set(named.map((each) => each.stored))
    const other = type.catchall === undefined ? this.#dynamic : this.codec(type.catchall.type)

    return {
      encode(values) {
        const wire: Record<string, W> = {}
        for (const field of Object.keys(values)) {
          const known = byField.get(field)
          const value = values[field] as Value
          if (known === undefined) setOwn(wire, name(field), encodeField(other, field, value))
          else setOwn(wire, known.stored, encodeField(known.codec, field, value))
        }
        return wire
      },
      decode(wire, unknown) {
        const values: Writable<Values> = {}
        let at = ''
        try {
          for (const { field, stored, special, codec } of named) {
            const found = special ? getOwn(wire, stored) : wire[stored]
            if (found === undefined) continue
            at = field
            if (special) setOwn(values, field, codec.decode(found, unknown))
            else values[field] = codec.decode(found, unknown)
          }
        } catch (error) {
          throw within(at, error)
        }
        if (type.unknown === 'strip' && unknown === 'strip') return values
        for (const stored of Object.keys(wire)) {
          if (storedNames.has(stored)) continue
          const field = unname(stored)
          if (field !== undefined) setOwn(values, field, decodeField(other, field, wire[stored] as W, unknown))
        }
        return values
      },
    }
  }
}

const SCALARS: { readonly [K in 'string' | 'number' | 'bigint' | 'boolean']: ValueType } = {
  string: { kind: 'string' },
  number: { kind: 'number', int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  bigint: { kind: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n },
  boolean: { kind: 'boolean' },
}

function encodeField<W>(codec: ValueCodec<W>, field: string, value: Value): W {
  try {
    return codec.encode(value)
  } catch (error) {
    throw within(field, error)
  }
}

function decodeField<W>(codec: ValueCodec<W>, field: string, wire: W, unknown: UnknownFields): Value {
  try {
    return codec.decode(wire, unknown)
  } catch (error) {
    throw within(field, error)
  }
}

function within(step: string | number, error: unknown): unknown {
  return error instanceof CodecError ? new CodecError(error.message, [step, ...error.path]) : error
}
