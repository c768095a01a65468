import { analyse, type Plan, partitionText, type QuerySpec, type TextRange, textRange } from '@isomodel/core/driver'

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
