import {
  type Change,
  equalValues,
  formatPath,
  getOwn,
  type Slot,
  type UpdateOp,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import { addBounds } from './add-bounds.js'
import type { Bson, BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { anyOf, type Filter } from './conditions.js'
import { checkValue, type ServiceLimits } from './limits.js'
import { HIDDEN, ID, ORDER, TOKEN, topNameOf } from './names.js'
import { plainPlace } from './place.js'

/** Changes as classic update operators, and what must hold of the document for them to mean the same. */
export interface NativeUpdate {
  readonly update: BsonObject
  readonly guards: readonly Filter[]
  /** Bytes of the new values. */
  readonly bytes: number
}

/** Why changes need the document to be read first. */
export interface NeedsRead {
  readonly reason: string
}

/** One change as an operator and its operand. */
interface NativeChange {
  readonly operator: '$set' | '$unset' | '$inc' | '$push' | '$addToSet' | '$pullAll'
  readonly operand: Bson
  readonly guards: readonly Filter[]
}

/** The update operators of an update's changes, or why there are none. */
export function nativeUpdate(
  collection: EntityCollection,
  op: UpdateOp,
  limits: ServiceLimits,
): NativeUpdate | NeedsRead {
  const operators: { [operator: string]: BsonObject } = { $set: { [TOKEN]: op.token } }
  const put = (operator: string, path: string, operand: Bson): void => {
    const paths = operators[operator] ?? {}
    paths[path] = operand
    operators[operator] = paths
  }
  const guards: Filter[] = []
  let bytes = 0
  for (const change of op.changes) {
    const slot = plainPlace(op.entity.type, change.path)
    if (slot === undefined) {
      return { reason: `${formatPath(change.path)} lies where the schema does not say what is stored` }
    }
    const native = nativeChange(collection, change, slot)
    if ('reason' in native) return native
    const path = collection.filters.pathText(change.path)
    const [top = ''] = change.path
    bytes += checkValue(topNameOf(op.entity, String(top)), native.operand, change.path.length, limits)
    put(native.operator, path, native.operand)
    guards.push(...parentGuards(collection, change), ...native.guards)
    if (change.path.length === 1 && collection.codec.isSortedByText(String(top))) {
      const text = change.op === 'set' ? collection.codec.orderText(String(top), change.value) : undefined
      put(text === undefined ? '$unset' : '$set', `${ORDER}.${path}`, text ?? '')
    }
  }
  return { update: operators, guards, bytes }
}

/**
 * The same update with what an insert needs besides; undefined unless inserting what the operators make of nothing, and
 * `$setOnInsert` the rest, gives exactly `create`.
 */
export function withInsert(
  collection: EntityCollection,
  op: UpdateOp,
  create: Values,
  update: BsonObject,
): BsonObject | undefined {
  const changed = new Set<string>()
  for (const change of op.changes) {
    const [field] = change.path
    if (change.path.length !== 1 || typeof field !== 'string') return undefined
    const made = madeOfNothing(change)
    const wanted = getOwn(create, field)
    if (made === undefined ? wanted !== undefined : wanted === undefined || !equalValues(made, wanted)) return undefined
    changed.add(topNameOf(op.entity, field))
  }
  const rest: BsonObject = {}
  const { [ID]: _id, [HIDDEN]: hidden, ...fields } = collection.codec.encode(create, op.token)
  for (const [name, value] of Object.entries(fields)) if (!changed.has(name)) rest[name] = value
  for (const [name, text] of Object.entries((hidden as { readonly order?: BsonObject }).order ?? {})) {
    if (!changed.has(name)) rest[`${ORDER}.${name}`] = text
  }
  return Object.keys(rest).length === 0 ? update : { ...update, $setOnInsert: rest }
}

function nativeChange(collection: EntityCollection, change: Change, slot: Slot): NativeChange | NeedsRead {
  const { codec, filters } = collection
  const at = filters.pathText(change.path)
  const valueCodec = codec.values.at(change.path)
  const encode = (value: Value): Bson => valueCodec.encode(value)
  const isElement = typeof change.path.at(-1) === 'number'
  switch (change.op) {
    case 'set':
      return {
        operator: '$set',
        operand: encode(change.value),
        guards: isElement ? [{ [at]: { $exists: true } }] : [],
      }
    case 'setIfAbsent':
      return { reason: `whether ${formatPath(change.path)} is absent decides what is written` }
    case 'remove':
      if (isElement) return { reason: `removing ${formatPath(change.path)} moves the elements behind it` }
      return { operator: '$unset', operand: '', guards: [] }
    case 'add': {
      const bounds = addBounds(slot.type, change.value)
      if (bounds === undefined) return { reason: `${formatPath(change.path)} is not plainly a number` }
      const inRange: Filter = { [at]: { $gte: encode(bounds.low), $lte: encode(bounds.high) } }
      return {
        operator: '$inc',
        operand: encode(change.value),
        guards: [slot.optional && bounds.fromZero ? anyOf([{ [at]: { $exists: false } }, inRange]) : inRange],
      }
    }
    case 'append':
    case 'prepend': {
      if (slot.type.kind !== 'array') return { reason: `${formatPath(change.path)} is not plainly a list` }
      const each = { $each: encode(change.values) }
      return {
        operator: '$push',
        operand: change.op === 'append' ? each : { ...each, $position: 0 },
        guards: [listGuard(at, slot)],
      }
    }
    case 'addToSet':
    case 'deleteFromSet': {
      if (slot.type.kind !== 'set') return { reason: `${formatPath(change.path)} is not plainly a set` }
      const members = encode(change.values)
      return change.op === 'addToSet'
        ? { operator: '$addToSet', operand: { $each: members }, guards: [listGuard(at, slot)] }
        : { operator: '$pullAll', operand: members, guards: [listGuard(at, slot)] }
    }
  }
}

/** The operators would fail on null, and make a list where none is. */
function listGuard(at: string, slot: Slot): Filter {
  const isList = { [at]: { $type: 'array' } }
  return slot.optional ? anyOf([{ [at]: { $exists: false } }, isList]) : isList
}

/** The operators would make missing parents; a list's element is guarded by its own existence. */
function parentGuards(collection: EntityCollection, { path }: Change): readonly Filter[] {
  if (path.length < 2 || typeof path.at(-1) === 'number') return []
  return [{ [collection.filters.pathText(path.slice(0, -1))]: { $type: 'object' } }]
}

/** What a change of an absent field leaves there. */
function madeOfNothing(change: Change): Value | undefined {
  switch (change.op) {
    case 'set':
    case 'setIfAbsent':
    case 'add':
      return change.value
    case 'append':
    case 'prepend':
    case 'addToSet':
      return change.values
    case 'remove':
    case 'deleteFromSet':
      return undefined
  }
}
