import {
  type CollectionPlan,
  type FetchedMembers,
  type FetchRequest,
  type MemberRow,
  memberRanges,
  type Plan,
  type ReadCall,
} from '@isomodel/core/driver'
import type { Access } from './access.js'
import { isBehind, type Keys } from './keys.js'
import { rangeArguments, refuseBehind, textMembers } from './planner.js'
import { MOST_ROWS } from './query.js'
import { rowsOf } from './rows.js'
import { fromBytes, toBytes, type Wire } from './wire.js'

/** One range of members over all kinds, then the hashes they lead to. */
export function planCollection(members: readonly Plan[], keys: Keys): CollectionPlan {
  const [{ query }] = members as readonly [Plan]
  const args = rangeArguments(textMembers(query, memberRanges(members), keys), query.reverse, '<rows + 1>')
  return {
    members,
    roundTrips: 2,
    request: [
      { command: 'ZRANGE', args },
      { command: 'HGETALL', of: 'each entity that a member leads to, in one pipeline' },
    ],
  }
}

export async function fetchCollection(
  access: Access,
  { members }: CollectionPlan,
  { after, limit }: FetchRequest,
  call: ReadCall,
): Promise<FetchedMembers> {
  const [first] = members as readonly [Plan]
  const { query } = first
  refuseBehind(first, call)
  const ranges = memberRanges(members)
  // What lies between two kinds is passed over, and not read to its end.
  const start = after === undefined ? { member: 0, inside: false } : ranges.resume(after)
  if (start === undefined) return { rows: [] }
  const range = textMembers(query, memberRanges(members.slice(start.member)), access.keys)
  if (isBehind(query.index, access.keys)) await access.outbox.posted(range.bucket)
  const most = Math.min(limit, MOST_ROWS)
  const behind = after === undefined || !start.inside ? undefined : range.head + toBytes(after)
  // One more than wanted tells whether anything comes behind.
  const reply = await access.connection.send(
    { name: 'ZRANGE', args: rangeArguments(range, query.reverse, String(most + 1), behind) },
    { call, writes: false },
  )
  const found = reply as readonly Wire[]
  const position = (member: Wire): string => fromBytes(member.slice(range.head.length))
  const kinds = members.map(({ query: { entity, index } }) => ({ entity, index, fields: undefined, position }))
  const page = found.slice(0, most)
  const sought = page.flatMap((text) => {
    const member = ranges.at(position(text))
    const kind = member === undefined ? undefined : kinds[member]
    return member === undefined || kind === undefined ? [] : [{ member: text, kind, of: member }]
  })
  const rows = (await rowsOf(access, sought, call)).flatMap((row, at): MemberRow[] =>
    row === undefined ? [] : [{ ...row, member: sought[at]?.of ?? 0 }],
  )
  const last = page.at(-1)
  return found.length > most && last !== undefined ? { rows, next: position(last) } : { rows }
}
