import { StoreError } from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { fieldName, HIDDEN, ID } from './names.js'
import { elementBytes, measure } from './size.js'

/** What a service holds at most. */
export interface ServiceLimits {
  /** The service in words. */
  readonly service: string
  /** Bytes of a document, and so of a command. */
  readonly document: number
  /** Documents and lists within each other, counting the entity's document. */
  readonly depth: number
  /** Bytes of an index entry, where there is such a limit. */
  readonly indexEntry: number | undefined
}

const MIB = 1024 * 1024

export const serviceLimits: { readonly [S in 'mongodb' | 'documentdb']: ServiceLimits } = {
  mongodb: { service: 'MongoDB', document: 16 * MIB, depth: 100, indexEntry: undefined },
  documentdb: { service: 'Amazon DocumentDB', document: 16 * MIB, depth: 100, indexEntry: 2048 },
}

/**
 * Refuses a document that the service cannot hold, before it is sent; gives its bytes.
 *
 * @throws StoreError `LIMIT_EXCEEDED` naming the field that takes the most, what it takes and the limit.
 */
export function checkDocument(collection: EntityCollection, document: BsonObject, limits: ServiceLimits): number {
  const { bytes, depth } = measure(document)
  if (bytes > limits.document) {
    const [name, most] = largest(document, (value, field) => elementBytes(field, measure(value).bytes))
    throw exceeded(
      name,
      `has ${most} of the entity's ${bytes} bytes, and ${limits.service} takes ${limits.document}. Split the ` +
        'entity, or keep large values elsewhere',
    )
  }
  if (depth > limits.depth) {
    const [name, levels] = largest(document, (value) => measure(value).depth)
    throw exceeded(
      name,
      `makes the entity ${levels + 1} levels deep, and ${limits.service} takes ${limits.depth}. Flatten it, or store the ` +
        'inner part as an entity of its own',
    )
  }
  if (limits.indexEntry !== undefined) checkIndexEntries(collection, document, limits.indexEntry, limits.service)
  return bytes
}

/** Refuses a single new value that no document could hold. `above` is how deep in the document its place is. */
export function checkValue(field: string, value: Bson, above: number, limits: ServiceLimits): number {
  const { bytes, depth } = measure(value)
  if (bytes > limits.document) {
    throw exceeded(
      field,
      `has a value of ${bytes} bytes, and ${limits.service} takes ${limits.document} in a whole entity. Split ` +
        'the entity, or keep large values elsewhere',
    )
  }
  if (above + depth > limits.depth) {
    throw exceeded(
      field,
      `makes the entity ${above + depth} levels deep, and ${limits.service} takes ${limits.depth}. Flatten it, or store ` +
        'the inner part as an entity of its own',
    )
  }
  return bytes
}

function checkIndexEntries(
  { entity, indexes }: EntityCollection,
  document: BsonObject,
  limit: number,
  service: string,
): void {
  const id = measure(document[ID] as Bson).bytes
  if (id > limit) {
    const [first] = entity.key.partition
    throw exceeded(
      first?.name ?? ID,
      `makes a key of ${id} bytes, and ${service} takes ${limit}. Use shorter values there`,
    )
  }
  for (const { name, key } of indexes) {
    const bytes = Object.keys(key).reduce((sum, path) => sum + measure(at(document, path)).bytes, 0)
    if (bytes <= limit) continue
    const [field] = largest(
      Object.fromEntries(Object.keys(key).map((path) => [path, at(document, path)])),
      (value) => measure(value).bytes,
    )
    throw exceeded(
      field.split('.').at(-1) ?? field,
      `makes an entry of ${bytes} bytes in the index ${name}, and ${service} takes ${limit}. Use shorter values there`,
    )
  }
}

function at(document: BsonObject, path: string): Bson {
  let value: Bson | undefined = document
  for (const step of path.split('.')) value = (value as BsonObject | null | undefined)?.[step]
  return value ?? null
}

/** The field of a document that measures the most. */
function largest(document: BsonObject, size: (value: Bson, name: string) => number): readonly [string, number] {
  let most: readonly [string, number] = ['', -1]
  for (const [name, value] of Object.entries(document)) {
    if (name === ID || name === HIDDEN) continue
    const bytes = size(value, name)
    if (bytes > most[1]) most = [name, bytes]
  }
  return most
}

function exceeded(stored: string, message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'LIMIT_EXCEEDED', path: [fieldName(stored)] })
}
