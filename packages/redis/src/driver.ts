import type {
  BatchOp,
  BatchOutcome,
  Call,
  Changes,
  CheckReport,
  Collections,
  Driver,
  DriverLimits,
  EntityModel,
  Explanation,
  Fetched,
  FetchRequest,
  GetRequest,
  Model,
  OpenOptions,
  Plan,
  QuerySpec,
  ReadCall,
  Scans,
  SetupReport,
  Stored,
  Target,
  Transactions,
  Values,
  WriteOp,
  WriteOutcome,
} from '@isomodel/core/driver'
import type { Redis } from 'ioredis'
import type { Access } from './access.js'
import { StreamReader } from './changes.js'
import { fetchCollection, planCollection } from './collection.js'
import { Connection, type Reply } from './connection.js'
import { Entities } from './entities.js'
import { get } from './get.js'
import { Layout } from './layout.js'
import type { Settings } from './options.js'
import { planQuery } from './planner.js'
import { fetch } from './query.js'
import { fetchScan, planScan } from './scan.js'
import { scripts } from './scripts.js'
import { readInfo, requireServer, serverProblems } from './server.js'
import { sweep } from './sweep.js'
import { ScriptTransactions } from './transactions.js'
import { fromBytes } from './wire.js'
import { Writer } from './writer.js'

/** What `repository.native` shows. */
export interface RedisNative {
  /** The client that was given, else the adapter's own. */
  readonly client: Redis
  /** The key of the entity's hash; undefined when no entity was named. */
  readonly key: string | undefined
}

const LIMITS: DriverLimits = Object.freeze({
  getBatch: 1_000,
  writeBatch: 100,
  concurrency: 4,
  fillsIndexes: false,
  expiryLag: 'until a few later writes to the same bucket, or the next sweep',
})

const INFO = { name: 'INFO', args: [] }

export class RedisDriver implements Driver {
  readonly limits: DriverLimits = LIMITS
  readonly #connection: Connection
  readonly #layout: Layout
  readonly #access: Access
  readonly #writer: Writer
  readonly transactions: Transactions
  readonly changes: Changes
  readonly collections: Collections
  readonly scans: Scans

  readonly #now: () => number
  readonly #onClose: () => void
  readonly #timer: NodeJS.Timeout | undefined

  private constructor(connection: Connection, layout: Layout, model: Model, own: Own) {
    this.#connection = connection
    this.#layout = layout
    const { keys } = layout
    const access = { connection, keys, entities: new Entities(model), keepChanges: own.keepChanges }
    this.#access = access
    const dropped = new Set<string>()
    this.#writer = new Writer(access, dropped)
    this.transactions = new ScriptTransactions(layout, access, dropped, own.now)
    this.changes = { open: (entities, after, call) => StreamReader.open(access, layout, entities, after, call) }
    this.collections = {
      plan: (members) => planCollection(members, keys),
      fetch: async (plan, request, call) => {
        await layout.require(call)
        return fetchCollection(access, plan, request, call)
      },
    }
    this.scans = {
      segments: keys.buckets,
      plan: (scan) => planScan(scan, keys),
      fetch: async (plan, request, call) => {
        await layout.require(call)
        return fetchScan(access, plan, request, call)
      },
    }
    this.#now = own.now
    this.#onClose = own.onClose
    if (own.sweepEvery !== undefined) {
      // What a sweep in the background could not do, the next one does; a broken connection shows in the calls.
      this.#timer = setInterval(() => this.sweep().catch(() => undefined), own.sweepEvery)
      this.#timer.unref()
    }
  }

