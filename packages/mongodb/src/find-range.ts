import {
  decodeIndexText,
  type EntityModel,
  getOwn,
  type IndexModel,
  type KeyField,
  type OrderedValue,
  partitionText,
  type SortRange,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import { bytesText, type DocumentCodec } from './codec.js'
import { allOf, anyOf, type Filter, prefixRange } from './conditions.js'
import { idRange, idText } from './id.js'
import { sortPath } from './indexes.js'
import { ID } from './names.js'

/** The documents of a partition that a query can reach, from behind a position on. */
export type FindRange = (after: string | undefined) => Filter

/** The range of a query by the key: `_id`s are texts that sort as the keys do; positions are the sort texts in them. */
export function keyFindRange(entity: EntityModel, partition: Values, range: SortRange, reverse: boolean): FindRange {
  const { at, from, to, exact } = idRange(entity, partition, range)
  if (exact !== undefined) return (after) => after === undefined && { [ID]: { $eq: exact } }
  return (after) => {
    if (after === undefined) return { [ID]: { $gte: from, $lt: to } }
    return { [ID]: reverse ? { $gte: from, $lt: at(after) } : { $gt: at(after), $lt: to } }
  }
}

/** A path of an index that its range does not fix, in the index's order. */
interface Column {
  readonly path: string
  /** A document may lack it; it is then not in the index. */
  readonly sparse: boolean
  readonly bounds: BsonObject
  readonly at: (values: Values) => Bson
}

/** The range of a query by an index; positions are the sort texts of `indexText`. */
export function indexFindRange(
  entity: EntityModel,
  index: IndexModel,
  codec: DocumentCodec,
  partition: Values,
  range: SortRange,
  reverse: boolean,
): FindRange {
  const fixed: Filter[] = []
  for (const field of index.partition) {
    fixed.push({ [sortPath(entity, field)]: { $eq: encoded(codec, field, getOwn(partition, field.name) as Value) } })
  }
  for (const { field, value } of range.equal)
    fixed.push({ [sortPath(entity, field)]: { $eq: encoded(codec, field, value) } })

  const columns: Column[] = index.sort.slice(range.equal.length).map((field) => ({
    path: sortPath(entity, field),
    sparse: field.slot.optional || field.slot.nullable,
    bounds: field === range.field ? boundsOf(codec, range, field) : {},
    at: (values) => encoded(codec, field, getOwn(values, field.name) as Value),
  }))
  columns.push({ path: ID, sparse: false, bounds: {}, at: (values) => idText(entity, values) })
  const partitionHead = partitionText(index, partition)

  return (after) => {
    if (after === undefined) return allOf([...fixed, ...columns.map(within)])
    const values = decodeIndexText(entity, index, { partition: partitionHead, sort: after })
    return anyOf(
      columns.map((column, depth) =>
        allOf([
          ...fixed,
          ...columns.slice(0, depth).map(({ path, at }): Filter => ({ [path]: { $eq: at(values) } })),
          { [column.path]: beyond(column, column.at(values), reverse) },
          ...columns.slice(depth + 1).map(present),
        ]),
      ),
    )
  }
}

function within(column: Column): Filter {
  return Object.keys(column.bounds).length === 0 ? present(column) : { [column.path]: column.bounds }
}

function present({ path, sparse }: Column): Filter {
  return sparse ? { [path]: { $ne: null } } : true
}

/** Behind a value, up to the end that lies ahead; a comparison holds of no null. */
function beyond({ bounds }: Column, value: Bson, reverse: boolean): BsonObject {
  const behind = reverse ? '$lt' : '$gt'
  const ahead = Object.entries(bounds).filter(([operator]) => operator.startsWith(reverse ? '$g' : '$l'))
  return Object.fromEntries([[behind, value], ...ahead])
}

function boundsOf(codec: DocumentCodec, { low, high, beginsWith }: SortRange, field: KeyField): BsonObject {
  if (beginsWith !== undefined) return prefixRange(beginsWith)
  const bounds: BsonObject = {}
  if (low !== undefined) bounds[low.inclusive ? '$gte' : '$gt'] = encoded(codec, field, low.value)
  if (high !== undefined) bounds[high.inclusive ? '$lte' : '$lt'] = encoded(codec, field, high.value)
  return bounds
}

/** A value as an index holds it. */
function encoded(codec: DocumentCodec, { name }: KeyField, value: Value | OrderedValue): Bson {
  return value instanceof Uint8Array ? bytesText(value) : codec.values.at([name]).encode(value)
}
