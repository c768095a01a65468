import type { CodecTable, WireClass, WireCodec } from '@isomodel/core/driver'
import { Binary, Double } from 'mongodb'
import type { Bson, BsonObject } from './bson.js'
import { fieldName, storedName, storedTopName, topFieldName } from './names.js'

const string = ofType('string')
const bigint = ofType('bigint')
const boolean = ofType('boolean')

const number: WireCodec<Bson, number> = {
  // The serializer would write a small whole number as an int32; wrapped, it stays a double.
  encode: (value) => (Number.isInteger(value) ? new Double(value) : value),
  decode: (wire) => (typeof wire === 'number' ? wire : undefined),
}

/**
 * How values lie in BSON: a number is always a double and a bigint always an int64, a set is an array without an order,
 * a Date is BSON's own (all of JavaScript's milliseconds), bytes are binary data of the generic subtype.
 */
export const wireTable: CodecTable<Bson> = {
  string,
  number,
  bigint,
  boolean,
  date: { encode: (value) => value, decode: (wire) => (isDate(wire) ? wire : undefined) },
  bytes: {
    encode: (value) => new Binary(value),
    decode: (wire) => (isBytes(wire) ? new Uint8Array(wire.buffer.subarray(0, wire.position)) : undefined),
  },
  null: { encode: () => null, decode: (wire) => (wire === null ? null : undefined) },
  set: { string: setOf('string', string), number: setOf('number', number), bigint: setOf('bigint', bigint) },
  array: { encode: (items) => items, decode: (wire) => (Array.isArray(wire) ? (wire as readonly Bson[]) : undefined) },
  object: { encode: (fields) => fields, decode: (wire) => (isBsonObject(wire) ? wire : undefined) },
  classOf,
  selfDescribed: new Set(['bigint', 'date', 'bytes']),
  name: storedName,
  unname: fieldName,
  topName: storedTopName,
  topUnname: topFieldName,
}

/** Whether a value is an embedded document, and none of the client's own objects. */
export function isBsonObject(wire: Bson | undefined): wire is BsonObject {
  return (
    typeof wire === 'object' &&
    wire !== null &&
    !Array.isArray(wire) &&
    !(wire instanceof Date) &&
    bsonType(wire) === undefined
  )
}

function classOf(wire: Bson): WireClass | undefined {
  const type = typeof wire
  switch (type) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return type
    case 'object':
      if (wire === null) return 'null'
      if (Array.isArray(wire)) return 'array'
      if (wire instanceof Date) return isDate(wire) ? 'date' : undefined
      if (bsonType(wire) === undefined) return 'object'
      return isBytes(wire) ? 'bytes' : undefined
    default:
      return undefined
  }
}

function ofType<K extends keyof Primitives>(type: K): WireCodec<Bson, Primitives[K]> {
  return { encode: (value) => value, decode: (wire) => (typeof wire === type ? (wire as Primitives[K]) : undefined) }
}

interface Primitives {
  readonly string: string
  readonly number: number
  readonly bigint: bigint
  readonly boolean: boolean
}

function setOf<K extends 'string' | 'number' | 'bigint'>(
  of: K,
  member: WireCodec<Bson, Primitives[K]>,
): WireCodec<Bson, ReadonlySet<Primitives[K]>> {
  return {
    encode: (set) => Array.from(set, member.encode),
    decode(wire) {
      if (!Array.isArray(wire)) return undefined
      return wire.every((item) => typeof item === of) ? new Set(wire as readonly Primitives[K][]) : undefined
    },
  }
}

/** BSON's dates reach further than JavaScript's; one beyond them arrives as no date at all. */
function isDate(wire: Bson): wire is Date {
  return wire instanceof Date && !Number.isNaN(wire.getTime())
}

function isBytes(wire: Bson): wire is Binary {
  return bsonType(wire) === 'Binary' && (wire as Binary).sub_type === Binary.SUBTYPE_DEFAULT
}

/** The name of the client's own class; told by its mark, as an object may come from another copy of the client. */
function bsonType(wire: Bson): unknown {
  return (wire as { readonly _bsontype?: unknown } | null)?._bsontype
}
