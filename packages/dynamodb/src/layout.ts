import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  CodecError,
  checkToken,
  compileCodec,
  type EntityCodec,
  type EntityModel,
  type IndexModel,
  indexText,
  type KeyText,
  keyText,
  type Model,
  ModelError,
  type Path,
  type Stored,
  StoreError,
  shownKeyAt,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import { table as codecTable, type Item } from './codec.js'
import { checkIndexKey, checkItem, checkKey, checkValue, explainNumber } from './limits.js'
import { ENTITY, PARTITION, SORT, TOKEN, TTL } from './names.js'
import { NumberRangeError } from './numbers.js'

/** The index of a table that an entity's index lies in, and the attributes of its key. */
export interface IndexLayout {
  readonly index: IndexModel
  readonly name: string
  readonly partition: string
  readonly sort: string
}

/** How one entity lies in its table. */
export interface EntityLayout {
  readonly entity: EntityModel
  readonly table: string
  readonly codec: EntityCodec<AttributeValue>
  readonly indexes: readonly IndexLayout[]
  /** The attribute of the ttl field, where one is declared. */
  readonly ttl: string | undefined
}

/** The layouts of a model's entities. */
export function layouts(model: Model, tableOf: (entity: string) => string): ReadonlyMap<string, EntityLayout> {
  return new Map(model.entities.map((entity) => [entity.name, layoutOf(entity, tableOf(entity.name))]))
}

/** Global indexes that a table may have unless AWS allows the account more. */
const MOST_GLOBAL = 20
const MOST_LOCAL = 5

/**
 * An entity's global index of number n is the table's `gsin`, its local one `lsin`: neither the indexes that come or go
 * beside it nor the other entities of the table change where it lies.
 */
function layoutOf(entity: EntityModel, table: string): EntityLayout {
  const indexes = entity.indexes.map((index): IndexLayout => {
    const name = `${index.scope === 'local' ? 'lsi' : 'gsi'}${index.number}`
    return { index, name, partition: index.scope === 'local' ? PARTITION : `${name}pk`, sort: `${name}sk` }
  })
  const beyond = entity.indexes.find(({ scope, number }) => number > (scope === 'local' ? MOST_LOCAL : MOST_GLOBAL))
  if (beyond !== undefined) {
    throw new ModelError(
      entity.name,
      `its ${beyond.scope} index ${beyond.name} has the number ${beyond.number}, and a DynamoDB table takes ${MOST_GLOBAL} global and ${MOST_LOCAL} local indexes. Let access patterns share an index, or give what differs an entity of its own.`,
    )
  }
  const codec = compileCodec(entity.type, codecTable, entity.names)
  const ttl = entity.ttl === undefined ? undefined : String(codec.wirePath([entity.ttl])[0])
  return { entity, table, codec, indexes, ttl }
}

/** The attribute of an entity's field. */
export function attributeOf({ codec }: EntityLayout, field: string): string {
  return String(codec.wirePath([field])[0])
}

/** The primary key of an item. */
export function keyItem(text: KeyText): Item {
  return { [PARTITION]: { S: text.partition }, [SORT]: { S: text.sort } }
}

/** One text for one item of all tables: key texts hold no control characters, so the parts cannot run together. */
export function itemIdentity(table: string, item: Item): string {
  return `${table}\n${item[PARTITION]?.S}\n${item[SORT]?.S}`
}

/** The primary key of an entity. */
export function keyOf(layout: EntityLayout, key: Values): Item {
  return keyItem(keyText(layout.entity, key))
}

/**
 * The whole item of an entity: its fields, its key and index keys, and the hidden attributes.
 *
 * @throws StoreError `LIMIT_EXCEEDED` for what DynamoDB cannot hold, naming the field.
 */
export function toItem(layout: EntityLayout, values: Values, token: string): Item {
  const { entity } = layout
  const key = keyText(entity, values)
  checkKey(entity, key)
  const item = encodeFields(layout, values)
  item[PARTITION] = { S: key.partition }
  item[SORT] = { S: key.sort }
  for (const { index, partition, sort } of layout.indexes) {
    const text = indexText(entity, index, values)
    if (text === undefined) continue
    checkIndexKey(index, text)
    item[partition] = { S: text.partition }
    item[sort] = { S: text.sort }
  }
  item[ENTITY] = { S: entity.name }
  item[TOKEN] = { S: token }
  const seconds = ttlSeconds(entity, values)
  if (seconds !== undefined) item[TTL] = seconds
  checkItem(layout, item)
  return item
}

function encodeFields({ codec, entity }: EntityLayout, values: Values): Item {
  try {
    return codec.encode(values)
  } catch (error) {
    throw error instanceof NumberRangeError ? explainNumber(entity, values, error) : error
  }
}

/**
 * One new value of an update.
 *
 * @throws StoreError `LIMIT_EXCEEDED` for what DynamoDB cannot hold.
 */
export function encodeAt({ codec, entity }: EntityLayout, path: Path, value: Value): AttributeValue {
  try {
    const wire = codec.at(path).encode(value)
    checkValue(wire, path)
    return wire
  } catch (error) {
    throw error instanceof NumberRangeError ? explainNumber(entity, value, error, path) : error
  }
}

/** The TTL attribute of an entity that expires. */
export function ttlSeconds(entity: EntityModel, values: Values): AttributeValue | undefined {
  const ttl = entity.ttl === undefined ? undefined : values[entity.ttl]
  return ttl instanceof Date ? { N: String(Math.ceil(ttl.getTime() / 1000)) } : undefined
}

/** The texts of an item's primary key. */
export function placeOf(item: Item): KeyText {
  return { partition: item[PARTITION]?.S ?? '', sort: item[SORT]?.S ?? '' }
}

/**
 * What an item holds. `place` is asked for the texts of its key where they were not read along.
 *
 * @throws StoreError `CORRUPT` with the key for what this version did not write.
 */
export function toStored(layout: EntityLayout, item: Item, place: () => KeyText = () => placeOf(item)): Stored {
  try {
    const token = checkToken(item[TOKEN]?.S)
    return { values: layout.codec.decode(item), token }
  } catch (error) {
    const corrupt = corruption(error)
    if (corrupt === undefined) throw error
    const key = shownKeyAt(layout.entity, place)
    throw corrupt.at({ store: 'DynamoDB', entity: layout.entity.name, ...(key === undefined ? {} : { key }) })
  }
}

function corruption(error: unknown): StoreError | undefined {
  if (error instanceof StoreError) return error
  if (!(error instanceof CodecError)) return undefined
  return new StoreError(error.message, { code: 'CORRUPT', path: error.path, cause: error })
}
