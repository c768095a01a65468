import type { EntityModel, IndexModel, KeyField } from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import { ID, ORDER, topNameOf } from './names.js'

/** An index that the model needs, as MongoDB describes it. */
export interface IndexDefinition {
  readonly name: string
  /** Stored paths in order, all ascending. */
  readonly key: Readonly<Record<string, 1>>
  readonly expireAfterSeconds?: 0
}

/** The index over the ttl field, by which MongoDB removes what has expired. */
const TTL_INDEX = '_ttl'

/** The stored path by which an index sorts a field. */
export function sortPath(entity: EntityModel, { name, slot }: KeyField): string {
  const stored = topNameOf(entity, name)
  return slot.type.kind === 'bytes' ? `${ORDER}.${stored}` : stored
}

/**
 * The key of a model's index: its partition fields, its sort fields, and `_id`, which breaks ties by the entity's key as
 * the key's own fields would.
 */
export function indexKey(entity: EntityModel, index: IndexModel): Readonly<Record<string, 1>> {
  const key: Record<string, 1> = {}
  for (const field of [...index.partition, ...index.sort]) key[sortPath(entity, field)] = 1
  key[ID] = 1
  return key
}

/** All indexes of an entity's collection. Two of the model's that come to the same key are one. */
export function indexDefinitions(entity: EntityModel): readonly IndexDefinition[] {
  const byKey = new Map<string, IndexDefinition>()
  for (const index of entity.indexes) {
    const key = indexKey(entity, index)
    const text = keyIdentity(key)
    if (!byKey.has(text)) byKey.set(text, { name: index.name, key })
  }
  const definitions = [...byKey.values()]
  if (entity.ttl !== undefined) {
    definitions.push({ name: TTL_INDEX, key: { [topNameOf(entity, entity.ttl)]: 1 }, expireAfterSeconds: 0 })
  }
  return definitions
}

/** Tells index keys apart: the same paths in another order are another index. */
export function keyIdentity(key: Readonly<Record<string, unknown>> | BsonObject): string {
  return JSON.stringify(Object.entries(key).map(([path, direction]) => [path, Number(direction)]))
}
