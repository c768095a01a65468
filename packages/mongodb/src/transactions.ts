import {
  type Call,
  changedFields,
  type EntityModel,
  type GetRequest,
  newToken,
  type Stored,
  type Swap,
  type Transactions,
} from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { checkDocument } from './limits.js'
import { HIDDEN, ID, LOCK, TOKEN, topNameOf } from './names.js'
import type { Server, ServerTransaction } from './server.js'

/** Documents of one transaction; MongoDB's own advice: https://www.mongodb.com/docs/manual/core/transactions-production-consideration/ */
const ITEMS = 1_000

/**
 * Commits and transactional reads as transactions of the server. Where it is `strict`, collections may refuse documents that
 * are no entities of the model.
 */
export function transactionsOn(
  server: Server,
  strict: boolean,
  collectionOf: (request: GetRequest) => EntityCollection,
  require: (requests: readonly GetRequest[], call: Call) => Promise<void>,
): Transactions {
  return {
    items: ITEMS,
    // The entity, a value taken and one given back, and the commit itself.
    roundTrips: 4,
    async commit(swaps, call) {
      await require(swaps, call)
      return commit(server, strict, collectionOf, swaps, call)
    },
    async read(requests, call) {
      await require(requests, call)
      return read(server, collectionOf, requests, call)
    },
  }
}

/** One command of a commit, and how many documents it must meet; undefined where it may meet any. */
interface Step {
  readonly command: BsonObject
  readonly meets: number | undefined
  readonly bytes: number
}

async function commit(
  server: Server,
  strict: boolean,
  collectionOf: (request: GetRequest) => EntityCollection,
  swaps: readonly Swap[],
  call: Call,
): Promise<'done' | 'stale'> {
  const steps = [...Map.groupBy(swaps, collectionOf)].flatMap(([collection, own]) =>
    stepsOf(server, strict, collection, own),
  )
  return server.transaction(call, async (transaction) => {
    for (const { command, meets, bytes } of steps) {
      const { n, duplicate } = await transaction.write(command, bytes)
      if (duplicate || (meets !== undefined && n !== meets)) return 'stale'
    }
    return 'done'
  })
}

function stepsOf({ limits }: Server, strict: boolean, collection: EntityCollection, swaps: readonly Swap[]): Step[] {
  const inserted: BsonObject[] = []
  const updates: BsonObject[] = []
  const deleted: string[] = []
  const deletes: BsonObject[] = []
  const locked: string[] = []
  let bytes = 0
  for (const { key, expected, next, inPlace } of swaps) {
    const id = collection.id(key)
    const same: BsonObject =
      typeof expected === 'string' ? { [ID]: id } : { [ID]: id, [TOKEN]: { $eq: expected.token } }
    if (next === 'keep') {
      // A transaction sees a snapshot, and only a write of its own keeps others from writing what it has seen.
      if (expected === 'absent') locked.push(id)
      else updates.push({ q: same, u: { $set: { [LOCK]: newToken() } } })
    } else if (next === 'delete') {
      if (expected === 'any') deleted.push(id)
      else deletes.push({ q: same, limit: 1 })
    } else {
      const document = collection.codec.encode(next.values, next.token)
      bytes += checkDocument(collection, document, limits)
      if (expected === 'absent') inserted.push(document)
      else if (inPlace && typeof expected !== 'string') {
        updates.push({ q: same, u: changes(collection.entity, expected, next, document) })
      } else updates.push({ q: same, u: document, upsert: expected === 'any' })
    }
  }
  const { name } = collection
  const steps: Step[] = []
  if (locked.length > 0) {
    // They are no entities and gone before the commit, so no validator need see them; but passing it by takes a privilege
    // that readWrite does not give.
    const unseen = strict ? { bypassDocumentValidation: true } : {}
    const command = { insert: name, documents: locked.map((id): BsonObject => ({ [ID]: id })), ...unseen }
    steps.push({ command, meets: locked.length, bytes: 0 })
  }
  if (inserted.length > 0) {
    steps.push({ command: { insert: name, documents: inserted }, meets: inserted.length, bytes })
  }
  if (updates.length > 0) steps.push({ command: { update: name, updates }, meets: updates.length, bytes })
  if (deletes.length > 0) steps.push({ command: { delete: name, deletes }, meets: deletes.length, bytes: 0 })
  const gone = [...deleted, ...locked].map((id): BsonObject => ({ q: { [ID]: id }, limit: 1 }))
  if (gone.length > 0) steps.push({ command: { delete: name, deletes: gone }, meets: undefined, bytes: 0 })
  return steps
}

/** Sets what differs, and nothing else. */
function changes(entity: EntityModel, expected: Stored, next: Stored, document: BsonObject): BsonObject {
  const set: BsonObject = { [HIDDEN]: document[HIDDEN] ?? null }
  const unset: BsonObject = {}
  for (const field of changedFields(expected.values, next.values)) {
    const stored = topNameOf(entity, field)
    const value = document[stored]
    if (value === undefined) unset[stored] = ''
    else set[stored] = value
  }
  return Object.keys(unset).length === 0 ? { $set: set } : { $set: set, $unset: unset }
}

async function read(
  server: Server,
  collectionOf: (request: GetRequest) => EntityCollection,
  requests: readonly GetRequest[],
  call: Call,
): Promise<readonly (Stored | undefined)[] | 'stale'> {
  return server.transaction(call, async (transaction) => {
    const found = new Map<GetRequest, Stored>()
    for (const [collection, own] of Map.groupBy(requests, collectionOf)) {
      const byId = new Map(own.map((request) => [collection.id(request.key), request]))
      for (const document of await findAll(transaction, collection, [...byId.keys()])) {
        const request = byId.get(document[ID] as string)
        if (request !== undefined) found.set(request, collection.codec.decode(document))
      }
    }
    return requests.map((request) => found.get(request))
  })
}

async function findAll(
  transaction: ServerTransaction,
  { name }: EntityCollection,
  ids: readonly string[],
): Promise<readonly BsonObject[]> {
  const documents: BsonObject[] = []
  const first = { find: name, filter: { [ID]: { $in: ids } }, batchSize: ids.length + 1 }
  let { cursor } = await transaction.read(first)
  documents.push(...cursor.firstBatch)
  while (cursor.id !== 0n) {
    cursor = (await transaction.read({ getMore: cursor.id, collection: name })).cursor
    documents.push(...cursor.nextBatch)
  }
  return documents
}
