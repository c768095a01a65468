import { type Call, type ReadCall, StoreError, type Target, throwIfAborted } from '@isomodel/core/driver'
import {
  type ClientSession,
  type Db,
  type Document,
  type MongoClient,
  MongoErrorLabel,
  MongoServerError,
  ReadPreference,
  type RunCommandOptions,
} from 'mongodb'
import { type BsonObject, READ_OPTIONS } from './bson.js'
import { type Failed, refused, storeError, unconfirmed } from './errors.js'
import type { ServiceLimits } from './limits.js'
import { ID } from './names.js'

/** How a command travels. */
export interface Travel {
  /** Payload bytes, where they were counted. */
  readonly bytes?: number
  /** The transaction that it belongs to. */
  readonly session?: ClientSession
  /** Whether it may be answered by a secondary. Default: by the primary. */
  readonly secondary?: boolean
}

/** What came of a write command. */
export interface WriteReply {
  /** Documents that fitted, or were inserted or removed. */
  readonly n: number
  /** The document that findAndModify gave. */
  readonly value: BsonObject | undefined
  /** Another document has the `_id`: nothing was written. */
  readonly duplicate: boolean
}

/** One failed write of several in a command. */
export interface WriteError {
  readonly index: number
  readonly code: number
  readonly message: string
  /** Another document has the `_id`. */
  readonly duplicateId: boolean
}

/** What may be sent within a transaction. */
export interface ServerTransaction {
  read(command: BsonObject): Promise<Document>
  write(command: BsonObject, bytes: number): Promise<WriteReply>
}

export interface ServerOptions {
  readonly client: MongoClient
  readonly database: string
  readonly limits: ServiceLimits
  readonly writeConcern: BsonObject
  readonly readConcern: 'local' | 'majority'
}

/**
 * Sends commands to one database. They are sent as they are, without the client's collection methods: so a write leaves
 * once, whatever `retryWrites` says, and the client's own BSON options and concerns have no say in what comes back.
 */
export class Server {
  readonly client: MongoClient
  readonly limits: ServiceLimits
  /** The servers in words, for messages. */
  readonly hosts: string
  readonly target: Target
  readonly #db: Db
  readonly #writeConcern: BsonObject
  readonly #readConcern: 'local' | 'majority'

  constructor({ client, database, limits, writeConcern, readConcern }: ServerOptions) {
    this.client = client
    this.limits = limits
    this.hosts = client.options.srvHost ?? client.options.hosts.map(String).join(', ')
    this.#db = client.db(database)
    this.target = { system: 'mongodb', namespace: database, ...addressOf(client) }
    this.#writeConcern = writeConcern
    this.#readConcern = readConcern
  }

  get database(): string {
    return this.#db.databaseName
  }

  /** The session that a cursor lives in, where it outlives a command. */
  session(): ClientSession {
    return this.client.startSession({ causalConsistency: false })
  }

  /** Sends a command that reads or describes, and gives its reply. */
  async read(command: BsonObject, call: Call, travel: Travel = {}): Promise<Document> {
    return this.#send(command, call, travel, { write: false, signal: call.signal, hosts: this.hosts })
  }

  /**
   * Sends a `find` and gives the documents of its one reply; `unfinished` when a reply of the greatest size did not hold
   * all. A strong read is the primary's, an eventual one anybody's.
   */
  async find(
    command: BsonObject,
    call: ReadCall,
  ): Promise<{ readonly documents: readonly BsonObject[]; readonly unfinished: boolean }> {
    const strong = call.consistency === 'strong'
    // 'local' is every server's default, so it is not sent.
    const concern = strong && this.#readConcern !== 'local' ? { readConcern: { level: this.#readConcern } } : {}
    const { cursor } = await this.read({ ...command, ...concern }, call, { secondary: !strong })
    const documents: readonly BsonObject[] = cursor.firstBatch
    const unfinished = cursor.id !== 0n
    if (unfinished)
      await this.read({ killCursors: String(command.find), cursors: [cursor.id] }, call, { secondary: !strong })
    return { documents, unfinished }
  }

  /** Sends a command that lists, and gives everything that it lists. */
  async readAll(command: BsonObject, call: Call): Promise<readonly Document[]> {
    const listed: Document[] = []
    let { cursor } = await this.read(command, call)
    listed.push(...cursor.firstBatch)
    while (cursor.id !== 0n) {
      const collection = String(cursor.ns).slice(this.database.length + 1)
      cursor = (await this.read({ getMore: cursor.id, collection }, call)).cursor
      listed.push(...cursor.nextBatch)
    }
    return listed
  }

  /** Sends a command that changes what the database is made of. */
  async define(command: BsonObject, call: Call): Promise<Document> {
    return this.#send(command, call, {}, this.#failed(call))
  }

  /** Sends a write of one document. */
  async write(command: BsonObject, call: Call, travel: Travel = {}): Promise<WriteReply> {
    const failed = this.#failed(call)
    let reply: Document
    try {
      reply = await this.#send(this.withConcern(command), call, travel, failed)
    } catch (error) {
      if (isDuplicateId((error as StoreError).cause as Document | undefined)) return DUPLICATE
      throw error
    }
    return writeReply(reply, failed)
  }

