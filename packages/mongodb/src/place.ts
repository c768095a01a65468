import { type ObjectType, type Path, type Slot, slotAt, type ValueType } from '@isomodel/core/driver'

/**
 * What the schema says of a path, where a filter or update of MongoDB's means the same path; undefined inside unions and
 * unknown fields, and where a step into a list could be taken for a name.
 *
 * MongoDB reads `lines.0.sku` as the sku of the first line and also as the sku of a field named `0` of any line. Only
 * where no line can have such a field does it mean one thing.
 */
export function plainPlace(type: ObjectType, path: Path): Slot | undefined {
  const place = slotAt(type, path)
  if (place === undefined || place.dynamic) return undefined
  for (let depth = 1; depth < path.length; depth++) {
    const step = path[depth]
    if (typeof step !== 'number') continue
    const list = slotAt(type, path.slice(0, depth))?.slot.type
    if (list === undefined || itemTypes(list).some((item) => mayHaveField(item, String(step)))) return undefined
  }
  return place.slot
}

function itemTypes(list: ValueType): readonly ValueType[] {
  if (list.kind === 'array') return [list.item.type]
  if (list.kind !== 'tuple') return []
  return [...list.items, ...(list.rest === undefined ? [] : [list.rest])].map((slot) => slot.type)
}

function mayHaveField(type: ValueType, name: string): boolean {
  switch (type.kind) {
    case 'object':
      return type.unknown === 'keep' || type.fields.has(name)
    case 'record':
    case 'union':
    case 'dynamic':
      return true
    default:
      return false
  }
}

/** The kind of the values of a scalar type; undefined for every other type. */
export function scalarKind(type: ValueType): ScalarKind | undefined {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'date':
    case 'bytes':
      return type.kind
    case 'enum':
      return type.of
    default:
      return undefined
  }
}

export type ScalarKind = 'string' | 'number' | 'bigint' | 'boolean' | 'date' | 'bytes'
