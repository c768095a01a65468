import type { EntityModel, Slot, ValueType } from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import { HIDDEN, ID, storedName, topNameOf } from './names.js'

/** Types may be cyclic, so the validator describes this many levels of them and takes what lies below as it is. */
const LEVELS = 8

/**
 * The `$jsonSchema` of an entity's documents: the fields that must be there and the BSON type of each. It says what the
 * codec relies on; refinements (lengths, patterns, bounds) stay with the schema.
 */
export function validatorOf(entity: EntityModel): BsonObject {
  const { required, properties } = fieldsOf(entity.type.fields, (field) => topNameOf(entity, field), LEVELS)
  return {
    $jsonSchema: {
      bsonType: 'object',
      required: [ID, HIDDEN, ...required],
      properties: {
        [ID]: { bsonType: 'string' },
        [HIDDEN]: { bsonType: 'object', required: ['token'], properties: { token: { bsonType: 'string' } } },
        ...properties,
      },
    },
  }
}

function fieldsOf(
  fields: ReadonlyMap<string, Slot>,
  name: (field: string) => string,
  levels: number,
): { readonly required: readonly string[]; readonly properties: BsonObject } {
  const properties: BsonObject = {}
  const required: string[] = []
  for (const [field, slot] of fields) {
    properties[name(field)] = slotSchema(slot, levels)
    if (!slot.optional) required.push(name(field))
  }
  return { required, properties }
}

function slotSchema({ type, nullable }: Slot, levels: number): BsonObject {
  const schema = typeSchema(type, levels)
  const bsonType = schema.bsonType
  return nullable && typeof bsonType === 'string' ? { ...schema, bsonType: [bsonType, 'null'] } : schema
}

const scalars = {
  string: 'string',
  number: 'double',
  bigint: 'long',
  boolean: 'bool',
  date: 'date',
  bytes: 'binData',
  null: 'null',
} as const

function typeSchema(type: ValueType, levels: number): BsonObject {
  if (levels === 0) return {}
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'date':
    case 'bytes':
    case 'null':
      return { bsonType: scalars[type.kind] }
    case 'enum':
      return { bsonType: scalars[type.of] }
    case 'set':
      return { bsonType: 'array', uniqueItems: true, items: { bsonType: scalars[type.of] } }
    case 'array':
      return { bsonType: 'array', items: slotSchema(type.item, levels - 1) }
    case 'tuple':
      return { bsonType: 'array' }
    case 'record':
      return { bsonType: 'object', additionalProperties: slotSchema(type.value, levels - 1) }
    case 'object': {
      const { required, properties } = fieldsOf(type.fields, storedName, levels - 1)
      // JSON schema has no empty list of required fields.
      return { bsonType: 'object', ...(required.length === 0 ? {} : { required }), properties }
    }
    case 'union':
    case 'dynamic':
      return {}
  }
}
