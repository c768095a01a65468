import {
  type Call,
  type ChangeReader,
  type EntityModel,
  invalidCursor,
  type Stored,
  type StoredChange,
  StoreError,
  throwIfAborted,
} from '@isomodel/core/driver'
import { BSON, type ClientSession, type Document } from 'mongodb'
import { afterUpdate, type UpdateDescription } from './after-update.js'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { ID } from './names.js'
import type { Server } from './server.js'

/** What a change stream says of one write, as far as it matters here. */
interface Event {
  readonly _id: BsonObject
  readonly operationType: string
  readonly ns?: { readonly coll?: string }
  readonly wallTime?: Date
  readonly clusterTime?: { readonly high: number }
  readonly fullDocument?: BsonObject | null
  readonly fullDocumentBeforeChange?: BsonObject | null
  readonly updateDescription?: UpdateDescription
}

/** A cursor of the server's, in the session that it lives in. */
interface Cursor {
  readonly session: ClientSession
  readonly id: bigint
  /** What came, and was not given yet. */
  readonly left: readonly Event[]
}

/** How a change stream of a whole database is called. */
const STREAM = '$cmd.aggregate'

const WRITES = new Set(['insert', 'update', 'replace', 'delete'])

/** They name no collection, and end what every collection held. */
const OF_ALL = ['dropDatabase', 'invalidate']

/** Reads the change stream of the database on, as far as it is about some collections. A position is a resume token. */
export class StreamReader implements ChangeReader {
  readonly #server: Server
  readonly #collections: ReadonlyMap<string, EntityCollection>
  /** None after a failure, which may have taken along what the cursor gave: the next call opens another. */
  #cursor: Cursor | undefined
  #token: BsonObject

  private constructor(
    server: Server,
    collections: ReadonlyMap<string, EntityCollection>,
    cursor: Cursor,
    token: BsonObject,
  ) {
    this.#server = server
    this.#collections = collections
    this.#cursor = cursor
    this.#token = token
  }

  /** Throws `POSITION_LOST` where what follows is no longer held, `INVALID_CURSOR` for what is no position. */
  static async open(
    server: Server,
    followed: readonly EntityCollection[],
    after: string | undefined,
    call: Call,
  ): Promise<StreamReader> {
    const collections = new Map(followed.map((collection) => [collection.name, collection]))
    const resumeAfter = after === undefined ? undefined : tokenIn(after, scopeOf(server, collections))
    const { cursor, reply } = await openCursor(server, [...collections.keys()], resumeAfter, call)
    return new StreamReader(server, collections, cursor, resumeAfter ?? tokenOf(reply, undefined))
  }