  /** Connects, and refuses a server or a layout that cannot be worked on. `onClose` is called once, when it is closed. */
  static async open(
    settings: Settings,
    model: Model,
    { signal, now }: OpenOptions,
    onClose: () => void,
  ): Promise<RedisDriver> {
    const connection = new Connection(settings)
    try {
      await connection.ready(signal, 'first attempt')
      const layout = new Layout(connection, settings.namespace)
      const [info, record] = await connection.sendAll(
        [
          INFO,
          { name: 'GET', args: [layout.keys.layout] },
          // So that already the first write finds its script there.
          ...scripts.map(({ text }) => ({ name: 'SCRIPT', args: ['LOAD', text] })),
        ],
        { call: unreported(signal), writes: false },
      )
      if (record instanceof Error) throw record
      // A user may be forbidden to ask; then the server is taken as it is.
      if (!(info instanceof Error)) requireServer(readInfo(String(info)), connection.address)
      layout.accept(record)
      return new RedisDriver(connection, layout, model, {
        now,
        onClose,
        sweepEvery: settings.sweepEvery,
        keepChanges: settings.keepChanges,
      })
    } catch (error) {
      connection.close()
      throw error
    }
  }

  async setup(call: Call): Promise<SetupReport> {
    const made = await this.#layout.create(call)
    return { created: made ? [`layout record ${this.#layout.keys.layout}`] : [] }
  }

  async check(call: Call): Promise<CheckReport> {
    const [info, record] = await this.#connection.sendAll([INFO, { name: 'GET', args: [this.#layout.keys.layout] }], {
      call,
      writes: false,
    })
    if (record instanceof Error) throw record
    const problems = [
      ...this.#layout.problems(record as Reply),
      ...(info instanceof Error ? [] : serverProblems(readInfo(String(info)))),
    ]
    return { ok: problems.length === 0, problems }
  }

  async get(requests: readonly GetRequest[], call: ReadCall): Promise<(Stored | undefined)[]> {
    await this.#layout.require(call)
    return get(this.#access, requests, call)
  }

  async write(op: WriteOp, call: Call): Promise<WriteOutcome> {
    await this.#layout.require(call)
    return this.#writer.write(op, call)
  }

  async writeBatch(ops: readonly BatchOp[], call: Call): Promise<BatchOutcome[]> {
    await this.#layout.require(call)
    return this.#writer.writeBatch(ops, call)
  }

  plan(query: QuerySpec): Plan {
    return planQuery(query, this.#layout.keys)
  }

  async fetch(plan: Plan, request: FetchRequest, call: ReadCall): Promise<Fetched> {
    await this.#layout.require(call)
    return fetch(this.#access, plan, request, call)
  }

  explainGet({ entity, key }: GetRequest): Explanation {
    const { keys } = this.#layout
    const { bucket, member } = keys.place(entity, key)
    return { request: { command: 'HGETALL', key: fromBytes(keys.entity(bucket, member)) }, roundTrips: 1 }
  }

  explainWrite(op: WriteOp): Explanation {
    const { script, keys, args } = this.#writer.explain(op)
    const request = { command: 'EVALSHA', script: script.name, keys: keys.map(fromBytes), args: args.map(fromBytes) }
    return { request, roundTrips: 1 }
  }

  readonly target = (): Target => this.#connection.target

  native(entity: EntityModel, key: Values | undefined): RedisNative {
    const { keys } = this.#layout
    const place = key === undefined ? undefined : keys.place(entity, key)
    return {
      client: this.#connection.client,
      key: place === undefined ? undefined : fromBytes(keys.entity(place.bucket, place.member)),
    }
  }

  /** Removes all entities that are expired, by the clock given to `connect` and by the server's. How many they were. */
  async sweep(signal?: AbortSignal): Promise<number> {
    const call = unreported(signal)
    await this.#layout.require(call)
    return sweep(this.#access, this.#now(), call)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#connection.close()
    this.#onClose()
  }
}

interface Own {
  readonly now: () => number
  readonly onClose: () => void
  readonly sweepEvery: number | undefined
  readonly keepChanges: number
}

/** A call that belongs to no operation of the caller. */
function unreported(signal: AbortSignal | undefined): Call {
  return { signal, sent: () => () => undefined }
}
