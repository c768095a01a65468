import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type CodecTable, MAX_INT64, MIN_INT64, type WireClass } from '@isomodel/core/driver'
import { attributeOf, fieldOf, innerField, innerName } from './names.js'
import { numberText } from './numbers.js'

/** An item as DynamoDB has it: its attributes by name. */
export type Item = Record<string, AttributeValue>

/**
 * How values are written: numbers, bigints and dates (their milliseconds) as N, bytes as B, sets as SS and NS, everything
 * else as what DynamoDB calls the same. A set always holds one member that is the library's own, because DynamoDB has no
 * empty set and drops the attribute with the last member.
 */
export const table: CodecTable<AttributeValue> = {
  string: { encode: (value) => ({ S: value }), decode: (wire) => wire.S },
  number: {
    encode: (value) => ({ N: numberText(value) }),
    decode: (wire) => (wire.N === undefined ? undefined : Number(wire.N)),
  },
  bigint: { encode: (value) => ({ N: String(value) }), decode: (wire) => bigintOf(wire.N) },
  boolean: { encode: (value) => ({ BOOL: value }), decode: (wire) => wire.BOOL },
  date: {
    encode: (value) => ({ N: String(value.getTime()) }),
    decode(wire) {
      if (wire.N === undefined) return undefined
      const date = new Date(Number(wire.N))
      return Number.isNaN(date.getTime()) ? undefined : date
    },
  },
  bytes: { encode: (value) => ({ B: value }), decode: (wire) => wire.B },
  null: { encode: () => ({ NULL: true }), decode: (wire) => (wire.NULL === true ? null : undefined) },
  set: {
    string: {
      encode: (members) => ({ SS: [STRING_KEEPER, ...Array.from(members, memberText)] }),
      decode: (wire) => (wire.SS === undefined ? undefined : new Set(kept(wire.SS, STRING_KEEPER, memberOf))),
    },
    number: {
      encode: (members) => ({ NS: [NUMBER_KEEPER, ...Array.from(members, numberText)] }),
      decode: (wire) => (wire.NS === undefined ? undefined : new Set(kept(wire.NS, NUMBER_KEEPER, Number))),
    },
    bigint: {
      encode: (members) => ({ NS: [NUMBER_KEEPER, ...Array.from(members, String)] }),
      decode(wire) {
        if (wire.NS === undefined) return undefined
        const members = kept(wire.NS, NUMBER_KEEPER, bigintOf)
        return members.every((member) => member !== undefined) ? new Set(members) : undefined
      },
    },
  },
  array: { encode: (items) => ({ L: items as AttributeValue[] }), decode: (wire) => wire.L },
  object: { encode: (fields) => ({ M: fields as Item }), decode: (wire) => wire.M },
  classOf(wire) {
    for (const type of Object.keys(wire)) return classes[type]
    return undefined
  },
  selfDescribed: new Set(['bytes']),
  name: innerName,
  unname: innerField,
  topName: attributeOf,
  topUnname: fieldOf,
}

const classes: { readonly [type: string]: WireClass } = {
  S: 'string',
  N: 'number',
  BOOL: 'boolean',
  NULL: 'null',
  B: 'bytes',
  SS: 'set',
  NS: 'set',
  L: 'array',
  M: 'object',
}

/** The member that keeps a string set there when it is empty. */
export const STRING_KEEPER = '_'
/** The member that keeps a number set there: beyond int64, and with more digits than a double is written with. */
export const NUMBER_KEEPER = '9223372036854775808.5'

/** A member that is empty, or all underscores, gets two more, so that none is the keeper. */
function memberText(member: string): string {
  return /^_*$/.test(member) ? `${member}__` : member
}

function memberOf(text: string): string {
  return /^_+$/.test(text) ? text.slice(2) : text
}

function kept<T>(members: readonly string[], keeper: string, read: (text: string) => T): T[] {
  const values: T[] = []
  for (const member of members) if (member !== keeper) values.push(read(member))
  return values
}

function bigintOf(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^-?\d{1,19}$/.test(text)) return undefined
  const value = BigInt(text)
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined
}

/** The members of a set without the one that keeps it there, for what is taken away. */
export function membersOnly(set: AttributeValue): AttributeValue {
  if (set.SS !== undefined) return { SS: set.SS.filter((member) => member !== STRING_KEEPER) }
  return { NS: (set.NS ?? []).filter((member) => member !== NUMBER_KEEPER) }
}

/** A member of a set as the operand of `contains`. */
export function memberValue(member: string | number | bigint): AttributeValue {
  if (typeof member === 'string') return { S: memberText(member) }
  return { N: typeof member === 'number' ? numberText(member) : String(member) }
}
