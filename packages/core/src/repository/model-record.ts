import type { Stored } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { EntityModel, IndexModel, KeyField, KeyModel } from '../model/model.js'
import { isOrderable, orderedKind } from '../schema/orderable.js'
import type { Values } from '../schema/value.js'
import { libraryEntity, text } from './library-entity.js'

const VERSION = 1

/**
 * The library's own entity: what a store's entities were written under. A key's fields and an index's number are nowhere in
 * what a key-value store keeps, so another model would read it as empty, or as something else.
 */
export const modelRecord: EntityModel = libraryEntity('isomodel_model', 'entity', { model: text })

export interface RecordedModel {
  readonly key: RecordedKey
  /** By number. Also those that the model no longer names: what was stored still lies there. */
  readonly indexes: readonly RecordedIndex[]
  /** Also those that the model no longer names. */
  readonly uniques: readonly RecordedUnique[]
  /** What fields are called in the store, where that is something else, by field; a record from before there were names has none. */
  readonly names?: readonly RecordedName[]
}

/** A field, and what it is called in the store. */
type RecordedName = readonly [field: string, stored: string]

function recordedNames({ names }: EntityModel): readonly RecordedName[] {
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1))
}

export interface RecordedUnique {
  readonly name: string
  readonly fields: readonly RecordedField[]
  /** Whether every stored entity that it applies to has its record. */
  readonly filled: boolean
}

interface RecordedKey {
  readonly partitionName: string
  readonly partition: readonly RecordedField[]
  readonly sort: readonly RecordedField[]
}

export interface RecordedIndex extends RecordedKey {
  readonly name: string
  readonly number: number
  readonly scope: 'global' | 'local'
  /** Whether every stored entity is in it that has its fields. */
  readonly filled: boolean
}

/** A field's name and how it is written in keys. */
type RecordedField = readonly [name: string, kind: string]

export function recordedKey({ partitionName, partition, sort }: KeyModel): RecordedKey {
  return { partitionName, partition: partition.map(recordedField), sort: sort.map(recordedField) }
}

export function recordedIndex(index: IndexModel, filled: boolean): RecordedIndex {
  return { name: index.name, number: index.number, scope: index.scope, ...recordedKey(index), filled }
}

export function recordedField({ name, slot }: KeyField): RecordedField {
  return [name, isOrderable(slot.type) ? orderedKind(slot.type) : slot.type.kind]
}

/** The record as it is stored: one text for one model. */
export function recordValues(entity: string, { key, indexes, uniques, names = [] }: RecordedModel): Values {
  const named = names.length === 0 ? {} : { names }
  return { entity, model: JSON.stringify({ version: VERSION, key, indexes, uniques, ...named }) }
}

export function readRecord({ values }: Stored): RecordedModel {
  const found = parsed(values.model)
  if (found?.version === VERSION && isWhole(found)) return found
  throw new StoreError(
    `The record of the model of ${String(values.entity)} (isomodel_model) is of a version that this one does not know, or not whole. It was written by a newer isomodel, or altered: upgrade isomodel, or restore the record.`,
    { code: 'CORRUPT' },
  )
}

function isWhole({ key, indexes, uniques }: Partial<RecordedModel>): boolean {
  return Array.isArray(key?.partition) && Array.isArray(key.sort) && Array.isArray(indexes) && Array.isArray(uniques)
}

function parsed(model: unknown): (RecordedModel & { readonly version: unknown }) | undefined {
  try {
    return JSON.parse(String(model)) ?? undefined
  } catch {
    // No JSON: of no version that there will be.
    return undefined
  }
}

function byPlace(a: RecordedIndex, b: RecordedIndex): number {
  return a.scope === b.scope ? a.number - b.number : a.scope === 'global' ? -1 : 1
}

/** What the store holds once this model is set up in it. */
export function extendedRecord(
  model: EntityModel,
  before: RecordedModel | undefined,
  { fills, filled }: { readonly fills: boolean; readonly filled: ReadonlySet<string> },
): RecordedModel {
  // What a model without the index writes is not in it, so an index that is left out is no longer sure to be filled.
  const indexes = new Map(before?.indexes.map((index) => [index.name, { ...index, filled: fills }]))
  const known = new Map(before?.indexes.map((index) => [index.name, index.filled]))
  for (const index of model.indexes) {
    const whole = fills || filled.has(`${model.name}.${index.name}`) || (known.get(index.name) ?? before === undefined)
    indexes.set(index.name, recordedIndex(index, whole))
  }
  return {
    key: recordedKey(model.key),
    indexes: [...indexes.values()].sort(byPlace),
    uniques: extendedUniques(model, before?.uniques, filled),
    names: recordedNames(model),
  }
}

/** No store makes the records of unique values by itself. */
function extendedUniques(
  model: EntityModel,
  before: readonly RecordedUnique[] | undefined,
  filled: ReadonlySet<string>,
): readonly RecordedUnique[] {
  const known = new Map(before?.map((unique) => [unique.name, unique.filled]))
  const uniques = new Map(before?.map((unique) => [unique.name, { ...unique, filled: false }]))
  for (const { name, fields } of model.uniques) {
    const whole = filled.has(`${model.name}.${name}`) || (known.get(name) ?? before === undefined)
    uniques.set(name, { name, fields: fields.map(recordedField), filled: whole })
  }
  return [...uniques.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
