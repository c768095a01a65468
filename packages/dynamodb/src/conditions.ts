import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  CodecError,
  type Condition,
  equalValues,
  type LeafCondition,
  mapCondition,
  type OrderedValue,
  type Path,
  simplify,
  slotAt,
  type Value,
  type ValueType,
  valueKind,
} from '@isomodel/core/driver'
import { memberValue } from './codec.js'
import type { Placeholders } from './expression.js'
import type { EntityLayout } from './layout.js'
import { fitsLists } from './limits.js'
import { fitsNumbers } from './numbers.js'

/**
 * A condition in DynamoDB's words, meaning exactly what `evaluate` means. It has been through `spellOut`, is neither
 * always nor never true, and all its leaves are native. Comparing an absent attribute by `<>` is true there, so that one
 * asks first.
 */
export function conditionExpression(layout: EntityLayout, condition: Condition, placeholders: Placeholders): string {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const word = condition.op === 'and' ? ' AND ' : ' OR '
      return condition.conditions.map((part) => `(${conditionExpression(layout, part, placeholders)})`).join(word)
    }
    case 'not':
      return `NOT (${conditionExpression(layout, condition.condition, placeholders)})`
    default:
      return leafExpression(layout, condition, placeholders)
  }
}

/** The condition without order among booleans, and simplified. */
export function spellOut(condition: Condition): Condition {
  return simplify(mapCondition(condition, booleanOrder))
}

/** Whether DynamoDB judges a leaf exactly as `evaluate` does. */
export function isNative(layout: EntityLayout, leaf: LeafCondition): boolean {
  const place = slotAt(layout.entity.type, leaf.path)
  if (place === undefined) return false
  const type = place.slot.type
  // In a place without a type the store's own kinds are as they are; what the library wraps has a name with `$`.
  const untyped = place.dynamic || type.kind === 'union' || type.kind === 'dynamic' || type.kind === 'null'
  if (place.dynamic && leaf.path.some((step) => typeof step === 'string' && step.startsWith('$'))) return false
  if (leaf.path.length > DEEPEST_PATH || !fitsLists(leaf.path) || !valuesOf(leaf).every(fitsNumbers)) return false

  switch (leaf.op) {
    case 'exists':
    case 'notExists':
      return true
    case 'eq':
    case 'ne':
      return isComparable(layout, leaf.path, leaf.value)
    case 'in':
      return leaf.values.every((value) => isComparable(layout, leaf.path, value))
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return untyped ? isOrderedAsIs(leaf.value) : kindOf(type) === valueKind(leaf.value)
    case 'between':
      return [leaf.low, leaf.high].every((end) =>
        untyped ? isOrderedAsIs(end) && typeof end !== 'boolean' : kindOf(type) === valueKind(end),
      )
    case 'beginsWith':
      return true
    case 'contains':
      return !untyped && holdsNatively(type, leaf.value)
  }
}

/** A path has as many steps as DynamoDB takes. */
const DEEPEST_PATH = 32
/** Values that one IN takes. */
const MOST_IN = 100

function valuesOf(leaf: LeafCondition): readonly Value[] {
  switch (leaf.op) {
    case 'exists':
    case 'notExists':
      return []
    case 'in':
      return leaf.values
    case 'between':
      return [leaf.low, leaf.high]
    default:
      return [leaf.value]
  }
}

function kindOf(type: ValueType): string {
  return type.kind === 'enum' ? type.of : type.kind
}

function isOrderedAsIs(value: OrderedValue): boolean {
  return !(value instanceof Date) && typeof value !== 'bigint'
}

/**
 * Whether `=` on the stored form is equality of the value: what it is written as must be read back as itself there, and a
 * set inside a list or object is written in an order.
 */
function isComparable(layout: EntityLayout, path: Path, value: Value): boolean {
  const codec = layout.codec.at(path)
  if (holdsSet(value) && !(value instanceof Set && slotAt(layout.entity.type, path)?.slot.type.kind === 'set')) {
    return false
  }
  try {
    return equalValues(codec.decode(codec.encode(value)), value)
  } catch (error) {
    // What cannot be written there equals nothing that is there.
    if (error instanceof CodecError) return false
    throw error
  }
}

