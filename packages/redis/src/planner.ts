import {
  analyse,
  type Condition,
  type EntityModel,
  type Plan,
  partitionText,
  type QuerySpec,
  type ReadCall,
  type SortRange,
  type TextRange,
  textRange,
  UnsupportedError,
} from '@isomodel/core/driver'
import { BETWEEN, indexId, isBehind, type Keys } from './keys.js'
import { toBytes, type Wire } from './wire.js'

/** Decides how a query runs: a range of members, then the hashes they lead to. Nothing is filtered in the store. */
export function planQuery(query: QuerySpec, keys: Keys): Plan {
  const { range, rest, empty } = analyse(query)
  const plan: Omit<Plan, 'request'> = {
    query,
    access: empty ? 'none' : query.index === undefined ? 'key' : 'index',
    range,
    pushed: undefined,
    residual: rest,
    freshness: isBehind(query.index, keys) ? 'eventual' : 'strong',
    roundTrips: empty ? 0 : countsMembers(query, rest, keys) ? 1 : 2,
  }
  return { ...plan, request: empty ? undefined : explain(query, rest, memberRange(query, range, keys), keys) }
}

/** A range of members of one set. */
export interface MemberRange {
  readonly bucket: number
  readonly key: string
  /** What every member of the partition begins with. */
  readonly head: Wire
  /** Inclusive. */
  readonly from: Wire
  /** Exclusive. */
  readonly to: Wire
}

export function memberRange(query: QuerySpec, range: SortRange, keys: Keys): MemberRange {
  return textMembers(query, textRange(query.entity, query.index ?? query.entity.key, range), keys)
}

/** The members between two sort texts of a query's partition. */
export function textMembers(
  { entity, index, partition: fields }: QuerySpec,
  { from, to }: Pick<TextRange, 'from' | 'to'>,
  keys: Keys,
): MemberRange {
  const partition = partitionText(index ?? entity.key, fields)
  const bucket = keys.bucketOf(partition)
  const head = toBytes(partition + BETWEEN)
  return {
    bucket,
    key: index === undefined ? keys.all(bucket) : keys.index(bucket, indexId(index)),
    head,
    from: head + toBytes(from),
    to: head + toBytes(to),
  }
}

/** Throws `UNSUPPORTED` for a strong read by an index that is behind for a moment. */
export function refuseBehind({ query, freshness }: Plan, { consistency }: ReadCall): void {
  if (consistency !== 'strong' || freshness === 'strong') return
  throw new UnsupportedError(
    `On a Redis cluster a global index answers only eventually, and index ${query.index?.name} is one. Ask with consistency: 'eventual', query by the key, or declare the index scope: 'local' where it has the key's partition.`,
    { store: 'Redis' },
  )
}

/** ZRANGE's arguments for a page: behind a member, in the query's direction. */
export function rangeArguments({ key, from, to }: MemberRange, reverse: boolean, limit: Wire, after?: Wire): Wire[] {
  const low = `[${from}`
  const high = `(${to}`
  const start = after === undefined ? (reverse ? high : low) : `(${after}`
  return reverse
    ? [key, start, low, 'BYLEX', 'REV', 'LIMIT', '0', limit]
    : [key, start, high, 'BYLEX', 'LIMIT', '0', limit]
}

/** Whether the members alone answer: a count without a filter, of entities that do not expire, by an index that is never behind. */
export function countsMembers(
  { count, entity, index }: QuerySpec,
  residual: Condition | undefined,
  keys: Keys,
): boolean {
  return count && residual === undefined && entity.ttl === undefined && !isBehind(index, keys)
}

/** The fields that a query's rows need; undefined for all. */
export function fieldsOf({ query, residual }: Plan): ReadonlySet<string> | undefined {
  const { entity, select, count } = query
  if (select === undefined && !count) return undefined
  const fields = new Set(count ? [] : select)
  if (residual !== undefined) addFields(residual, fields)
  if (entity.ttl !== undefined) fields.add(entity.ttl)
  if (!count) for (const field of keyFields(entity)) fields.add(field)
  return fields
}

function keyFields({ key }: EntityModel): string[] {
  return [...key.partition, ...key.sort].map((field) => field.name)
}

/** The entity's fields that a condition looks at. */
export function addFields(condition: Condition, fields: Set<string>): void {
  switch (condition.op) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) addFields(part, fields)
      break
    case 'not':
      addFields(condition.condition, fields)
      break
    default:
      if (typeof condition.path[0] === 'string') fields.add(condition.path[0])
  }
}

function explain(query: QuerySpec, residual: Condition | undefined, range: MemberRange, keys: Keys): unknown {
  const first = { command: 'ZRANGE', args: rangeArguments(range, query.reverse, '<rows + 1>') }
  if (countsMembers(query, residual, keys)) return [first]
  const whole = query.select === undefined && !query.count
  return [first, { command: whole ? 'HGETALL' : 'HMGET', of: 'each entity that a member leads to, in one pipeline' }]
}
