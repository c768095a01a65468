import { ModelError } from '../errors/model-error.js'
import { isOrderable } from '../schema/orderable.js'
import type { ObjectType, Slot } from '../schema/type.js'
import type { KeySpec } from './infer.js'
import type { KeyField, KeyModel } from './model.js'
import { isName, NAME_RULE, refuseUnknown, requireField, shown } from './refusals.js'

const KEY_OPTIONS = ['partition', 'sort', 'partitionName']

/** The key of an entity. Throws ModelError, naming the field and the remedy. */
export function keyModel(entity: string, type: ObjectType, spec: KeySpec): KeyModel {
  const model = pathModel(entity, type, spec, 'key', KEY_OPTIONS)
  for (const { name, slot } of [...model.partition, ...model.sort]) {
    if (!slot.optional && !slot.nullable) continue
    throw new ModelError(
      entity,
      `key: ${name} may be absent or null, and a key field is always there. Make it required, or leave it to an index.`,
    )
  }
  return Object.freeze(model)
}

/** What a key and an index have in common: partition fields, sort fields, the partition's name. */
export function pathModel(
  entity: string,
  type: ObjectType,
  spec: KeySpec,
  where: string,
  options: readonly string[],
): KeyModel {
  if (typeof spec !== 'object' || spec === null || !Array.isArray(spec.partition) || spec.partition.length === 0) {
    throw new ModelError(entity, `${where} needs partition fields: ${where}: { partition: ['...'], sort: [...] }.`)
  }
  refuseUnknown(entity, where, spec, options)
  const { partition, sort = [], partitionName = entity } = spec
  if (!Array.isArray(sort)) throw new ModelError(entity, `${where}.sort is a list of fields, not ${shown(sort)}.`)
  const all = [...partition, ...sort]
  const repeated = all.find((field, at) => all.indexOf(field) !== at)
  if (repeated !== undefined) throw new ModelError(entity, `${where} names ${repeated} twice.`)
  if (!isName(partitionName)) {
    throw new ModelError(entity, `${where}.partitionName ${shown(partitionName)} cannot head keys; ${NAME_RULE}`)
  }
  const field = (name: string): KeyField => keyField(entity, type, name, where)
  return { partitionName, partition: partition.map(field), sort: sort.map(field) }
}

/** A field that has an order. */
export function keyField(entity: string, type: ObjectType, name: string, where: string): KeyField {
  requireField(entity, type, name, where)
  const slot = type.fields.get(name) as Slot
  if (!isOrderable(slot.type)) {
    throw new ModelError(
      entity,
      `${where}: ${name} is of kind ${slot.type.kind}, which has no order. Key fields are string, number, bigint, boolean, Date, bytes, enum or literal.`,
    )
  }
  return Object.freeze({ name, slot })
}

/** Whether two paths lead to the same partitions. */
export function sharePartition(a: KeyModel, b: KeyModel): boolean {
  return a.partitionName === b.partitionName && sameFields(a.partition, b.partition)
}

export function sameFields(a: readonly KeyField[], b: readonly KeyField[]): boolean {
  return a.length === b.length && a.every(({ name }, at) => name === b[at]?.name)
}
