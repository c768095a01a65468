import { StoreError } from '../errors/store-error.js'
import { isOrderable, type OrderedKind, orderedKind } from '../schema/orderable.js'
import type { ValueType } from '../schema/type.js'
import type { Value } from '../schema/value.js'
import { FORMAT_VERSION } from './format-version.js'
import { decodeBigint, decodeNumber, encodeBigint, encodeNumber } from './key-number.js'

/** Everything up to `$`: what separates, what escapes, and whatever would sort before them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in a key are what it escapes
const ESCAPED = /[\u0000-$]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const EACH_ESCAPED = /[\u0000-$]/g

/** Writes every character up to `$` as `$` and two lower-case hexadecimal digits. */
export function escapeText(text: string): string {
  if (!ESCAPED.test(text)) return text
  return text.replace(EACH_ESCAPED, (char) => `$${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function unescapeText(text: string): string {
  if (!text.includes('$')) return text
  return text.replace(/\$([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

interface ComponentFormat {
  readonly fits: (value: Value) => boolean
  readonly encode: (value: never) => string
  /** undefined or NaN for a text of another shape; a text of the right shape that is not canonical is found by encoding. */
  readonly decode: (text: string) => Value | undefined
}

const formats: { readonly [K in OrderedKind]: ComponentFormat } = {
  string: {
    fits: (value) => typeof value === 'string' && value.isWellFormed(),
    encode: escapeText,
    decode: unescapeText,
  },
  number: { fits: (value) => Number.isFinite(value), encode: encodeNumber, decode: decodeNumber },
  bigint: {
    fits: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
    encode: encodeBigint,
    decode: decodeBigint,
  },
  boolean: {
    fits: (value) => typeof value === 'boolean',
    encode: (value: boolean) => (value ? '1' : '0'),
    decode: (text) => text === '1',
  },
  date: {
    fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    encode: encodeDate,
    decode: decodeDate,
  },
  bytes: { fits: (value) => value instanceof Uint8Array, encode: encodeBytes, decode: decodeBytes },
}

/** A value's part of a key text: `#` never occurs in it, and texts of one type sort as their values do. */
export function encodeComponent(type: ValueType, value: Value): string {
  const format = formatOf(type)
  if (!format.fits(value)) {
    throw new StoreError(`A key needs a ${type.kind} here; check the value against the entity's schema first.`, {
      code: 'VALIDATION',
    })
  }
  return format.encode(value as never)
}

/**
 * The value behind a component.
 *
 * @throws StoreError `CORRUPT` for a text that `encodeComponent` of this type never writes.
 */
export function decodeComponent(type: ValueType, text: string): Value {
  const format = formatOf(type)
  const value = format.decode(text)
  if (value === undefined || !format.fits(value) || format.encode(value as never) !== text) {
    throw new StoreError(
      `${JSON.stringify(text)} is no ${type.kind} of key format ${FORMAT_VERSION}: it was written by something else, or altered. Repair or remove that record in the store.`,
      { code: 'CORRUPT' },
    )
  }
  return value
}

function formatOf(type: ValueType): ComponentFormat {
  if (isOrderable(type)) return formats[orderedKind(type)]
  throw new StoreError(`A ${type.kind} has no order and cannot be in a key; use a scalar field.`, {
    code: 'VALIDATION',
  })
}

/**
 * ISO 8601 in UTC with milliseconds. Years beyond 9999 have six digits behind `>`, which sorts after all digits; years
 * before 0 have 1,000,000 more than the year behind `-`, which sorts before them and keeps their order.
 */
function encodeDate(date: Date): string {
  const iso = date.toISOString()
  if (iso.startsWith('+')) return `>${iso.slice(1)}`
  if (iso.startsWith('-')) return `-${1_000_000 - Number(iso.slice(1, 7))}${iso.slice(7)}`
  return iso
}

function decodeDate(text: string): Date {
  if (text.startsWith('>')) return new Date(`+${text.slice(1)}`)
  if (text.startsWith('-')) {
    return new Date(`-${String(1_000_000 - Number(text.slice(1, 7))).padStart(6, '0')}${text.slice(7)}`)
  }
  return new Date(text)
}

function encodeBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16)
  return text
}

function decodeBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}
