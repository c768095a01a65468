import { placeIn } from '../driver/place-text.js'
import { invalidCursor } from './invalid-cursor.js'

/** How far a segment has come: not begun, behind a position, or at its end. */
export type Reached = 'start' | 'end' | { readonly after: string }

/** How far a scan has come, segment by segment. */
export type Progress = readonly Reached[]

export function begin(segments: number): Progress {
  return Array.from({ length: segments }, () => 'start')
}

export function isOver(progress: Progress): boolean {
  return progress.every((reached) => reached === 'end')
}

/** As a cursor holds it. */
export function progressText(progress: Progress): string {
  return JSON.stringify(progress.map((reached) => (typeof reached === 'string' ? reached : [reached.after])))
}

/**
 * The progress that a cursor held.
 *
 * @throws StoreError `INVALID_CURSOR` for what is none of a scan of so many segments.
 */
export function progressIn(text: string, segments: number): Progress {
  const parsed = parse(text)
  if (!Array.isArray(parsed) || parsed.length !== segments) throw invalidCursor('it belongs to another scan')
  return parsed.map((reached: unknown): Reached => {
    if (reached === 'start' || reached === 'end') return reached
    const [after] = Array.isArray(reached) ? reached : []
    if (typeof after !== 'string') throw invalidCursor('it points to no place in the store')
    placeIn(after)
    return { after }
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidCursor('it belongs to another scan', cause)
  }
}
