import { compareText } from './compare-text.js'
import type { Fetched, FetchedMembers, FetchRequest, MemberRow, Plan } from './contract.js'
import { isInside, type TextRange, textRange } from './text-range.js'

/** Where the rows of a collection's members lie in their partition. */
export interface MemberRanges extends Pick<TextRange, 'from' | 'to'> {
  /** The member that a row at this sort text is of; undefined for what is of none, or out of its range. */
  readonly at: (sort: string) => number | undefined
  /**
   * The member in which it goes on behind a position, and whether the position is among its rows: if not, it goes on with
   * the first of them. undefined at the end.
   */
  readonly resume: (after: string) => { readonly member: number; readonly inside: boolean } | undefined
}

/** The ranges of members of one partition, each by itself and all together; of a plan's members, in its order. */
export function memberRanges(members: readonly Plan[]): MemberRanges {
  const ranges = members.map(({ query, range }) => textRange(query.entity, query.index ?? query.entity.key, range))
  const from = ranges.map((range) => range.from).reduce((a, b) => (compareText(a, b) <= 0 ? a : b))
  const to = ranges.map((range) => range.to).reduce((a, b) => (compareText(a, b) >= 0 ? a : b))
  const reverse = members[0]?.query.reverse === true
  const found = (at: number): number | undefined => (at < 0 ? undefined : at)
  return {
    from,
    to,
    at: (sort) => found(ranges.findIndex((range) => isInside(sort, range))),
    resume(after) {
      const member = found(
        ranges.findIndex((range) => (reverse ? compareText(after, range.from) > 0 : compareText(after, range.to) < 0)),
      )
      if (member === undefined) return undefined
      return { member, inside: isInside(after, ranges[member] as TextRange) }
    },
  }
}

/**
 * Fetches members that do not lie together in the store, each by a request of its own: the first page of all of them at
 * once, what comes behind a position one member after the other.
 */
export async function fetchApart(
  members: readonly Plan[],
  { after, limit, now }: FetchRequest,
  fetch: (plan: Plan, request: FetchRequest) => Promise<Fetched>,
): Promise<FetchedMembers> {
  const start = after === undefined ? { member: 0, inside: false } : memberRanges(members).resume(after)
  if (start === undefined) return { rows: [] }
  const asked = members.slice(start.member, after === undefined ? undefined : start.member + 1)
  const pages = await Promise.all(
    asked.map((plan) => fetch(plan, { limit, now, ...(start.inside && after !== undefined ? { after } : {}) })),
  )
  const rows: MemberRow[] = []
  for (const [at, page] of pages.entries()) {
    const member = start.member + at
    for (const row of page.rows) {
      const last = rows.at(-1)
      if (rows.length === limit && last !== undefined) return { rows, next: last.position() }
      rows.push({ ...row, member })
    }
    if (page.next !== undefined) return { rows, next: page.next }
  }
  const behind = start.member + asked.length
  return behind === members.length ? { rows } : { rows, next: endOf(members[behind - 1] as Plan) }
}

/** A position behind every row of a member and before those of the next one. */
function endOf({ query, range }: Plan): string {
  const { from, to } = textRange(query.entity, query.index ?? query.entity.key, range)
  return query.reverse ? from : to
}
