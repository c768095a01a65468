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
  FoundWrite,
  GetRequest,
  Model,
  NoTransactions,
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
import { StoreError } from '@isomodel/core/driver'
import type { Cluster, Redis } from 'ioredis'
import type { Access } from './access.js'
import { StreamReader } from './changes.js'
import { ClusterConnection } from './cluster-connection.js'
import { fetchCollection, planCollection } from './collection.js'
import type { Connection } from './connection.js'
import { Entities } from './entities.js'
import { get } from './get.js'
import { CLUSTER_BUCKETS, Layout, ONE_BUCKET } from './layout.js'
import type { Settings } from './options.js'
import { Outbox } from './outbox.js'
import { planQuery } from './planner.js'
import { fetch } from './query.js'
import { type RepairReport, repairIndexes } from './repair.js'
import { type Reply, unreported } from './request.js'
import { fetchScan, planScan } from './scan.js'
import { confirmScript, scripts } from './scripts.js'
import { readInfo, requireServer, serverProblems } from './server.js'
import { SingleConnection } from './single-connection.js'
import { sweep } from './sweep.js'
import { ScriptTransactions } from './transactions.js'
import { type IndexReport, verifyIndexes } from './verify.js'
import { fromBytes } from './wire.js'
import { Writer } from './writer.js'

/** What `repository.native` shows. */
export interface RedisNative<C extends Redis | Cluster = Redis> {
  /** The client that was given, else one of the adapter's own. */
  readonly client: C
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

const NO_COMMIT =
  'it is a cluster, whose nodes share no commit; a Redis or Valkey that is not in cluster mode, with or without replicas, has them'

/** How often a handle on a cluster looks for what others could not deliver to an index, ms. */
const DELIVER_EVERY = 5_000

const INFO = { name: 'INFO', args: [] }

export class RedisDriver implements Driver {
  readonly limits: DriverLimits = LIMITS
  readonly #connection: Connection
  readonly #layout: Layout
  readonly #access: Access
  readonly #writer: Writer
  readonly transactions: Transactions | NoTransactions
  readonly changes: Changes
  readonly collections: Collections
  readonly scans: Scans

  readonly #confirms: boolean
  readonly #now: () => number
  readonly #onClose: () => void
  readonly #timer: NodeJS.Timeout | undefined
  readonly #deliveries: NodeJS.Timeout | undefined

  private constructor(connection: Connection, layout: Layout, model: Model, own: Own) {
    this.#connection = connection
    this.#layout = layout
    const { keys } = layout
    const outbox = new Outbox(connection, keys)
    const access = { connection, keys, entities: new Entities(model, keys), outbox, keepChanges: own.keepChanges }
    this.#access = access
    const dropped = new Set<string>()
    this.#writer = new Writer(access, dropped)
    const transactions = new ScriptTransactions(layout, access, dropped, own.now)
    this.transactions = keys.isSpread
      ? { missing: NO_COMMIT, commitOne: (swap, call) => transactions.commit([swap], call) }
      : transactions
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
    this.#confirms = own.confirms
    this.#now = own.now
    this.#onClose = own.onClose
    if (own.sweepEvery !== undefined) {
      // What a sweep in the background could not do, the next one does; a broken connection shows in the calls.
      this.#timer = setInterval(() => this.sweep().catch(() => undefined), own.sweepEvery)
      this.#timer.unref()
    }
    if (keys.isSpread) {
      const look = (): void => void outbox.deliverLeftOver(keys.everyBucket, unreported()).catch(() => undefined)
      this.#deliveries = setInterval(look, DELIVER_EVERY)
      this.#deliveries.unref()
    }
  }

  /** Connects, and refuses a server or a layout that cannot be worked on. `onClose` is called once, when it is closed. */
  static async open(
    settings: Settings,
    model: Model,
    { signal, now }: OpenOptions,
    onClose: () => void,
  ): Promise<RedisDriver> {
    const { cluster } = settings
    const connection = cluster === undefined ? new SingleConnection(settings) : new ClusterConnection(settings, cluster)
    try {
      await connection.ready(signal, 'first attempt')
      const buckets = cluster === undefined ? ONE_BUCKET : CLUSTER_BUCKETS
      const layout = new Layout(connection, settings.namespace, buckets)
      const sending = { call: unreported(signal), writes: false }
      const [servers, record] = await Promise.all([
        // So that already the first write finds its script there.
        connection.everywhere(
          [INFO, ...scripts.map(({ text }) => ({ name: 'SCRIPT', args: ['LOAD', text] }))],
          sending,
        ),
        connection.send({ name: 'GET', args: [layout.keys.layout] }, sending),
      ])
      for (const [info] of servers) {
        // A user may be forbidden to ask; then the server is taken as it is.
        if (info instanceof Error) continue
        requireServer(readInfo(String(info)), connection.address, cluster !== undefined)
      }
      layout.accept(record)
      return new RedisDriver(connection, layout, model, {
        now,
        onClose,
        sweepEvery: settings.sweepEvery,
        keepChanges: settings.keepChanges,
        confirms: settings.durability !== undefined,
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
    const [servers, record] = await Promise.all([
      this.#connection.everywhere([INFO], { call, writes: false }),
      this.#connection.send({ name: 'GET', args: [this.#layout.keys.layout] }, { call, writes: false }),
    ])
    const problems = [
      ...this.#layout.problems(record as Reply),
      ...servers.flatMap(([info]) => (info instanceof Error ? [] : serverProblems(readInfo(String(info))))),
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

  async confirm({ entity, key, token }: FoundWrite, call: Call): Promise<void> {
    if (!this.#confirms) return
    const { connection, keys } = this.#access
    const { bucket, member } = keys.place(entity, key)
    const again = { script: confirmScript, keys: [keys.entity(bucket, member)], args: [token] }
    const [answer] = (await connection.run(again, { call, writes: true })) as readonly string[]
    if (answer !== 'done')
      throw new StoreError('The entity was written again since.', { code: 'CONFLICT', store: 'Redis' })
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

  native(entity: EntityModel, key: Values | undefined): RedisNative<Redis | Cluster> {
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

  get models(): readonly EntityModel[] {
    return this.#access.entities.models
  }

  /** Compares the indexes of some entities with all that is stored. */
  async verify(models: readonly EntityModel[], signal?: AbortSignal): Promise<IndexReport> {
    const call = unreported(signal)
    await this.#layout.require(call)
    return verifyIndexes(this.#accessTo(models), call)
  }

  /** Makes every index entry of them what its entity says of it. */
  async repair(models: readonly EntityModel[], signal?: AbortSignal): Promise<RepairReport> {
    const call = unreported(signal)
    await this.#layout.require(call)
    return repairIndexes(this.#accessTo(models), call)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    clearInterval(this.#deliveries)
    await this.#access.outbox.settled()
    this.#connection.close()
    this.#onClose()
  }

  #accessTo(models: readonly EntityModel[]): Access {
    return { ...this.#access, entities: new Entities({ entities: models }, this.#access.keys) }
  }
}

interface Own {
  readonly now: () => number
  readonly onClose: () => void
  readonly sweepEvery: number | undefined
  readonly keepChanges: number
  /** Whether a write needs more than to be there. */
  readonly confirms: boolean
}
