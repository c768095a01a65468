import type { EntityModel, IndexModel, KeyField } from '../../src/model/model.js'
import { dynamicSlot } from '../../src/schema/dynamic-slot.js'
import type { ObjectType, Slot, ValueType } from '../../src/schema/type.js'

/** Types and models written out by hand, so that the kit's tests stand on nothing but the kit. */
export const string: ValueType = { kind: 'string' }
export const number: ValueType = { kind: 'number', int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE }
export const int: ValueType = {
  kind: 'number',
  int: true,
  min: Number.MIN_SAFE_INTEGER,
  max: Number.MAX_SAFE_INTEGER,
}
export const bigint: ValueType = { kind: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n }
export const boolean: ValueType = { kind: 'boolean' }
export const date: ValueType = { kind: 'date' }
export const bytes: ValueType = { kind: 'bytes' }
export const dynamic: ValueType = { kind: 'dynamic' }

export const setOf = (of: 'string' | 'number' | 'bigint'): ValueType => ({
  kind: 'set',
  of,
  item: slot({ string, number, bigint }[of]),
})
export const arrayOf = (item: ValueType | Slot): ValueType => ({ kind: 'array', item: asSlot(item) })
export const recordOf = (value: ValueType | Slot): ValueType => ({
  kind: 'record',
  key: asSlot(string),
  value: asSlot(value),
})
export const unionOf = (...options: ValueType[]): ValueType => ({ kind: 'union', options, discriminator: undefined })
export const enumOf = (...values: string[]): ValueType => ({ kind: 'enum', of: 'string', values })

export function slot(type: ValueType, more: Partial<Slot> = {}): Slot {
  return { ...dynamicSlot, type, optional: false, nullable: false, ...more }
}

export const optional = (type: ValueType): Slot => slot(type, { optional: true })
export const nullable = (type: ValueType): Slot => slot(type, { nullable: true })

export function object(
  fields: { readonly [name: string]: ValueType | Slot },
  more: Partial<Pick<ObjectType, 'unknown' | 'catchall'>> = {},
): ObjectType {
  const slots = new Map(Object.entries(fields).map(([name, field]) => [name, asSlot(field)]))
  return { kind: 'object', fields: slots, unknown: 'strip', catchall: undefined, ...more }
}

export interface EntitySpec {
  readonly name?: string
  readonly type: ObjectType
  readonly partition: readonly string[]
  readonly sort?: readonly string[]
  readonly indexes?: {
    readonly [name: string]: { readonly partition: readonly string[]; readonly sort?: readonly string[] }
  }
  readonly ttl?: string
}

export function entity({ name = 'Order', type, partition, sort = [], indexes = {}, ttl }: EntitySpec): EntityModel {
  const fields = (names: readonly string[]): KeyField[] =>
    names.map((field) => ({ name: field, slot: type.fields.get(field) as Slot }))
  const key = { partitionName: name, partition: fields(partition), sort: fields(sort) }
  const index = ([indexName, spec]: [string, (typeof indexes)[string]], at: number): IndexModel => {
    const own = [...spec.partition, ...(spec.sort ?? [])]
    return {
      name: indexName,
      number: at + 1,
      scope: 'global',
      partitionName: name,
      partition: fields(spec.partition),
      sort: fields(spec.sort ?? []),
      ties: fields([...partition, ...sort].filter((field) => !own.includes(field))),
    }
  }
  return {
    name,
    type,
    schema: undefined,
    key,
    indexes: Object.entries(indexes).map(index),
    uniques: [],
    revision: undefined,
    timestamps: undefined,
    names: new Map(),
    changes: false,
    ttl,
    sensitive: new Set(),
  }
}

function asSlot(type: ValueType | Slot): Slot {
  return 'kind' in type ? slot(type) : type
}
