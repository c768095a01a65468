import { compareText } from '../driver/compare-text.js'
import { invalidCursor } from './invalid-cursor.js'
import type { Chunk, NextChunk } from './walk.js'

interface Placed {
  readonly position: () => string
}

/** One of the sources of a merge, as far as it was read. */
interface Lane<Row> {
  readonly source: NextChunk<Row>
  rows: readonly Row[]
  /** How many of the rows were given. */
  taken: number
  /** Where the source goes on; undefined at its end. */
  next: string | undefined
  ended: boolean
  /** The position of the last row that was given. */
  given: string | undefined
}

/**
 * Several sources that are each sorted by their positions, as one that is. A position of the whole is the list of the
 * positions of the last row given from each source. It holds what it has read and not given, so it serves one walk.
 */
export function merging<Row extends Placed>(sources: readonly NextChunk<Row>[], reverse: boolean): NextChunk<Row> {
  let lanes = begin(sources, undefined)
  let reached: string | undefined
  return async (want, after): Promise<Chunk<Row>> => {
    if (after !== reached) lanes = begin(sources, after)
    await refill(lanes, want)
    const rows: Row[] = []
    while (rows.length < want && lanes.every((lane) => !isEmpty(lane) || lane.ended)) {
      const lane = foremost(lanes, reverse)
      if (lane === undefined) break
      const row = lane.rows[lane.taken++] as Row
      lane.given = row.position()
      const position = positionText(lanes)
      rows.push({ ...row, position: () => position })
    }
    const isOver = lanes.every((lane) => isEmpty(lane) && lane.ended)
    reached = isOver ? undefined : positionText(lanes)
    return { rows, next: reached }
  }
}

/** The positions behind a position of the whole, as many as there are sources. Throws `INVALID_CURSOR`. */
export function positionsIn(position: string, sources: number): readonly (string | undefined)[] {
  const found = parsed(position)
  const isList = Array.isArray(found) && found.length === sources
  if (!isList || !found.every((each) => each === null || typeof each === 'string')) {
    throw invalidCursor('it points to no place in the query')
  }
  return found.map((each: string | null) => each ?? undefined)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No text of ours: the caller refuses it.
    return undefined
  }
}

function positionText(lanes: readonly Lane<unknown>[]): string {
  return JSON.stringify(lanes.map(({ given }) => given ?? null))
}

function begin<Row>(sources: readonly NextChunk<Row>[], after: string | undefined): Lane<Row>[] {
  const positions = after === undefined ? [] : positionsIn(after, sources.length)
  return sources.map((source, at) => ({
    source,
    rows: [],
    taken: 0,
    next: positions[at],
    ended: false,
    given: positions[at],
  }))
}

/** Reads on in every source of which nothing is left, until something is or it ends. */
async function refill<Row>(lanes: readonly Lane<Row>[], want: number): Promise<void> {
  await Promise.all(
    lanes.map(async (lane) => {
      while (isEmpty(lane) && !lane.ended) {
        const { rows, next } = await lane.source(want, lane.next)
        lane.rows = rows
        lane.taken = 0
        lane.next = next
        lane.ended = next === undefined
      }
    }),
  )
}

function isEmpty({ rows, taken }: Lane<unknown>): boolean {
  return taken === rows.length
}

/** The lane whose first row comes first; of rows at the same position, that of the first lane. */
function foremost<Row extends Placed>(lanes: readonly Lane<Row>[], reverse: boolean): Lane<Row> | undefined {
  let best: { readonly lane: Lane<Row>; readonly position: string } | undefined
  for (const lane of reverse ? lanes.toReversed() : lanes) {
    const row = lane.rows[lane.taken]
    if (row === undefined) continue
    const position = row.position()
    const order = best === undefined ? -1 : compareText(position, best.position)
    if (reverse ? order > 0 || best === undefined : order < 0) best = { lane, position }
  }
  return best?.lane
}
