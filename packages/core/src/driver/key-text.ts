import { StoreError } from '../errors/store-error.js'
import type { EntityModel, IndexModel, KeyField, KeyModel } from '../model/model.js'
import { getOwn, setOwn, type Value, type Values } from '../schema/value.js'
import { decodeComponent, encodeComponent, escapeText } from './key-component.js'

/** Where an entity lies: `Order#c-1` and `Order#o-7`. Sorting both by `compareText` sorts by the fields' values. */
export interface KeyText {
  readonly partition: string
  readonly sort: string
}

/** The texts of an entity's key. `key` has at least the key fields. */
export function keyText(entity: EntityModel, key: Values): KeyText {
  return {
    partition: partitionText(entity.key, key),
    sort: append(escapeText(entity.name), entity.key.sort, key),
  }
}

/**
 * The texts of an entity's place in an index: its sort text goes on with the key fields that the index does not name, so
 * that it is the entity's alone. undefined when an index field is absent or null: then the entity is not in the index.
 * `values` has the index fields and the key.
 */
export function indexText(entity: EntityModel, index: IndexModel, values: Values): KeyText | undefined {
  for (const field of index.partition) if ((getOwn(values, field.name) ?? null) === null) return undefined
  for (const field of index.sort) if ((getOwn(values, field.name) ?? null) === null) return undefined
  return {
    partition: partitionText(index, values),
    sort: append(append(escapeText(entity.name), index.sort, values), index.ties, values),
  }
}

/** The text of a partition of a key or an index: its name and its fields. */
export function partitionText(model: KeyModel, partition: Values): string {
  return append(escapeText(model.partitionName), model.partition, partition)
}

/**
 * The key fields behind the texts of `keyText`.
 *
 * @throws StoreError `CORRUPT` when the texts are no key of this entity.
 */
export function decodeKeyText(entity: EntityModel, text: KeyText): Values {
  const values: { [field: string]: Value } = {}
  take(values, text.partition, entity.key.partitionName, entity.key.partition)
  take(values, text.sort, entity.name, entity.key.sort)
  return values
}

/**
 * The index and key fields behind the texts of `indexText`.
 *
 * @throws StoreError `CORRUPT` when the texts are no place of this entity in this index.
 */
export function decodeIndexText(entity: EntityModel, index: IndexModel, text: KeyText): Values {
  const values: { [field: string]: Value } = {}
  take(values, text.partition, index.partitionName, index.partition)
  take(values, text.sort, entity.name, [...index.sort, ...index.ties])
  return values
}

function append(head: string, fields: readonly KeyField[], values: Values): string {
  let text = head
  for (const field of fields) {
    const value = getOwn(values, field.name)
    if (value === undefined) {
      throw new StoreError(`Key field ${JSON.stringify(field.name)} is missing; a key needs all of its fields.`, {
        code: 'VALIDATION',
        path: [field.name],
      })
    }
    text += `#${encodeComponent(field.slot.type, value)}`
  }
  return text
}

function take(values: { [field: string]: Value }, text: string, name: string, fields: readonly KeyField[]): void {
  const [head, ...components] = text.split('#')
  if (head !== escapeText(name) || components.length !== fields.length) {
    throw new StoreError(
      `${JSON.stringify(text)} is no key text of ${JSON.stringify(name)} with ${fields.length} field(s): it was written by something else, or for another model. Repair or remove that record in the store, or give the model the key it was written with.`,
      { code: 'CORRUPT' },
    )
  }
  fields.forEach((field, i) => {
    setOwn(values, field.name, decodeComponent(field.slot.type, components[i] ?? ''))
  })
}
