import {
  ALWAYS,
  analyse,
  type CollectionPlan,
  isAlways,
  isNever,
  memberRanges,
  type Plan,
  partitionText,
  type QuerySpec,
  type ScanPlan,
  type ScanSpec,
  simplify,
  type TextRange,
  textRange,
} from '@isomodel/core/driver'

/** Where a query reads: one partition of the key or of an index, between two sort texts. */
export interface Reach extends Pick<TextRange, 'from' | 'to'> {
  readonly index: string | undefined
  readonly partition: string
}

/** Every condition is checked here, so nothing is left to core. */
export function planQuery(query: QuerySpec): Plan {
  const { range, rest, empty } = analyse(query)
  const plan: Plan = {
    query,
    access: empty ? 'none' : query.index === undefined ? 'key' : 'index',
    range,
    pushed: rest,
    residual: undefined,
    freshness: 'strong',
    roundTrips: empty ? 0 : 1,
    request: undefined,
  }
  if (empty) return plan
  return { ...plan, request: { command: 'query', ...reachOf(plan), reverse: query.reverse, where: rest } }
}

export function reachOf({ query, range }: Plan): Reach {
  const model = query.index ?? query.entity.key
  const { from, to } = textRange(query.entity, model, range)
  return { index: query.index?.name, partition: partitionText(model, query.partition), from, to }
}

/** One walk through the partition, past what is of no member. */
export function planCollection(members: readonly Plan[]): CollectionPlan {
  const { from, to } = memberRanges(members)
  const [first] = members as readonly [Plan]
  const { reverse } = first.query
  const request = { command: 'collection', ...reachOf(first), from, to, reverse }
  return { members, roundTrips: 1, request }
}

/** A scan of everything; every condition is checked here. */
export function planScan(scan: ScanSpec): ScanPlan {
  const where = simplify(scan.where ?? ALWAYS)
  const none = isNever(where)
  const pushed = isAlways(where) || none ? undefined : where
  return {
    scan,
    access: none ? 'none' : 'scan',
    pushed,
    residual: undefined,
    freshness: 'strong',
    roundTrips: none ? 0 : 1,
    request: none ? undefined : { command: 'scan', entity: scan.entity.name, where: pushed },
  }
}
