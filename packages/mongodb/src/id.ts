import {
  decodeKeyText,
  type EntityModel,
  type KeyText,
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
  return idOfText(entity, keyText(entity, key))
}

export function idOfText(entity: EntityModel, { partition, sort }: KeyText): string {
  return partition.slice(entity.key.partitionName.length + 1) + sort.slice(entity.name.length)
}

/**
 * The key fields behind an `_id`.
 *
 * @throws StoreError `CORRUPT` when it is no key of this entity.
 */
export function decodeId(entity: EntityModel, id: string): Values {
  return decodeKeyText(entity, keyTextOfId(entity, id))
}

/** The key text of which an `_id` was made. */
export function keyTextOfId(entity: EntityModel, id: string): KeyText {
  const components = id.split('#')
  const fields = entity.key.partition.length
  return {
    partition: [entity.key.partitionName, ...components.slice(0, fields)].join('#'),
    sort: [entity.name, ...components.slice(fields)].join('#'),
  }
}

/** The `_id`s of a partition that a range of the key's sort fields describes. */
export interface IdRange extends TextRange {
  /** The `_id` of a sort text in the partition. */
  readonly at: (sort: string) => string
}

export function idRange(entity: EntityModel, partition: Values, range: SortRange): IdRange {
  const head = partitionText(entity.key, partition).slice(entity.key.partitionName.length + 1)
  const { from, to, exact } = textRange(entity, entity.key, range)
  const at = (sort: string): string => head + sort.slice(entity.name.length)
  return { at, from: at(from), to: at(to), ...(exact === undefined ? {} : { exact: at(exact) }) }
}
