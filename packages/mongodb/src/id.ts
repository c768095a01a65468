import {
  decodeKeyText,
  type EntityModel,
  keyText,
  partitionText,
  type SortRange,
  type TextRange,
  textRange,
  type Values,
} from '@isomodel/core/driver'

// Names of entities and partitions are letters, digits and `_`, so they stand in key texts as they are.

/**
 * The `_id` of an entity: its key text without the names that a collection of its own makes needless, `c-1#o-7`. Sorting
 * by it sorts by the key, field by field.
 */
export function idText(entity: EntityModel, key: Values): string {
  const { partition, sort } = keyText(entity, key)
  return partition.slice(entity.key.partitionName.length + 1) + sort.slice(entity.name.length)
}

/**
 * The key fields behind an `_id`.
 *
 * @throws StoreError `CORRUPT` when it is no key of this entity.
 */
export function decodeId(entity: EntityModel, id: string): Values {
  const components = id.split('#')
  const fields = entity.key.partition.length
  return decodeKeyText(entity, {
    partition: [entity.key.partitionName, ...components.slice(0, fields)].join('#'),
    sort: [entity.name, ...components.slice(fields)].join('#'),
  })
}

/** The `_id`s of a partition that a range of the key's sort fields describes. */
export function idRange(entity: EntityModel, partition: Values, range: SortRange): TextRange {
  const head = partitionText(entity.key, partition).slice(entity.key.partitionName.length + 1)
  const { from, to, exact } = textRange(entity, entity.key, range)
  const within = (sort: string): string => head + sort.slice(entity.name.length)
  return { from: within(from), to: within(to), ...(exact === undefined ? {} : { exact: within(exact) }) }
}
