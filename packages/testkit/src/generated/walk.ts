import { ConformanceError, holds } from '../conformance/check.js'
import { type Fields, keyOf } from '../reference/kind.js'
import { equal } from '../reference/order.js'
import { type Reference, shown } from '../reference/reference.js'
import { inOrder, type Row } from '../reference/rows.js'
import { show } from '../same/show.js'
import { matching, type ReadRow } from './on-reference.js'
import type { StepRead } from './step.js'

/** A walk over the pages of a read, with writes in between. */
export interface Walk {
  readonly read: StepRead
  /** The last write before it began. */
  readonly since: number
  readonly cursor: string | undefined
  readonly last: Place | undefined
  readonly left: number
}

interface Place {
  readonly entity: string
  readonly fields: Fields
}

interface GivenPage {
  readonly rows: readonly ReadRow[]
  readonly cursor: string | undefined
}

/**
 * Demands of a page what holds under writes: it goes on behind the page before, gives what is there now, in order and each
 * once, and leaves nothing out that was there throughout. Gives the walk as it goes on.
 */
export function judgedPage(reference: Reference, walk: Walk, size: number, page: GivenPage): Walk {
  const { read, since, last, left } = walk
  const most = Math.min(size, left)
  const behind = matching(reference, read).filter(
    (row) => last === undefined || compared(reference, read, placeOf(row), last) > 0,
  )
  const places = page.rows.map((given) => {
    const found = behind.findIndex(
      (row) => row.kind.name === given.entity && equal(keyOf(row.kind, row.fields), keyOf(row.kind, given.item)),
    )
    holds(found >= 0, `the page gives ${show(given.item)}, which is not behind the page before`)
    return found
  })
  holds(page.rows.length <= most, `the page has ${page.rows.length} results, and ${most} were left`)
  holds(
    places.every((place, index) => index === 0 || place > (places[index - 1] as number)),
    'the page is not in order',
  )
  const ended = page.rows.length < most || (page.cursor === undefined && page.rows.length < left)
  const reached = ended ? behind.length : (places.at(-1) ?? -1)
  const skipped = behind.slice(0, reached).find((row, place) => row.revision <= since && !places.includes(place))
  if (skipped !== undefined)
    throw new ConformanceError(`the page skips ${show(shown(skipped))}, which was there throughout`)
  const end = places.at(-1)
  return {
    ...walk,
    cursor: page.cursor,
    last: end === undefined ? last : placeOf(behind[end] as Row),
    left: left - page.rows.length,
  }
}

/** What the page's entities are by the reference, in the page's order. */
export function expectedOn(reference: Reference, rows: readonly ReadRow[]): readonly ReadRow[] {
  return rows.map(({ entity, item }) => ({
    entity,
    item: reference.get(entity, keyOf(reference.kind(entity), item)) as Fields,
  }))
}

const placeOf = ({ kind, fields }: Row): Place => ({ entity: kind.name, fields })

function compared(reference: Reference, { accesses, reverse }: StepRead, left: Place, right: Place): number {
  const turn = reverse ? -1 : 1
  if (left.entity !== right.entity) return left.entity < right.entity ? -turn : turn
  const access = accesses.find(({ kind }) => kind === left.entity)
  if (access === undefined) throw new TypeError(`The read has no ${left.entity}.`)
  return turn * inOrder({ ...access, kind: reference.kind(access.kind) }, left.fields, right.fields)
}
