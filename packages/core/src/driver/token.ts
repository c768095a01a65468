import { StoreError } from '../errors/store-error.js'
import { FORMAT_VERSION } from './format-version.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const TIME_LENGTH = 8
const RANDOM_LENGTH = 12
const LATEST = 64 ** TIME_LENGTH - 1
const FORM = /^[\w-]{21}$/

const pool = new Uint8Array(RANDOM_LENGTH * 64)
let used = pool.length

/**
 * A new write token: the format version, the moment of the write by the writer's clock (ms), and 72 random bits, in 21 URL-safe
 * characters. Never the same twice.
 */
export function newToken(now: number = Date.now()): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  let token = String(FORMAT_VERSION) + timeText(now)
  for (const end = used + RANDOM_LENGTH; used < end; used++) token += ALPHABET[(pool[used] as number) & 63]
  return token
}

/** The moment of the write that left a token, ms. */
export function tokenTime(token: string): number {
  let time = 0
  for (const letter of token.slice(1, 1 + TIME_LENGTH)) time = time * 64 + ALPHABET.indexOf(letter)
  return time
}

function timeText(now: number): string {
  // A clock that is injected may say anything.
  let rest = Math.min(Math.max(Math.trunc(now) || 0, 0), LATEST)
  let text = ''
  for (let at = 0; at < TIME_LENGTH; at++) {
    text = ALPHABET[rest % 64] + text
    rest = Math.floor(rest / 64)
  }
  return text
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
