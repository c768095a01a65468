import type { Fetched, FetchRequest, Plan, ReadCall, Row, Stored } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { isBehind } from './keys.js'
import { countsMembers, fieldsOf, memberRange, rangeArguments, refuseBehind } from './planner.js'
import { rows } from './rows.js'
import { fromBytes, toBytes, type Wire } from './wire.js'

/** Most rows of one fetch: as many hashes travel in one reply. */
export const MOST_ROWS = 1_000

/** A row that is only counted. */
const COUNTED: Stored = Object.freeze({ values: Object.freeze({}), token: '' })

/** A page of a plan: a range of members, then the hashes they lead to. */
export async function fetch(
  access: Access,
  plan: Plan,
  { after, limit }: FetchRequest,
  call: ReadCall,
): Promise<Fetched> {
  const { query } = plan
  if (plan.access === 'none') return { rows: [] }
  refuseBehind(plan, call)
  const range = memberRange(query, plan.range, access.keys)
  if (isBehind(query.index, access.keys)) await access.outbox.posted(range.bucket)
  const most = Math.min(limit, MOST_ROWS)
  const behind = after === undefined ? undefined : range.head + toBytes(after)
  // One more than wanted tells whether anything comes behind.
  const reply = await access.connection.send(
    { name: 'ZRANGE', args: rangeArguments(range, query.reverse, String(most + 1), behind) },
    { call, writes: false },
  )
  const found = reply as readonly Wire[]
  const members = found.slice(0, most)
  const position = (member: Wire): string => fromBytes(member.slice(range.head.length))
  const last = members.at(-1)
  const fetched = countsMembers(query, plan.residual, access.keys)
    ? members.map((member): Row => ({ stored: COUNTED, position: () => position(member) }))
    : await rows(access, { ...query, members, fields: fieldsOf(plan), position }, call)
  return found.length > most && last !== undefined ? { rows: fetched, next: position(last) } : { rows: fetched }
}
