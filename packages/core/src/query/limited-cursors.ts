import type { CursorCodec } from './cursor.js'
import { invalidCursor } from './invalid-cursor.js'

/** Where the next page begins, and how many results of the limit are left for it. */
export interface Continuation {
  readonly position: string
  readonly left: number
}

export interface LimitedCursors {
  encode(position: string, left: number): Promise<string>
  /** Throws `INVALID_CURSOR` for a cursor of another query. */
  decode(cursor: string): Promise<Continuation>
}

/** The cursors of one query or scan: what a limit leaves travels in them, so that all pages together keep to it. */
export function limitedCursors(cursors: CursorCodec, fingerprint: string, limit: number | undefined): LimitedCursors {
  return {
    encode: (position, left) => cursors.encode(limit === undefined ? position : `${left}:${position}`, fingerprint),
    async decode(cursor) {
      const text = await cursors.decode(cursor, fingerprint)
      if (limit === undefined) return { position: text, left: Number.POSITIVE_INFINITY }
      const colon = text.indexOf(':')
      const rest = text.slice(0, colon)
      const left = /^\d+$/.test(rest) ? Number(rest) : 0
      if (left < 1 || left > limit) throw invalidCursor('it holds no rest of the limit')
      return { position: text.slice(colon + 1), left }
    },
  }
}
