import type { PageOptions } from '../repository/types.js'
import { DEFAULT_PAGE, positive } from './arguments.js'
import type { LimitedCursors } from './limited-cursors.js'

/** Rows asked of the store at once on a walk without a limit, or behind a filter. */
export const CHUNK = 1_000

/** What one request came to. */
export interface Chunk<Row> {
  readonly rows: readonly Row[]
  /** Where the next one goes on; undefined at the end. */
  readonly next: string | undefined
}

/** One request's fitting rows, of about as many as are wanted, from behind a position. */
export type NextChunk<Row> = (want: number, after: string | undefined) => Promise<Chunk<Row>>

/** How much more is asked for after a request of which fewer rows fitted. */
const GROWTH = 4

/** Rows that fit, at most `want`, from behind a position. */
export async function* rowsOf<Row>(
  chunk: NextChunk<Row>,
  want: number,
  from?: string,
): AsyncGenerator<Row, void, undefined> {
  let left = want
  let after = from
  let least = 0
  while (left > 0) {
    const asked = Math.min(Math.max(left, least), CHUNK)
    const { rows, next } = await chunk(asked, after)
    // Few rows among many must not take a request for each few.
    if (rows.length < asked) least = asked * GROWTH
    for (const row of rows) {
      yield row
      if (--left === 0) return
    }
    if (next === undefined) return
    after = next
  }
}

interface Paged<Row> {
  readonly chunk: NextChunk<Row>
  readonly limit: number | undefined
  readonly cursors: LimitedCursors
  /** Throws `INVALID_CURSOR` for a position that no row can have. */
  readonly admit: (position: string) => void
}

/** A page: full unless the rows end. One more row than it holds tells whether anything comes behind. */
export async function pageOf<Row extends { readonly position: () => string }>(
  { chunk, limit, cursors, admit }: Paged<Row>,
  options: PageOptions,
): Promise<{ readonly rows: readonly Row[]; readonly cursor: string | undefined }> {
  const asked = options.size === undefined ? DEFAULT_PAGE : positive(options.size, 'size')
  const from = options.cursor === undefined ? undefined : await cursors.decode(options.cursor)
  if (from !== undefined) admit(from.position)
  const left = from === undefined ? (limit ?? Number.POSITIVE_INFINITY) : from.left
  const size = Math.min(asked, left)
  const rows: Row[] = []
  for await (const row of rowsOf(chunk, size + 1, from?.position)) {
    rows.push(row)
    if (rows.length > size) break
  }
  const last = rows.length > size && size < left ? rows[size - 1] : undefined
  return {
    rows: rows.slice(0, size),
    cursor: last === undefined ? undefined : await cursors.encode(last.position(), left - size),
  }
}
