import { QueryCommand } from '@aws-sdk/client-dynamodb'
import {
  compareText,
  decodeIndexText,
  type Fetched,
  type FetchRequest,
  type KeyText,
  keyText,
  type Plan,
  partitionText,
  type QuerySpec,
  type ReadCall,
  type Row,
  textRange,
  UnsupportedError,
} from '@isomodel/core/driver'
import type { Item } from './codec.js'
import { type EntityLayout, keyItem, toStored } from './layout.js'
import { type Access, accessOf, queryInput } from './planner.js'
import { type LowLevelClient, sendOnce } from './send.js'

/**
 * Rows that a request reads at least where a filter leaves out some, at first and further on: few rows that fit should
 * take neither many requests nor, when they come early, much capacity.
 */
const FILTERED_FIRST = 100
const FILTERED_NEXT = 500

/** One Query request of a plan. A row's position is its sort text: everything else follows from the query. */
export async function fetch(
  client: LowLevelClient,
  layout: EntityLayout,
  plan: Plan,
  request: FetchRequest,
  call: ReadCall,
): Promise<Fetched> {
  if (plan.access === 'none') return { rows: [] }
  refuseStrongGlobal(plan, call)
  const access = accessOf(layout, plan.query)
  const input = queryInput(layout, plan, { now: request.now, consistency: call.consistency })
  const output = await sendOnce(
    client,
    new QueryCommand({
      ...input,
      Limit: limitOf(plan, request),
      ...(request.after === undefined ? {} : { ExclusiveStartKey: startKey(plan, access, request.after) }),
    }),
    { command: 'Query', tables: [layout.table], writes: false },
    call,
  )

  const { LastEvaluatedKey: reached, ScannedCount: reads = output.Items?.length ?? 0 } = output
  const range = textRange(plan.query.entity, plan.query.index ?? plan.query.entity.key, plan.range)
  const inside = (item: Item): boolean => {
    const sort = sortText(item, access)
    return compareText(sort, range.from) >= 0 && compareText(sort, range.to) < 0
  }
  const items = (output.Items ?? []).filter(inside)
  const rows = items.slice(0, request.limit).map((item) => rowOf(layout, plan.query, access, item))
  const last = rows.at(-1)
  if (items.length > rows.length && last !== undefined) return { rows, next: last.position(), reads }
  return { rows, reads, ...(reached === undefined ? {} : { next: sortText(reached, access) }) }
}

function limitOf({ pushed }: Plan, { after, limit }: FetchRequest): number {
  if (pushed === undefined) return limit
  return Math.max(limit, after === undefined ? FILTERED_FIRST : FILTERED_NEXT)
}

export function rowOf(layout: EntityLayout, query: QuerySpec, access: Access, item: Item): Row {
  const position = (): string => sortText(item, access)
  return { stored: toStored(layout, item, () => placeAt(query, position())), position }
}

export function sortText(item: Item, { sort }: Access): string {
  return item[sort]?.S ?? ''
}

/** The key of the row at a position, whether or not it is still there. */
export function startKey({ query }: Plan, access: Access, sort: string): Item {
  const key = keyItem(placeAt(query, sort))
  if (query.index === undefined) return key
  const partition = partitionText(query.index, query.partition)
  return { ...key, [access.partition]: { S: partition }, [access.sort]: { S: sort } }
}

/** The texts of the key of the row at a position. */
function placeAt({ entity, index, partition: fields }: QuerySpec, sort: string): KeyText {
  const partition = partitionText(index ?? entity.key, fields)
  return index === undefined
    ? { partition, sort }
    : keyText(entity, decodeIndexText(entity, index, { partition, sort }))
}

export function refuseStrongGlobal({ query, freshness }: Plan, { consistency }: ReadCall): void {
  if (consistency !== 'strong' || freshness === 'strong') return
  throw new UnsupportedError(
    `DynamoDB answers a global index only eventually, and index ${query.index?.name} is one. Ask with consistency: 'eventual', query by the key, or declare the index scope: 'local' where it has the key's partition.`,
    { store: 'DynamoDB', entity: query.entity.name },
  )
}
