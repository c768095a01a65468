import type { GetRequest, ReadCall, Stored } from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { ID } from './names.js'
import type { Server } from './server.js'

type Found = Stored | undefined | 'throttled'

/** Reads by key: one `find` for each collection. */
export async function runGet(
  server: Server,
  collectionOf: (request: GetRequest) => EntityCollection,
  requests: readonly GetRequest[],
  call: ReadCall,
): Promise<readonly Found[]> {
  const found: Found[] = requests.map(() => undefined)
  const groups = new Map<EntityCollection, Map<string, number>>()
  requests.forEach((request, at) => {
    const collection = collectionOf(request)
    const places = groups.get(collection) ?? new Map<string, number>()
    places.set(collection.id(request.key), at)
    groups.set(collection, places)
  })
  await Promise.all(
    [...groups].map(async ([collection, places]) => {
      for (const [at, each] of await findByIds(server, collection, places, call)) found[at] = each
    }),
  )
  return found
}

/** What `get` of one key sends. */
export function findById(collection: EntityCollection, id: string): BsonObject {
  return { find: collection.name, filter: { [ID]: id }, limit: 1, singleBatch: true }
}

async function findByIds(
  server: Server,
  collection: EntityCollection,
  places: ReadonlyMap<string, number>,
  call: ReadCall,
): Promise<ReadonlyMap<number, Found>> {
  const ids = [...places.keys()]
  const command: BsonObject =
    ids.length === 1
      ? findById(collection, ids[0] as string)
      : { find: collection.name, filter: { [ID]: { $in: ids } }, batchSize: ids.length + 1 }
  const { documents, unfinished } = await server.find(command, call)
  const found = new Map<number, Found>()
  // A reply has room for so many bytes; what is not in it may be there or not, and is asked for again.
  if (unfinished) for (const at of places.values()) found.set(at, 'throttled')
  for (const document of documents) {
    const at = places.get(document[ID] as string)
    if (at !== undefined) found.set(at, collection.codec.decode(document))
  }
  return found
}
