import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  type EntityModel,
  type IndexModel,
  type KeyField,
  type KeyText,
  type Path,
  StoreError,
  type Value,
} from '@isomodel/core/driver'
import type { Item } from './codec.js'
import type { EntityLayout } from './layout.js'
import { fieldOf } from './names.js'
import { misfit, type NumberRangeError } from './numbers.js'
import { depthOf, fieldsBytes, mostBytes, textBytes, valueBytes } from './size.js'

/** Bytes of an item together with its local index entries. */
const MOST_ITEM = 409_600
const MOST_PARTITION = 2_048
const MOST_SORT = 1_024
/** Elements of one list: each takes a byte at least. What names one further on, DynamoDB may not even read. */
const MOST_ELEMENTS = MOST_ITEM
/** Lists and objects inside each other: DynamoDB's 32 levels count the attribute's value as one. */
const DEEPEST = 31

/**
 * Refuses an item that is too large or too deep for DynamoDB, before it is sent; its keys are checked as they are made.
 *
 * @throws StoreError `LIMIT_EXCEEDED` naming field, size and limit.
 */
export function checkItem(layout: EntityLayout, item: Item): void {
  let most = 0
  for (const name of Object.keys(item)) {
    const value = item[name] as AttributeValue
    if ((value.M !== undefined || value.L !== undefined) && depthOf(value) > DEEPEST)
      throw tooDeep([fieldAt(layout, name)], depthOf(value))
    most += name.length * 3 + mostBytes(value)
  }
  const copies =
    1 + layout.indexes.filter(({ index, sort }) => index.scope === 'local' && item[sort] !== undefined).length
  if (most * copies > MOST_ITEM && fieldsBytes(item) * copies > MOST_ITEM) throw tooLarge(layout, item, copies)
}

/** Whether a key can be in the store at all. */
export function fitsKey(partition: string, sort: string): boolean {
  return fitsText(partition, MOST_PARTITION) && fitsText(sort, MOST_SORT)
}

/** Whether a path goes to an element that a list of DynamoDB can have. */
export function fitsLists(path: Path): boolean {
  return path.every((step) => typeof step === 'string' || step < MOST_ELEMENTS)
}

/** A text that fits a sort key, or so much of its start that its successor fits as well. */
export function clipSort(text: string): string {
  if (fitsText(text, MOST_SORT)) return text
  let clipped = ''
  let bytes = 0
  for (const character of text) {
    bytes += textBytes(character)
    if (bytes > MOST_SORT - 4) break
    clipped += character
  }
  return clipped
}

/**
 * Refuses the key of a write.
 *
 * @throws StoreError `LIMIT_EXCEEDED`.
 */
export function checkKey({ key }: EntityModel, text: KeyText): void {
  checkPart(text.partition, MOST_PARTITION, 'partition of the key', key.partition)
  checkPart(text.sort, MOST_SORT, 'sort part of the key', key.sort)
}

/** The same for the place in an index. */
export function checkIndexKey(index: IndexModel, text: KeyText): void {
  checkPart(text.partition, MOST_PARTITION, `partition of index ${index.name}`, index.partition)
  checkPart(text.sort, MOST_SORT, `sort part of index ${index.name}`, [...index.sort, ...index.ties])
}

function checkPart(text: string, limit: number, what: string, fields: readonly KeyField[]): void {
  if (fitsText(text, limit)) return
  const names = fields.map((field) => field.name)
  throw limitExceeded(
    `The ${what} is ${textBytes(text)} bytes as a key text, of ${names.join(', ')}, and DynamoDB takes ${limit}; characters up to $ count three. Use shorter values there`,
    names.length === 1 ? names : [],
  )
}

function fitsText(text: string, limit: number): boolean {
  return text.length * 3 <= limit || textBytes(text) <= limit
}

/** The field of an attribute, for messages; of the library's own, the attribute itself. */
function fieldAt({ entity }: EntityLayout, attribute: string): string {
  const stored = fieldOf(attribute) ?? attribute
  return [...entity.names].find(([, name]) => name === stored)?.[0] ?? stored
}

function tooDeep(path: Path, levels: number): StoreError {
  return limitExceeded(
    `makes the entity ${levels} levels deep, and DynamoDB takes ${DEEPEST}. Flatten it, or store the inner part as an entity of its own`,
    path,
  )
}

function tooLarge(layout: EntityLayout, item: Item, copies: number): StoreError {
  const bytes = fieldsBytes(item) * copies
  const largest = Object.keys(item).reduce((a, b) => (sizeOf(item, a) >= sizeOf(item, b) ? a : b))
  const field = fieldAt(layout, largest)
  return limitExceeded(
    `has ${sizeOf(item, largest)} of the entity's ${bytes} bytes${copies === 1 ? '' : ' with its local index entries'}, and DynamoDB takes ${MOST_ITEM}. Split the entity, or keep large values elsewhere`,
    [field],
  )
}

function sizeOf(item: Item, name: string): number {
  return textBytes(name) + valueBytes(item[name] as AttributeValue)
}

/**
 * Refuses one value that would be too deep or too large at its place.
 *
 * @throws StoreError `LIMIT_EXCEEDED`.
 */
export function checkValue(value: AttributeValue, path: Path): void {
  const levels = path.length - 1 + depthOf(value)
  if (levels > DEEPEST) throw tooDeep(path, levels)
  if (mostBytes(value) > MOST_ITEM && valueBytes(value) > MOST_ITEM) {
    throw limitExceeded(
      `has a value of ${valueBytes(value)} bytes, and DynamoDB takes ${MOST_ITEM} in a whole entity. Split the entity, or keep large values elsewhere`,
      path,
    )
  }
}

/** The error of a number that DynamoDB does not have, with its place in what was to be written. */
export function explainNumber(
  entity: EntityModel,
  value: Value,
  error: NumberRangeError,
  within: Path = [],
): StoreError {
  const path = [...within, ...(misfit(value)?.path ?? [])]
  const shown = entity.sensitive.has(String(path[0])) ? 'It' : String(error.value)
  return limitExceeded(
    `${shown} is no number that DynamoDB has: it holds 0 and magnitudes from 1e-130 to 9.99e+125. Store it as text, or scaled`,
    path,
  )
}

function limitExceeded(message: string, path: Path): StoreError {
  return new StoreError(message, {
    code: 'LIMIT_EXCEEDED',
    store: 'DynamoDB',
    ...(path.length === 0 ? {} : { path }),
  })
}
