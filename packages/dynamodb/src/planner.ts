import type { QueryCommandInput } from '@aws-sdk/client-dynamodb'
import {
  analyse,
  type Condition,
  compareText,
  isAlways,
  isNever,
  type Plan,
  partitionText,
  type QuerySpec,
  splitCondition,
  successor,
  type TextRange,
  textRange,
} from '@isomodel/core/driver'
import { conditionExpression, isNative, spellOut } from './conditions.js'
import { fitsExpression, Placeholders } from './expression.js'
import { allOf } from './guard.js'
import { attributeOf, type EntityLayout } from './layout.js'
import { clipSort, fitsKey } from './limits.js'
import { PARTITION, SORT, TOKEN } from './names.js'

/** Where a query runs, and the attributes of its key. */
export interface Access {
  readonly index: string | undefined
  readonly partition: string
  readonly sort: string
}

export function accessOf(layout: EntityLayout, query: QuerySpec): Access {
  const found = layout.indexes.find(({ index }) => index.name === query.index?.name)
  return found === undefined
    ? { index: undefined, partition: PARTITION, sort: SORT }
    : { index: found.name, partition: found.partition, sort: found.sort }
}

/**
 * Plans a query as one DynamoDB Query: the sort conditions as a range of key texts, of the rest what DynamoDB can judge
 * exactly as a filter.
 */
export function planQuery(layout: EntityLayout, query: QuerySpec): Plan {
  const { range, rest, empty } = analyse(query)
  const split = splitCondition(rest === undefined ? undefined : spellOut(rest), (leaf) => isNative(layout, leaf))
  const { pushed, residual } = withinLimits(layout, split.pushed, split.residual)
  const base = {
    query,
    range,
    pushed,
    residual,
    freshness: query.index?.scope === 'global' ? 'eventual' : 'strong',
  } as const
  const partition = partitionText(query.index ?? query.entity.key, query.partition)
  const texts = textRange(query.entity, query.index ?? query.entity.key, range)
  const impossible =
    empty ||
    (pushed !== undefined && isNever(pushed)) ||
    (residual !== undefined && isNever(residual)) ||
    compareText(texts.from, texts.to) >= 0 ||
    !fitsKey(partition, texts.exact ?? texts.prefix ?? '')
  if (impossible) return { ...base, access: 'none', roundTrips: 0, request: undefined }

  const first = {
    ...base,
    access: query.index === undefined ? 'key' : 'index',
    roundTrips: 1,
    request: undefined,
  } as const
  const input = queryInput(layout, first, { now: undefined, consistency: base.freshness })
  return { ...first, request: { command: 'Query', input } }
}

/** A filter that is more than fits into an expression stays with core, part by part. */
export function withinLimits(
  layout: EntityLayout,
  pushed: Condition | undefined,
  residual: Condition | undefined,
): { readonly pushed: Condition | undefined; readonly residual: Condition | undefined } {
  if (pushed === undefined || fits(layout, pushed)) return { pushed, residual }
  const kept: Condition[] = []
  const left: Condition[] = []
  for (const part of pushed.op === 'and' ? pushed.conditions : [pushed]) {
    if (fits(layout, { op: 'and', conditions: [...kept, part] })) kept.push(part)
    else left.push(part)
  }
  return { pushed: all(kept), residual: all([...left, ...(residual === undefined ? [] : [residual])]) }
}

function fits(layout: EntityLayout, condition: Condition): boolean {
  if (isAlways(condition) || isNever(condition)) return true
  // The expiry is judged in the same filter.
  return fitsExpression(`NOT #ttl <= :0 AND (${conditionExpression(layout, condition, new Placeholders())})`)
}

function all(parts: readonly Condition[]): Condition | undefined {
  if (parts.length === 0) return undefined
  return parts.length === 1 ? parts[0] : { op: 'and', conditions: parts }
}

/** The request of a plan, from the start of its range. */
export function queryInput(
  layout: EntityLayout,
  { query, range, pushed, residual }: Plan,
  { now, consistency }: { readonly now: number | undefined; readonly consistency: 'strong' | 'eventual' },
): QueryCommandInput {
  const access = accessOf(layout, query)
  const model = query.index ?? query.entity.key
  const placeholders = new Placeholders()
  const partition = `${placeholders.name(access.partition)} = ${placeholders.value({ S: partitionText(model, query.partition) })}`
  const sort = rangeExpression(placeholders.name(access.sort), textRange(query.entity, model, range), placeholders)

  const filters: string[] = []
  if (now !== undefined && layout.ttl !== undefined) {
    filters.push(`NOT ${placeholders.name(layout.ttl)} <= ${placeholders.value({ N: String(now) })}`)
  }
  if (pushed !== undefined) filters.push(conditionExpression(layout, pushed, placeholders))
  const projection = projectionOf(layout, access.sort, query, residual)
  return {
    TableName: layout.table,
    ...(access.index === undefined ? {} : { IndexName: access.index }),
    KeyConditionExpression: `${partition} AND ${sort}`,
    ...(filters.length === 0 ? {} : { FilterExpression: allOf(filters) }),
    ...(projection === undefined
      ? {}
      : { ProjectionExpression: projection.map((attribute) => placeholders.name(attribute)).join(', ') }),
    ...placeholders.attributes(),
    ScanIndexForward: !query.reverse,
    ConsistentRead: consistency === 'strong',
    ReturnConsumedCapacity: 'TOTAL',
  }
}

/**
 * A range of sort texts. DynamoDB's ends are inclusive: the row that is exactly the end is dropped by `fetch`. A text
 * longer than a sort key can be is cut to a wider range; nothing is stored in what that adds beyond what `fetch` drops.
 */
export function rangeExpression(
  sort: string,
  { from, to, prefix, exact }: TextRange,
  placeholders: Placeholders,
): string {
  const operand = (text: string): string => placeholders.value({ S: text })
  if (exact !== undefined) return `${sort} = ${operand(exact)}`
  if (prefix !== undefined) return `begins_with(${sort}, ${operand(prefix)})`
  const end = clipSort(to)
  return `${sort} BETWEEN ${operand(clipSort(from))} AND ${operand(end === to ? to : successor(end))}`
}

/** The attributes to fetch: what was asked for, what core still judges, and what rows and positions are made of. */
export function projectionOf(
  layout: EntityLayout,
  sort: string,
  { select, count, entity }: Pick<QuerySpec, 'select' | 'count' | 'entity'>,
  residual: Condition | undefined,
): readonly string[] | undefined {
  if (select === undefined && !count) return undefined
  const fields = new Set([...(select ?? []), ...rootsOf(residual)])
  if (entity.ttl !== undefined) fields.add(entity.ttl)
  return [...new Set([...Array.from(fields, (field) => attributeOf(layout, field)), sort, TOKEN])]
}

/** The top-level fields that a condition looks at. */
function rootsOf(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return []
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(rootsOf)
    case 'not':
      return rootsOf(condition.condition)
    default:
      return [String(condition.path[0])]
  }
}
