import {
  type Condition,
  type EntityCodec,
  type LeafCondition,
  type ObjectType,
  type OrderedValue,
  type Path,
  type Slot,
  successor,
  type Value,
  type ValueType,
  valueKind,
} from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import { plainPlace, scalarKind } from './place.js'

/** A condition as MongoDB judges it: a filter, or what it always comes to. */
export type Filter = BsonObject | boolean

/** Builds filters that hold of exactly the documents that a condition holds of. */
export class FilterCompiler {
  readonly #type: ObjectType
  readonly #codec: EntityCodec<Bson>

  constructor(type: ObjectType, codec: EntityCodec<Bson>) {
    this.#type = type
    this.#codec = codec
  }

  /** The filter of a condition; undefined when MongoDB cannot judge it exactly. */
  compile(condition: Condition): Filter | undefined {
    switch (condition.op) {
      case 'and':
      case 'or': {
        const parts: Filter[] = []
        for (const part of condition.conditions) {
          const filter = this.compile(part)
          if (filter === undefined) return undefined
          parts.push(filter)
        }
        return condition.op === 'and' ? allOf(parts) : anyOf(parts)
      }
      case 'not': {
        const inner = this.compile(condition.condition)
        return inner === undefined ? undefined : not(inner)
      }
      default:
        return this.leaf(condition)
    }
  }