function holdsSet(value: Value): boolean {
  switch (valueKind(value)) {
    case 'set':
      return true
    case 'array':
      return (value as readonly Value[]).some(holdsSet)
    case 'object':
      return Object.values(value as { readonly [field: string]: Value }).some(holdsSet)
    default:
      return false
  }
}

/** DynamoDB documents `contains` for strings, sets of the member's type, and lists of scalars. */
function holdsNatively(type: ValueType, value: Value): boolean {
  if (type.kind === 'set') return type.of === valueKind(value)
  if (type.kind !== 'array') return kindOf(type) === 'string' && typeof value === 'string'
  const item = type.item.type
  return kindOf(item) === valueKind(value) && value !== null && typeof value !== 'object'
}

function booleanOrder(leaf: LeafCondition): Condition {
  switch (leaf.op) {
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const { op, value } = leaf
      if (typeof value !== 'boolean') return leaf
      const fits = [false, true].filter((each) => {
        const order = Number(each) - Number(value)
        if (op === 'lt') return order < 0
        if (op === 'lte') return order <= 0
        return op === 'gt' ? order > 0 : order >= 0
      })
      return { op: 'in', path: leaf.path, values: fits }
    }
    case 'between': {
      const { low, high } = leaf
      if (typeof low !== 'boolean' || typeof high !== 'boolean') return leaf
      const fits = [false, true].filter((each) => Number(each) >= Number(low) && Number(each) <= Number(high))
      return { op: 'in', path: leaf.path, values: fits }
    }
    default:
      return leaf
  }
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function leafExpression(layout: EntityLayout, leaf: LeafCondition, placeholders: Placeholders): string {
  const path = placeholders.path(layout.codec.wirePath(leaf.path))
  const codec = layout.codec.at(leaf.path)
  const operand = (value: Value): string => placeholders.value(codec.encode(value))
  switch (leaf.op) {
    case 'eq':
      return `${path} = ${operand(leaf.value)}`
    case 'ne':
      return `attribute_exists(${path}) AND ${path} <> ${operand(leaf.value)}`
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${path} ${operators[leaf.op]} ${operand(leaf.value)}`
    case 'between':
      return `${path} >= ${operand(leaf.low)} AND ${path} <= ${operand(leaf.high)}`
    case 'in': {
      const lists: string[] = []
      for (let at = 0; at < leaf.values.length; at += MOST_IN) {
        lists.push(
          `${path} IN (${leaf.values
            .slice(at, at + MOST_IN)
            .map(operand)
            .join(', ')})`,
        )
      }
      return lists.join(' OR ')
    }
    case 'beginsWith':
      return leaf.value === '' ? isString(path, placeholders) : `begins_with(${path}, ${operand(leaf.value)})`
    case 'contains':
      return leaf.value === '' && isStringPlace(layout, leaf.path)
        ? isString(path, placeholders)
        : `contains(${path}, ${placeholders.value(containedValue(layout, leaf.path, leaf.value))})`
    case 'exists':
      return `attribute_exists(${path})`
    case 'notExists':
      return `attribute_not_exists(${path})`
  }
}

function isString(path: string, placeholders: Placeholders): string {
  return `attribute_type(${path}, ${placeholders.constant('S')})`
}

function isStringPlace(layout: EntityLayout, path: Path): boolean {
  const type = slotAt(layout.entity.type, path)?.slot.type
  return type !== undefined && kindOf(type) === 'string'
}

function containedValue(layout: EntityLayout, path: Path, value: Value): AttributeValue {
  const type = slotAt(layout.entity.type, path)?.slot.type
  if (type?.kind === 'set') return memberValue(value as string | number | bigint)
  return type?.kind === 'array' ? layout.codec.of(type.item.type).encode(value) : layout.codec.at(path).encode(value)
}
