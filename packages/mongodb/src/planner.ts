import {
  analyse,
  type Condition,
  indexText,
  isNever,
  type Plan,
  type QuerySpec,
  type Stored,
  simplify,
  splitCondition,
} from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { allOf, type Filter } from './conditions.js'
import { type FindRange, indexFindRange, keyFindRange } from './find-range.js'
import { keyTextOfId } from './id.js'
import { indexKey } from './indexes.js'
import { ID, TOKEN, topNameOf } from './names.js'
import { plainData } from './plain-data.js'

/** A query as `find` commands, one for each page. */
export interface Find {
  /** The command that reads on from behind a position; undefined where nothing can lie there. */
  command(after: string | undefined, limit: number | undefined, moment: Bson): BsonObject | undefined
  /** Where a row is. */
  position(document: BsonObject, stored: Stored): string
}

/** Decides how a query runs. Queries by the key go by `_id`, queries by an index by the compound index of its fields. */
export function planQuery(
  collection: EntityCollection,
  query: QuerySpec,
): { readonly plan: Plan; readonly find: Find | undefined } {
  const analysis = analyse(query)
  const rest = decided(collection, analysis.rest)
  const impossible = analysis.empty || (rest !== undefined && isNever(rest))
  const { pushed, residual } = impossible
    ? { pushed: undefined, residual: undefined }
    : splitCondition(rest, (leaf) => collection.filters.leaf(leaf) !== undefined)
  const find = impossible ? undefined : makeFind(collection, query, analysis.range, pushed)
  const plan: Plan = {
    query,
    access: impossible ? 'none' : query.index === undefined ? 'key' : 'index',
    range: analysis.range,
    pushed,
    residual,
    freshness: 'strong',
    roundTrips: impossible ? 0 : 1,
    request: plainData(find?.command(undefined, undefined, '<now>')),
  }
  return { plan, find }
}

function makeFind(
  collection: EntityCollection,
  query: QuerySpec,
  range: Plan['range'],
  pushed: Condition | undefined,
): Find {
  const { entity, index, partition, reverse } = query
  const rangeOf: FindRange =
    index === undefined
      ? keyFindRange(entity, partition, range, reverse)
      : indexFindRange(entity, index, collection.codec, partition, range, reverse)
  const filter: Filter = pushed === undefined ? true : (collection.filters.compile(pushed) ?? true)
  const key = index === undefined ? { [ID]: 1 as const } : indexKey(entity, index)
  const sorted = Object.keys(key).slice(index?.partition.length ?? 0)
  const sort = Object.fromEntries(sorted.map((path) => [path, reverse ? -1 : 1]))
  const projection = projectionOf(query)
  return {
    command(after, limit, moment) {
      const whole = allOf([rangeOf(after), filter, collection.live(moment)])
      if (whole === false) return undefined
      return {
        find: collection.name,
        filter: whole === true ? {} : whole,
        sort,
        // The model's own index, or an error that says it is missing: never a walk through the whole collection.
        hint: key,
        ...(projection === undefined ? {} : { projection }),
        // With a batch of just the limit, servers keep the cursor open for nothing.
        ...(limit === undefined ? {} : { limit, batchSize: limit + 1 }),
      }
    },
    position(document, stored) {
      if (index === undefined) return keyTextOfId(entity, document[ID] as string).sort
      return indexText(entity, index, stored.values)?.sort ?? ''
    },
  }
}

/** Decides the parts of a filter that the schema alone decides. */
export function decided(collection: EntityCollection, rest: Condition | undefined): Condition | undefined {
  if (rest === undefined) return undefined
  return simplify(rest, (leaf) => {
    const filter = collection.filters.leaf(leaf)
    return typeof filter === 'boolean' ? filter : undefined
  })
}

/** The asked fields, and those that say where a row is. */
export function projectionOf({
  entity,
  index,
  select,
}: Pick<QuerySpec, 'entity' | 'index' | 'select'>): BsonObject | undefined {
  if (select === undefined) return undefined
  const fields = [...entity.key.partition, ...entity.key.sort, ...(index?.partition ?? []), ...(index?.sort ?? [])]
  const names = new Set([...select, ...fields.map(({ name }) => name)])
  if (entity.ttl !== undefined) names.add(entity.ttl)
  const projection: BsonObject = { [TOKEN]: 1 }
  for (const name of names) projection[topNameOf(entity, name)] = 1
  return projection
}