  get position(): string {
    return BSON.EJSON.stringify([scopeOf(this.#server, this.#collections), this.#token], { relaxed: false })
  }

  async read(
    { limit, wait }: { readonly limit: number; readonly wait: number },
    call: Call,
  ): Promise<readonly StoredChange[]> {
    throwIfAborted(call.signal)
    try {
      this.#cursor ??= (await openCursor(this.#server, [...this.#collections.keys()], this.#token, call)).cursor
      const { session, id, left } = this.#cursor
      if (left.length > 0) return this.#shown(left, left.at(-1)?._id)
      const { cursor: reply } = await this.#server.read(
        // 0 would be the server's own default, a second.
        { getMore: id, collection: STREAM, batchSize: limit, maxTimeMS: Math.max(1, Math.ceil(wait)) },
        call,
        { session },
      )
      return this.#shown(reply.nextBatch, tokenOf(reply, this.#token))
    } catch (error) {
      await this.#drop()
      throw streamError(error, false)
    }
  }

  async close(): Promise<void> {
    await this.#drop()
  }

  async #drop(): Promise<void> {
    const cursor = this.#cursor
    this.#cursor = undefined
    if (cursor === undefined) return
    const call = { signal: undefined, sent: () => () => undefined }
    // A cursor that cannot be ended now ends by itself.
    await this.#server
      .read({ killCursors: STREAM, cursors: [cursor.id] }, call, { session: cursor.session })
      .catch(() => undefined)
    await cursor.session.endSession().catch(() => undefined)
  }

  /** The writes up to what is none, such as a drop, which comes at the head of the next call. */
  #shown(events: readonly Event[], token: BsonObject | undefined): readonly StoredChange[] {
    const writes: StoredChange[] = []
    for (const event of events) {
      const collection = this.#collections.get(event.ns?.coll ?? '')
      if (collection === undefined || !WRITES.has(event.operationType)) break
      writes.push(changeOf(collection, event))
    }
    const [end] = events.slice(writes.length)
    if (end !== undefined && writes.length === 0) {
      throw lost(`the server reports '${end.operationType}' of what is followed`)
    }
    if (this.#cursor !== undefined) this.#cursor = { ...this.#cursor, left: events.slice(writes.length) }
    this.#token = (end === undefined ? token : events[writes.length - 1]?._id) ?? this.#token
    return writes
  }
}

/** What a position is of: the database, and its collections. */
function scopeOf(server: Server, collections: ReadonlyMap<string, EntityCollection>): string {
  return JSON.stringify([server.database, ...[...collections.keys()].sort()])
}

async function openCursor(
  server: Server,
  collections: readonly string[],
  resumeAfter: BsonObject | undefined,
  call: Call,
): Promise<{ readonly cursor: Cursor; readonly reply: Document }> {
  const resume = resumeAfter === undefined ? {} : { resumeAfter }
  const pipeline = [
    { $changeStream: { fullDocumentBeforeChange: 'whenAvailable', ...resume } },
    {
      $match: {
        $or: [
          { 'ns.coll': { $in: collections } },
          { 'to.coll': { $in: collections } },
          { operationType: { $in: OF_ALL } },
        ],
      },
    },
  ]
  const session = server.session()
  try {
    // No events with it: how many a reply holds is said by each call.
    const command = { aggregate: 1, pipeline, cursor: { batchSize: 0 } }
    const { cursor: reply } = await server.read(command, call, { session })
    return { cursor: { session, id: reply.id, left: reply.firstBatch }, reply }
  } catch (error) {
    await session.endSession()
    throw streamError(error, resumeAfter !== undefined)
  }
}

function changeOf({ entity, codec }: EntityCollection, event: Event): StoredChange {
  const image = (document: BsonObject | undefined): Stored | undefined =>
    document === undefined || isLock(document) ? undefined : codec.decode(document)
  return {
    entity,
    at: momentOf(event),
    expired: false,
    images: () => ({ old: image(before(entity, event)), new: image(after(entity, event)) }),
  }
}

/** By a transaction that rules an entity out: it holds its place, and is gone before the commit. */
function isLock(document: BsonObject): boolean {
  return Object.keys(document).every((name) => name === ID)
}

function before(entity: EntityModel, event: Event): BsonObject | undefined {
  return event.operationType === 'insert' ? undefined : (event.fullDocumentBeforeChange ?? noImage(entity))
}

function after(entity: EntityModel, event: Event): BsonObject | undefined {
  const { operationType, fullDocument, fullDocumentBeforeChange: found, updateDescription } = event
  if (operationType === 'delete') return undefined
  if (operationType !== 'update') return fullDocument ?? noImage(entity)
  // What the write found and what it changed say what it left; no server need keep that too.
  return found && updateDescription ? afterUpdate(found, updateDescription) : noImage(entity)
}

function noImage({ name }: EntityModel): never {
  throw new StoreError(
    `The server no longer holds what a write of ${name} found, or did not when it was made: images are kept since db.setup(), as long as changeStreamOptions.preAndPostImages.expireAfterSeconds says. Read the entities anew where it matters.`,
    { code: 'POSITION_LOST', entity: name },
  )
}

function momentOf({ wallTime, clusterTime }: Event): number {
  return wallTime?.getTime() ?? (clusterTime?.high ?? 0) * 1_000
}

/** Behind the last thing that a reply speaks of. */
function tokenOf(cursor: Document, known: BsonObject | undefined): BsonObject {
  const events: readonly Event[] = cursor.firstBatch ?? cursor.nextBatch
  const token = cursor.postBatchResumeToken ?? events.at(-1)?._id ?? known
  if (token !== undefined) return token
  throw new StoreError('The server gave a change stream without a resume token; it needs MongoDB 6.0 or later.', {
    code: 'UNSUPPORTED',
  })
}

function tokenIn(position: string, scope: string): BsonObject {
  const [of, token] = partsOf(position)
  if (typeof token !== 'object' || token === null || Array.isArray(token)) {
    throw invalidCursor('it is no position of a feed')
  }
  if (of !== scope) throw invalidCursor('it is of another database, or of other collections')
  return token as BsonObject
}

function partsOf(position: string): readonly unknown[] {
  try {
    const found: unknown = BSON.EJSON.parse(position, { relaxed: false })
    return Array.isArray(found) ? found : []
  } catch {
    // No text of ours, which the caller says.
    return []
  }
}

const HISTORY_LOST = new Set([286, 280])
const BAD_TOKEN = new Set([9, 40647, 260, 50811])
/** The cursor is gone, or its server: another one goes on behind the position. */
const RESUMABLE = new Set([43, 237, 175, 234])

function streamError(error: unknown, resumes: boolean): unknown {
  if (!(error instanceof StoreError)) return error
  const code = Number((error.cause as { readonly code?: unknown } | undefined)?.code)
  if (HISTORY_LOST.has(code)) return lost('its oplog no longer reaches back so far', error.cause)
  if (resumes && BAD_TOKEN.has(code)) return invalidCursor('the server does not know it', error.cause)
  if (!RESUMABLE.has(code)) return error
  return new StoreError('The cursor of the change stream is gone; the feed goes on with another.', {
    code: 'UNAVAILABLE',
    retryable: true,
    cause: error.cause,
  })
}

function lost(why: string, cause?: unknown): StoreError {
  return new StoreError(
    `Changes behind the position are no longer there: ${why}. Read all entities anew, and follow the changes from now on.`,
    { code: 'POSITION_LOST', store: 'MongoDB', cause },
  )
}
