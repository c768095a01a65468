import type { Plan } from '../driver/contract.js'
import { type CursorCodec, invalidCursor, queryFingerprint } from './cursor.js'
import { requirePosition } from './position.js'

/** Where the next page begins, and how many results of the query's limit are left for it. */
export interface Continuation {
  readonly position: string
  readonly left: number
}

export interface LimitedCursors {
  encode(position: string, left: number): Promise<string>
  /** Throws `INVALID_CURSOR` for a cursor of another query, or to where it cannot come. */
  decode(cursor: string): Promise<Continuation>
}

/** The cursors of one query: what a limit leaves travels in them, so that all pages together keep to it. */
export function limitedCursors(cursors: CursorCodec, plan: Plan, limit: number | undefined): LimitedCursors {
  const fingerprint = queryFingerprint(plan.query, limit)
  return {
    encode: (position, left) => cursors.encode(limit === undefined ? position : `${left}:${position}`, fingerprint),
    async decode(cursor) {
      const text = await cursors.decode(cursor, fingerprint)
      const colon = limit === undefined ? -1 : text.indexOf(':')
      const position = text.slice(colon + 1)
      requirePosition(plan, position)
      if (limit === undefined) return { position, left: Number.POSITIVE_INFINITY }
      const left = Number(text.slice(0, colon))
      if (!Number.isSafeInteger(left) || left < 1 || left > limit) throw invalidCursor('it holds no rest of the limit')
      return { position, left }
    },
  }
}
