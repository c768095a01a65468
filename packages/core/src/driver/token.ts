import { StoreError } from '../errors/store-error.js'
import { FORMAT_VERSION } from './format-version.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const RANDOM_LENGTH = 20
const FORM = /^[\w-]{21}$/

const pool = new Uint8Array(RANDOM_LENGTH * 64)
let used = pool.length

/** A new write token: the format version, then 120 random bits as 20 URL-safe characters. Never the same twice. */
export function newToken(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  let token = String(FORMAT_VERSION)
  for (const end = used + RANDOM_LENGTH; used < end; used++) token += ALPHABET[(pool[used] as number) & 63]
  return token
}

/** Gives back a stored token of this format; throws StoreError `CORRUPT` for another version and for what is no token. */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && FORM.test(token) && token.startsWith(String(FORMAT_VERSION))) return token
  const found = typeof token === 'string' ? JSON.stringify(token.slice(0, 32)) : typeof token
  throw new StoreError(
    `The write token of what is stored is ${found}, not one of format ${FORMAT_VERSION}. It was written by another ` +
      'version of isomodel or by other code; upgrade isomodel, or move the data aside and write it anew',
    { code: 'CORRUPT' },
  )
}
