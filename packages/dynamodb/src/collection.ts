import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import {
  type CollectionPlan,
  type Consistency,
  type EntityModel,
  type FetchedMembers,
  type FetchRequest,
  fetchApart,
  type MemberRow,
  memberRanges,
  type Plan,
  partitionText,
  type ReadCall,
} from '@isomodel/core/driver'
import { Placeholders } from './expression.js'
import type { EntityLayout } from './layout.js'
import { accessOf, rangeExpression } from './planner.js'
import { fetch, refuseStrongGlobal, rowOf, sortText, startKey } from './query.js'
import { type LowLevelClient, sendOnce } from './send.js'

type LayoutOf = (entity: EntityModel) => EntityLayout

/**
 * One Query from the first member's items to the last one's: what lies between and is of no member is read and left out.
 * Members in tables of their own are queried each by itself.
 */
export function planCollection(layoutOf: LayoutOf, members: readonly Plan[]): CollectionPlan {
  const [first] = members as readonly [Plan]
  if (!isTogether(layoutOf, members)) {
    return { members, roundTrips: members.length, request: members.map(({ request }) => request) }
  }
  const input = collectionInput(layoutOf(first.query.entity), members, first.freshness)
  return { members, roundTrips: 1, request: { command: 'Query', input } }
}

export async function fetchCollection(
  client: LowLevelClient,
  layoutOf: LayoutOf,
  { members }: CollectionPlan,
  request: FetchRequest,
  call: ReadCall,
): Promise<FetchedMembers> {
  if (!isTogether(layoutOf, members)) {
    return fetchApart(members, request, (plan, page) => fetch(client, layoutOf(plan.query.entity), plan, page, call))
  }
  const [first] = members as readonly [Plan]
  refuseStrongGlobal(first, call)
  const layout = layoutOf(first.query.entity)
  const access = accessOf(layout, first.query)
  const { after, limit } = request
  const start = after === undefined ? { member: 0, inside: false } : memberRanges(members).resume(after)
  if (start === undefined) return { rows: [] }
  const rest = members.slice(start.member)
  const output = await sendOnce(
    client,
    new QueryCommand({
      ...collectionInput(layout, rest, call.consistency),
      Limit: limit,
      ...(after === undefined || !start.inside ? {} : { ExclusiveStartKey: startKey(rest[0] as Plan, access, after) }),
    }),
    { command: 'Query', tables: [layout.table], writes: false },
    call,
  )
  const ranges = memberRanges(members)
  const rows = (output.Items ?? []).flatMap((item): MemberRow[] => {
    const member = ranges.at(sortText(item, access))
    const query = member === undefined ? undefined : members[member]?.query
    if (member === undefined || query === undefined) return []
    return [{ ...rowOf(layoutOf(query.entity), query, access, item), member }]
  })
  const { LastEvaluatedKey: reached } = output
  return reached === undefined ? { rows } : { rows, next: sortText(reached, access) }
}

function isTogether(layoutOf: LayoutOf, members: readonly Plan[]): boolean {
  return new Set(members.map(({ query }) => layoutOf(query.entity).table)).size === 1
}

function collectionInput(layout: EntityLayout, members: readonly Plan[], consistency: Consistency): QueryCommandInput {
  const [{ query }] = members as readonly [Plan]
  const access = accessOf(layout, query)
  const placeholders = new Placeholders()
  const text = partitionText(query.index ?? query.entity.key, query.partition)
  const partition = `${placeholders.name(access.partition)} = ${placeholders.value({ S: text })}`
  const sort = rangeExpression(placeholders.name(access.sort), memberRanges(members), placeholders)
  return {
    TableName: layout.table,
    ...(access.index === undefined ? {} : { IndexName: access.index }),
    KeyConditionExpression: `${partition} AND ${sort}`,
    ...placeholders.attributes(),
    ScanIndexForward: !query.reverse,
    ConsistentRead: consistency === 'strong',
    ReturnConsumedCapacity: 'TOTAL',
  }
}
