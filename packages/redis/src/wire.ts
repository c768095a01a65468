import { type CodecTable, setOwn, type WireClass, type WireCodec } from '@isomodel/core/driver'

/**
 * A stored value as text, one character a byte (what Node calls latin1), so that lengths here are lengths there and bytes
 * need no second form. The first character tells the kind:
 *
 *     string   'Ada            number  19.99 (as JavaScript writes it)    boolean  true, false    null  null
 *     bigint   42n             date    @1790000000000 (ms)                bytes    * and the bytes as they are
 *     list     [2:'a3:'bc      set     (2:'a3:'bc (sorted by bytes)       object   {4:name4:'Ada (names sorted by bytes)
 *
 * What a list, a set or an object holds is framed by its length. A value has exactly one text, so values are equal where
 * their texts are; the scripts rely on it. This is format version 1.
 */
export type Wire = string

const BEYOND_ASCII = /[\u0080-\uffff]/
const BEYOND_BYTES = /[\u0100-\uffff]/

/** Text as UTF-8, one character a byte. */
export function toBytes(text: string): Wire {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

/** The text behind `toBytes`. */
export function fromBytes(wire: Wire): string {
  return BEYOND_ASCII.test(wire) ? Buffer.from(wire, 'latin1').toString('utf8') : wire
}

/** What goes into the socket: a string goes out as UTF-8, so bytes beyond ASCII must travel in a Buffer. */
export function toArgument(wire: Wire): string | Buffer {
  if (!BEYOND_ASCII.test(wire)) return wire
  // Text that was not turned into bytes would lose the upper half of each character, and could pass for another text.
  if (BEYOND_BYTES.test(wire)) throw new RangeError('an argument is text, not bytes')
  return Buffer.from(wire, 'latin1')
}

/** Several texts as one, for what a script takes as a list. */
export function frame(items: readonly Wire[], open: '[' | '(' | '{' = '['): Wire {
  let out: string = open
  for (const item of items) out += `${item.length}:${item}`
  return out
}

/** The texts behind `frame`. Throws RangeError where they end early. */
export function unframe(wire: Wire): Wire[] {
  const items: Wire[] = []
  for (let at = 1; at < wire.length; ) {
    let length = 0
    let code = wire.charCodeAt(at++)
    for (; code >= ZERO && code <= NINE; code = wire.charCodeAt(at++)) length = length * 10 + code - ZERO
    if (code !== COLON || at + length > wire.length) throw new RangeError('a framed list ends early')
    items.push(wire.slice(at, at + length))
    at += length
  }
  return items
}

const ZERO = 48
const NINE = 57
const COLON = 58

function byBytes(a: Wire, b: Wire): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function encodeMember(member: string | number | bigint): Wire {
  if (typeof member === 'string') return `'${toBytes(member)}`
  return typeof member === 'number' ? String(member) : `${member}n`
}

function setCodec<T extends string | number | bigint>(member: {
  decode(wire: Wire): T | undefined
}): { encode(value: ReadonlySet<T>): Wire; decode(wire: Wire): ReadonlySet<T> | undefined } {
  return {
    encode: (value) => frame([...value].map(encodeMember).sort(byBytes), '('),
    decode(wire) {
      if (wire[0] !== '(') return undefined
      const members = new Set<T>()
      for (const text of unframe(wire)) {
        const found = member.decode(text)
        if (found === undefined) return undefined
        members.add(found)
      }
      return members
    },
  }
}

const CLASSES: { readonly [first: string]: WireClass } = {
  "'": 'string',
  '@': 'date',
  '*': 'bytes',
  '[': 'array',
  '(': 'set',
  '{': 'object',
  t: 'boolean',
  f: 'boolean',
  n: 'null',
}

/** The places of names in the order of their bytes. */
function inOrder(names: readonly Wire[]): number[] {
  const places = names.map((_, at) => at)
  const sorted = names.every((name, at) => at === 0 || (names[at - 1] as Wire) < name)
  return sorted ? places : places.sort((a, b) => byBytes(names[a] as Wire, names[b] as Wire))
}

const string: WireCodec<Wire, string> = {
  encode: (value) => `'${toBytes(value)}`,
  decode: (wire) => (wire[0] === "'" ? fromBytes(wire.slice(1)) : undefined),
}

const number: WireCodec<Wire, number> = {
  encode: String,
  decode(wire) {
    const value = Number(wire)
    return Number.isNaN(value) || wire === '' ? undefined : value
  },
}

const bigint: WireCodec<Wire, bigint> = {
  encode: (value) => `${value}n`,
  decode: (wire) => (/^-?\d+n$/.test(wire) ? BigInt(wire.slice(0, -1)) : undefined),
}

/** How Redis and Valkey hold each kind of value. Every kind tells itself, so nothing is ever wrapped. */
export const wireTable: CodecTable<Wire> = {
  string,
  number,
  bigint,
  boolean: {
    encode: String,
    decode: (wire) => (wire === 'true' ? true : wire === 'false' ? false : undefined),
  },
  null: { encode: () => 'null', decode: (wire) => (wire === 'null' ? null : undefined) },
  date: {
    encode: (value) => `@${value.getTime()}`,
    decode: (wire) => (wire[0] === '@' ? new Date(Number(wire.slice(1))) : undefined),
  },
  bytes: {
    encode: (value) => `*${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}`,
    decode: (wire) => (wire[0] === '*' ? new Uint8Array(Buffer.from(wire.slice(1), 'latin1')) : undefined),
  },
  set: { string: setCodec(string), number: setCodec(number), bigint: setCodec(bigint) },
  array: {
    encode: (items) => frame(items),
    decode: (wire) => (wire[0] === '[' ? unframe(wire) : undefined),
  },
  object: {
    encode(fields) {
      const names = Object.keys(fields)
      const stored = names.map(toBytes)
      let out = '{'
      for (const at of inOrder(stored)) {
        const name = stored[at] as Wire
        const value = fields[names[at] as string] as Wire
        out += `${name.length}:${name}${value.length}:${value}`
      }
      return out
    },
    decode(wire) {
      if (wire[0] !== '{') return undefined
      const fields: Record<string, Wire> = {}
      const parts = unframe(wire)
      for (let at = 0; at < parts.length; at += 2) setOwn(fields, fromBytes(parts[at] as Wire), parts[at + 1])
      return fields
    },
  },

  classOf(wire) {
    const first = wire[0] ?? ''
    if (first === '-' || (first >= '0' && first <= '9')) return wire.endsWith('n') ? 'bigint' : 'number'
    return CLASSES[first]
  },
  selfDescribed: new Set(['bigint', 'date', 'bytes', 'set']),

  // The adapter's own fields begin with one `$`.
  topName: (field) => (field.startsWith('$') ? `$${field}` : field),
  topUnname: (stored) => (stored.startsWith('$') ? (stored.startsWith('$$') ? stored.slice(1) : undefined) : stored),
}
