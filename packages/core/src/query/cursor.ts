import type { webcrypto } from 'node:crypto'
import type { QuerySpec, ScanSpec } from '../driver/contract.js'
import { FORMAT_VERSION } from '../driver/format-version.js'
import { toBase64Url } from '../schema/base64url.js'
import { type Canonical, canonical } from '../schema/canonical.js'
import { invalidCursor } from './invalid-cursor.js'

/**
 * A cursor is base64url text of: format version, a mark (open or sealed), and a body. The body is the query's fingerprint
 * and the driver's position; an open one ends in a checksum, a sealed one is AES-256-GCM under a key derived from the
 * secret, so it shows nothing and cannot be altered. Either is bound to its query, not to the page's size.
 */
export interface CursorCodec {
  encode(position: string, fingerprint: string): Promise<string>
  /** The position; throws `INVALID_CURSOR` for anything this codec did not make for this query. */
  decode(cursor: string, fingerprint: string): Promise<string>
}

const OPEN = 0
const SEALED = 1
const IV_BYTES = 12

export function cursorCodec(secret: string | undefined): CursorCodec {
  const key = secret === undefined ? undefined : deriveKey(secret)
  return {
    async encode(position, fingerprint) {
      const body = new TextEncoder().encode(`${fingerprint}${position}`)
      if (key === undefined) return toBase64Url([FORMAT_VERSION, OPEN, ...checksum(body)], body)
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key, body))
      return toBase64Url([FORMAT_VERSION, SEALED, ...iv], sealed)
    },
    async decode(cursor, fingerprint) {
      const bytes = fromBase64Url(cursor)
      if (bytes[0] !== FORMAT_VERSION)
        throw invalidCursor(
          `it is no cursor of format ${FORMAT_VERSION}, which this version reads: it begins with ${bytes[0] ?? 'nothing'}`,
        )
      const mark = key === undefined ? OPEN : SEALED
      if (bytes[1] !== mark) {
        throw invalidCursor(
          mark === SEALED
            ? 'it was made without a cursorSecret'
            : 'it was made with a cursorSecret, and connect was given none',
        )
      }
      const body = key === undefined ? opened(bytes) : await unsealed(bytes, await key)
      const text = new TextDecoder().decode(body)
      if (!text.startsWith(fingerprint)) throw invalidCursor('it belongs to another query')
      return text.slice(fingerprint.length)
    },
  }
}

/** Names a query: same entity, access path and its fields, partition, condition, direction and limit, same text. */
export function queryFingerprint(query: QuerySpec, limit?: number): string {
  const path = query.index ?? query.entity.key
  return fingerprintOf([
    query.entity.name,
    query.index?.name ?? null,
    path.partition.map(({ name }) => name),
    path.sort.map(({ name }) => name),
    limit ?? null,
    query.partition,
    (query.where ?? null) as Canonical,
    query.reverse,
  ])
}

/** Names queries that are read as one: the same ones in the same order and limit, same text. */
export function queriesFingerprint(queries: readonly QuerySpec[], limit?: number): string {
  const [only] = queries
  if (only !== undefined && queries.length === 1) return queryFingerprint(only, limit)
  return fingerprintOf(['queries', limit ?? null, queries.map((query) => queryFingerprint(query))])
}

/** Names a collection: the same queries of its members and limit, same text. */
export function collectionFingerprint(members: readonly QuerySpec[], limit?: number): string {
  return fingerprintOf(['collection', limit ?? null, members.map((query) => queryFingerprint(query))])
}

/** Names a change feed: the same entities, in whatever order, same text. */
export function changesFingerprint(entities: readonly string[]): string {
  return fingerprintOf(['changes', ...entities.toSorted()])
}

/** Names a scan: same entity, condition, segments and limit, same text. */
export function scanFingerprint({ entity, where, segments }: ScanSpec, limit?: number): string {
  return fingerprintOf(['scan', entity.name, limit ?? null, (where ?? null) as Canonical, segments])
}

function fingerprintOf(parts: Canonical): string {
  return toBase64Url([], checksum(new TextEncoder().encode(canonical(parts))))
}

function opened(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(2 + CHECKSUM_BYTES)
  const sum = checksum(body)
  if (bytes.length < 2 + CHECKSUM_BYTES || sum.some((byte, at) => byte !== bytes[2 + at]))
    throw invalidCursor('it was altered or cut short')
  return body
}

async function unsealed(bytes: Uint8Array, key: webcrypto.CryptoKey): Promise<Uint8Array> {
  const iv = bytes.slice(2, 2 + IV_BYTES)
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(2 + IV_BYTES)))
  } catch (cause) {
    throw invalidCursor('it was altered, cut short, or made with another cursorSecret', cause)
  }
}

async function deriveKey(secret: string): Promise<webcrypto.CryptoKey> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`isomodel cursor ${secret}`))
  return crypto.subtle.importKey('raw', digest, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const CHECKSUM_BYTES = 8

/** FNV-1a over 64 bits, as two interleaved 32-bit lanes with different seeds: finds damage, hides nothing. */
function checksum(bytes: Uint8Array): Uint8Array {
  let a = 0x811c9dc5
  let b = 0x5bd1e995
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x5bd1e995)
    b ^= b >>> 13
  }
  const sum = new Uint8Array(CHECKSUM_BYTES)
  new DataView(sum.buffer).setInt32(0, a)
  new DataView(sum.buffer).setInt32(4, b ^ (b >>> 15))
  return sum
}

function fromBase64Url(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[\w-]+$/.test(text)) throw invalidCursor('it is not cursor text')
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch (cause) {
    throw invalidCursor('it is not cursor text', cause)
  }
}