  /**
   * Runs a transaction: on a snapshot, and committed with the write concern. 'stale', also given by `work`, undoes it: others
   * were in the way. The commit may leave twice, as the client does it, and is done once.
   */
  async transaction<T>(
    call: Call,
    work: (transaction: ServerTransaction) => Promise<T | 'stale'>,
  ): Promise<T | 'stale'> {
    const session = this.client.startSession()
    // What fails before the commit leaves nothing.
    const failed = { ...this.#failed(call), write: false }
    try {
      session.startTransaction({
        readConcern: { level: 'snapshot' },
        writeConcern: this.#writeConcern,
        readPreference: ReadPreference.primary,
      })
      const result = await work({
        read: (command) => this.#send(command, call, { session }, failed),
        write: async (command, bytes) =>
          writeReply(await this.#send(command, call, { session, bytes }, failed), failed),
      })
      if (result === 'stale') return result
      await this.#commit(session, call)
      return result
    } catch (error) {
      if (isTransient(error)) return 'stale'
      if (isDuplicateId((error as StoreError).cause as Document | undefined)) return 'stale'
      throw error
    } finally {
      // Undoes a transaction that was not committed; what cannot be undone now ends by itself.
      await session.endSession().catch(() => undefined)
    }
  }

  async #commit(session: ClientSession, call: Call): Promise<void> {
    const came = call.sent({ command: 'commitTransaction' })
    try {
      await session.commitTransaction()
      came()
    } catch (error) {
      const told = storeError(error, this.#failed(call))
      came({ error: told, ...codeOf(error) })
      throw told
    }
  }

  /** Sends a write of several documents, and gives what became of those that failed, by their place. */
  async writeMany(command: BsonObject, call: Call, travel: Travel): Promise<ReadonlyMap<number, WriteError>> {
    const failed = this.#failed(call)
    const reply = await this.#send(this.withConcern(command), call, travel, failed)
    if (reply.writeConcernError !== undefined) throw unconfirmed(reply.writeConcernError, failed)
    return new Map(writeErrors(reply).map((error) => [error.index, error]))
  }

  /** The error of one failed write of several. */
  writeError({ code, message }: WriteError, call: Call): StoreError {
    return refused(undefined, code, message, this.#failed(call))
  }

  withConcern(command: BsonObject): BsonObject {
    return { ...command, writeConcern: this.#writeConcern }
  }

  #failed(call: Call): Failed {
    return { write: true, signal: call.signal, hosts: this.hosts }
  }

  async #send(command: BsonObject, call: Call, travel: Travel, failed: Failed): Promise<Document> {
    throwIfAborted(call.signal)
    const [name = ''] = Object.keys(command)
    const options: RunCommandOptions = {
      ...READ_OPTIONS,
      readPreference: travel.secondary === true ? ReadPreference.secondaryPreferred : ReadPreference.primary,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      ...(travel.session === undefined ? {} : { session: travel.session }),
    }
    const came = call.sent({ command: name, ...(travel.bytes === undefined ? {} : { bytes: travel.bytes }) })
    try {
      const reply = await this.#db.command(command, options)
      came()
      return reply
    } catch (error) {
      const told = storeError(error, failed)
      came({ error: told })
      throw told
    }
  }
}

/** The one server that was named; of several, or of a name that stands for several, none is the address. */
function addressOf({ options }: MongoClient): Pick<Target, 'address' | 'port'> {
  const [host, ...others] = options.hosts
  if (host === undefined || others.length > 0) return {}
  const address = host.host ?? host.socketPath
  return {
    ...(address === undefined ? {} : { address }),
    ...(host.port === undefined ? {} : { port: host.port }),
  }
}

function codeOf(error: unknown): { readonly code?: string } {
  return error instanceof MongoServerError && error.code !== undefined ? { code: String(error.code) } : {}
}

function writeReply(reply: Document, failed: Failed): WriteReply {
  const [error] = writeErrors(reply)
  if (error?.duplicateId === true) return DUPLICATE
  if (error !== undefined) throw refused(undefined, error.code, error.message, failed)
  if (reply.writeConcernError !== undefined) throw unconfirmed(reply.writeConcernError, failed)
  return {
    n: Number(reply.n ?? reply.lastErrorObject?.n ?? 0),
    value: reply.value ?? undefined,
    duplicate: false,
  }
}

/** Whether a transaction failed for what others did, and may be run again. A lost connection is no such thing. */
function isTransient(error: unknown): boolean {
  const cause = error instanceof StoreError ? error.cause : undefined
  return cause instanceof MongoServerError && cause.hasErrorLabel(MongoErrorLabel.TransientTransactionError)
}

const DUPLICATE_KEY = 11000
const DUPLICATE: WriteReply = { n: 0, value: undefined, duplicate: true }

/** Whether what failed met its own `_id`, not another unique index. Amazon DocumentDB does not say which: then it did. */
function isDuplicateId(error: Document | undefined): boolean {
  if (Number(error?.code) !== DUPLICATE_KEY) return false
  const pattern = error?.keyPattern
  return pattern === undefined || Object.hasOwn(pattern, ID)
}

function writeErrors(reply: Document): readonly WriteError[] {
  const errors: readonly Document[] = reply.writeErrors ?? []
  return errors.map((error) => ({
    index: Number(error.index),
    code: Number(error.code),
    message: String(error.errmsg ?? ''),
    duplicateId: isDuplicateId(error),
  }))
}
