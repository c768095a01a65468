import type { EntityModel } from '../model/model.js'
import { invalidCursor } from '../query/invalid-cursor.js'
import type { KeyText } from './key-text.js'
import { isInside, keyRanges } from './text-range.js'

/** Key texts hold no control characters, so the parts cannot run together. */
const BETWEEN = '\n'

/** An entity's place as one text, that sorts as partition and sort do one after the other. */
export function placeText({ partition, sort }: KeyText): string {
  return `${partition}${BETWEEN}${sort}`
}

/**
 * The place behind a `placeText` that a cursor held.
 *
 * @throws StoreError `INVALID_CURSOR` for what is none.
 */
export function placeIn(text: string): KeyText {
  const at = text.indexOf(BETWEEN)
  if (at < 1) throw invalidCursor('it points to no place in the store')
  return { partition: text.slice(0, at), sort: text.slice(at + 1) }
}

/**
 * As `placeIn`, for a place that only an entity of this kind can have: a forged one would lead a scan to others.
 *
 * @throws StoreError `INVALID_CURSOR` for another.
 */
export function placeOf(entity: EntityModel, text: string): KeyText {
  const place = placeIn(text)
  const { partitions, sorts } = keyRanges(entity)
  if (!isInside(place.partition, partitions) || !isInside(place.sort, sorts))
    throw invalidCursor(`it points to no ${entity.name}`)
  return place
}