  /** The filter of a condition on one path. */
  leaf(leaf: LeafCondition): Filter | undefined {
    const slot = plainPlace(this.#type, leaf.path)
    if (slot === undefined) return undefined
    const at = this.pathText(leaf.path)
    switch (leaf.op) {
      case 'exists':
        return { [at]: { $exists: true } }
      case 'notExists':
        return { [at]: { $exists: false } }
      case 'eq':
        return this.#equal(slot, leaf.path, leaf.value)
      case 'ne': {
        const equal = this.#equal(slot, leaf.path, leaf.value)
        return equal === undefined ? undefined : allOf([{ [at]: { $exists: true } }, not(equal)])
      }
      case 'in':
        return this.#oneOf(slot, leaf.path, leaf.values)
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return this.#ordered(slot, leaf.path, { [`$${leaf.op}`]: leaf.value })
      case 'between':
        return this.#ordered(slot, leaf.path, { $gte: leaf.low, $lte: leaf.high })
      case 'beginsWith':
        return ofStrings(slot, () => ({ [at]: prefixRange(leaf.value) }))
      case 'contains':
        return this.#contains(slot, leaf.path, leaf.value)
    }
  }

  /** A path as filters and updates write it. */
  pathText(path: Path): string {
    return this.#codec.wirePath(path).join('.')
  }

  #equal(slot: Slot, path: Path, value: Value): Filter | undefined {
    const at = this.pathText(path)
    const kind = scalarKind(slot.type)
    // An equality with null would hold of an absent field too.
    if (value === null) return isNullPlain(slot.type) ? { [at]: { $type: 'null' } } : undefined
    // Another kind is another value, though BSON takes an int64 and a double of one amount for equal.
    if (kind !== undefined) return valueKind(value) === kind && { [at]: { $eq: this.#encode(path, value) } }
    if (slot.type.kind === 'set') return this.#equalSet(slot.type.of, path, value)
    if (slot.type.kind === 'array') return this.#equalList(slot.type.item, path, value)
    // The equality of embedded documents depends on the order of their fields.
    return undefined
  }

  /** Sets have no order in the document, so equality is that of members and size. */
  #equalSet(of: string, path: Path, value: Value): Filter {
    if (!(value instanceof Set) || ![...value].every((member) => typeof member === of)) return false
    const at = this.pathText(path)
    return { [at]: value.size === 0 ? { $size: 0 } : { $all: this.#encode(path, value), $size: value.size } }
  }

  #equalList(item: Slot, path: Path, value: Value): Filter | undefined {
    const kind = scalarKind(item.type)
    if (kind === undefined) return undefined
    if (!Array.isArray(value)) return false
    const fits = (value as readonly Value[]).every((each) => each === null || valueKind(each) === kind)
    return fits && { [this.pathText(path)]: { $eq: this.#encode(path, value) } }
  }

  #oneOf(slot: Slot, path: Path, values: readonly Value[]): Filter | undefined {
    const kind = scalarKind(slot.type)
    const single = values.filter((value) => kind !== undefined && valueKind(value) === kind)
    const others = values.filter((value) => kind === undefined || value === null)
    const parts: Filter[] = []
    if (single.length > 0) {
      parts.push({ [this.pathText(path)]: { $in: single.map((value) => this.#encode(path, value)) } })
    }
    for (const value of others) {
      const equal = this.#equal(slot, path, value)
      if (equal === undefined) return undefined
      parts.push(equal)
    }
    return anyOf(parts)
  }

  #ordered(slot: Slot, path: Path, bounds: { readonly [operator: string]: OrderedValue }): Filter | undefined {
    const kind = scalarKind(slot.type)
    if (kind === undefined) return slot.type.kind === 'union' || slot.type.kind === 'dynamic' ? undefined : false
    if (Object.values(bounds).some((value) => valueKind(value) !== kind)) return false
    // BSON orders binary data by its length first.
    if (kind === 'bytes') return undefined
    // An order operator holds only of values of its operand's type: not of null, nor of what is absent.
    const encoded = Object.entries(bounds).map(([operator, value]) => [operator, this.#encode(path, value)])
    return { [this.pathText(path)]: Object.fromEntries(encoded) }
  }

  #contains(slot: Slot, path: Path, value: Value): Filter | undefined {
    const at = this.pathText(path)
    const { type } = slot
    if (type.kind === 'set') {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return false
      return typeof value === type.of && { [at]: { $elemMatch: { $eq: this.#encodeMember(path, value) } } }
    }
    if (type.kind === 'array') {
      const kind = scalarKind(type.item.type)
      if (kind === undefined) return undefined
      if (value === null) return { [at]: { $elemMatch: { $type: 'null' } } }
      return valueKind(value) === kind && { [at]: { $elemMatch: { $eq: this.#encode([...path, 0], value) } } }
    }
    if (typeof value !== 'string') return scalarKind(type) === undefined ? undefined : false
    return ofStrings(slot, () => ({ [at]: value === '' ? { $gte: '' } : { $regex: literalPattern(value) } }))
  }

  #encode(path: Path, value: Value): Bson {
    return this.#codec.at(path).encode(value)
  }

  #encodeMember(path: Path, value: string | number | bigint): Bson {
    return (this.#encode(path, new Set([value])) as readonly Bson[])[0] as Bson
  }
}

/** A condition that is for strings: false of every other scalar, undecided where any value may be. */
function ofStrings(slot: Slot, filter: () => BsonObject): Filter | undefined {
  const kind = scalarKind(slot.type)
  if (kind === undefined) return undefined
  return kind === 'string' && filter()
}

/** Whether `$type: 'null'` says that the value itself is null: of a list it also holds where an element is. */
function isNullPlain(type: ValueType): boolean {
  switch (type.kind) {
    case 'array':
      return !type.item.nullable && isNullPlain(type.item.type)
    case 'tuple':
    case 'union':
    case 'dynamic':
      return false
    default:
      return true
  }
}

/** What a string that begins with `prefix` lies between. */
export function prefixRange(prefix: string): BsonObject {
  const end = [...prefix].every((point) => point === '\u{10ffff}') ? undefined : successor(prefix)
  return end === undefined ? { $gte: prefix } : { $gte: prefix, $lt: end }
}

/** A pattern that finds a text literally, whatever is in it. NUL cannot be in a BSON pattern, so it goes as its code too. */
function literalPattern(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is escaped
  return text.replace(/[\u0000-\u007f]/g, (char) =>
    /[A-Za-z0-9]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** All filters at once: in one document where their keys differ, so that people can read it, the others under `$and`. */
export function allOf(filters: readonly Filter[]): Filter {
  const merged: BsonObject = {}
  const apart: BsonObject[] = []
  for (const filter of filters) {
    if (filter === false) return false
    if (filter === true) continue
    const { $and, ...own } = filter
    if ($and !== undefined) apart.push(...($and as readonly BsonObject[]))
    if (Object.keys(own).some((key) => Object.hasOwn(merged, key))) apart.push(own)
    else Object.assign(merged, own)
  }
  if (apart.length > 0) return { ...merged, $and: apart }
  return Object.keys(merged).length === 0 ? true : merged
}

/** Any of the filters. */
export function anyOf(filters: readonly Filter[]): Filter {
  const kept: BsonObject[] = []
  for (const filter of filters) {
    if (filter === true) return true
    if (filter !== false) kept.push(filter)
  }
  if (kept.length === 0) return false
  return kept.length === 1 ? (kept[0] as BsonObject) : { $or: kept }
}

export function not(filter: Filter): Filter {
  return typeof filter === 'boolean' ? !filter : { $nor: [filter] }
}
