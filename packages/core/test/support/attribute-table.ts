import type { CodecTable, WireClass } from '../../src/driver/codec-table.js'

/** A wire format of tagged texts, as some stores have it: numbers travel as text, dates and bigints have no tag. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Readonly<Record<string, Attribute>> }

const tagged = <K extends string>(
  wire: Attribute,
  tag: K,
): wire is Extract<Attribute, { readonly [T in K]: unknown }> => Object.hasOwn(wire, tag)

const members = <T>(decode: (wire: Attribute) => T | undefined): ((wire: Attribute) => ReadonlySet<T> | undefined) => {
  return (wire) => {
    if (!tagged(wire, 'M') || !Object.hasOwn(wire.M, 'members')) return undefined
    const list = wire.M.members as Attribute
    if (!tagged(list, 'L')) return undefined
    return new Set(list.L.map((member) => decode(member) as T))
  }
}
const membersOf = (list: readonly Attribute[]): Attribute => ({ M: { members: { L: list } } })

const CLASSES: Readonly<Record<string, WireClass>> = {
  S: 'string',
  N: 'number',
  B: 'bytes',
  BOOL: 'boolean',
  NULL: 'null',
  L: 'array',
  M: 'object',
}

const string = (wire: Attribute): string | undefined => (tagged(wire, 'S') ? wire.S : undefined)
const number = (wire: Attribute): number | undefined => (tagged(wire, 'N') ? Number(wire.N) : undefined)
const bigint = (wire: Attribute): bigint | undefined =>
  tagged(wire, 'N') && /^-?\d+$/.test(wire.N) ? BigInt(wire.N) : undefined

export const attributeTable: CodecTable<Attribute> = {
  string: { encode: (value) => ({ S: value }), decode: string },
  number: { encode: (value) => ({ N: String(value) }), decode: number },
  bigint: { encode: (value) => ({ N: String(value) }), decode: bigint },
  boolean: { encode: (value) => ({ BOOL: value }), decode: (wire) => (tagged(wire, 'BOOL') ? wire.BOOL : undefined) },
  date: {
    encode: (value) => ({ N: String(value.getTime()) }),
    decode: (wire) => (tagged(wire, 'N') ? new Date(Number(wire.N)) : undefined),
  },
  bytes: { encode: (value) => ({ B: value }), decode: (wire) => (tagged(wire, 'B') ? wire.B : undefined) },
  null: { encode: () => ({ NULL: true }), decode: (wire) => (tagged(wire, 'NULL') ? null : undefined) },
  set: {
    string: { encode: (set) => membersOf([...set].map((S) => ({ S }))), decode: members(string) },
    number: { encode: (set) => membersOf([...set].map((N) => ({ N: String(N) }))), decode: members(number) },
    bigint: { encode: (set) => membersOf([...set].map((N) => ({ N: String(N) }))), decode: members(bigint) },
  },
  array: { encode: (L) => ({ L }), decode: (wire) => (tagged(wire, 'L') ? wire.L : undefined) },
  object: { encode: (M) => ({ M }), decode: (wire) => (tagged(wire, 'M') ? wire.M : undefined) },
  classOf: (wire) => CLASSES[Object.keys(wire)[0] as string],
  selfDescribed: new Set(['bytes']),
  name: (field) => (field.startsWith('~') || field === '__proto__' ? `~${field}` : field),
  unname: (stored) => (stored.startsWith('~') ? stored.slice(1) : stored),
  topName: (field) => (/^[~@]/.test(field) || field === '__proto__' ? `~${field}` : field),
  topUnname: (stored) => (stored.startsWith('@') ? undefined : stored.startsWith('~') ? stored.slice(1) : stored),
}
