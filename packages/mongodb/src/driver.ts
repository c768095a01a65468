import {
  type BatchOp,
  type BatchOutcome,
  type Call,
  type Changes,
  type CheckReport,
  type Collections,
  type Driver,
  type DriverLimits,
  type EntityModel,
  type Explanation,
  type Fetched,
  type FetchRequest,
  fetchApart,
  type GetRequest,
  type Model,
  type NoChanges,
  type NoTransactions,
  type Plan,
  type QuerySpec,
  type ReadCall,
  type Scans,
  type SetupReport,
  type Stored,
  StoreError,
  type Target,
  type Transactions,
  type Values,
  type WriteOp,
  type WriteOutcome,
} from '@isomodel/core/driver'
import type { Collection, Db, MongoClient } from 'mongodb'
import { runWriteBatch } from './batch.js'
import { StreamReader } from './changes.js'
import { EntityCollection } from './collection.js'
import { findById, runGet } from './get.js'
import type { ValidatorAction } from './inspect.js'
import type { Lacks } from './lacks.js'
import { plainData } from './plain-data.js'
import { type Find, planQuery } from './planner.js'
import { Presence } from './presence.js'
import { fetchPage } from './query.js'
import { fetchScan, planScan } from './scan.js'
import type { Server } from './server.js'
import { runCheck, runSetup } from './setup.js'
import { transactionsOn } from './transactions.js'
import { planWrite, reading } from './write-request.js'
import { runWrite } from './writer.js'

/** What `repository.native` gives: MongoDB's own client, the entity's collection in it, and the encoded key. */
export interface MongodbNative {
  readonly client: MongoClient
  readonly db: Db
  readonly collection: Collection
  /** The document's `_id`, when a key was given. */
  readonly id: string | undefined
}

export interface DriverSetup {
  readonly server: Server
  readonly model: Model
  readonly prefix: string
  readonly validators: ValidatorAction
  readonly lacks: Lacks
  /** Frees what was made for this driver alone. */
  readonly dispose: () => Promise<void>
}

const LIMITS: DriverLimits = {
  getBatch: 1_000,
  writeBatch: 1_000,
  concurrency: 8,
  fillsIndexes: true,
  expiryLag: "about a minute (MongoDB's TTL monitor), under load more",
}

/** The driver contract over one database. */
export class MongodbDriver implements Driver {
  readonly limits: DriverLimits = LIMITS
  readonly transactions: Transactions | NoTransactions
  readonly collections: Collections = {
    // Each kind lies in a collection of its own: as many commands as kinds, sent together.
    plan: (members) => ({ members, roundTrips: members.length, request: members.map(({ request }) => request) }),
    fetch: ({ members }, request, call) => fetchApart(members, request, (plan, page) => this.fetch(plan, page, call)),
  }
  readonly changes: Changes | NoChanges
  readonly scans: Scans = {
    segments: 1,
    plan: (scan) => planScan(this.#collection(scan.entity), scan),
    fetch: async (plan, request, call) => {
      await this.#require([plan.scan], call)
      return fetchScan(this.#server, this.#collection(plan.scan.entity), plan, request, call)
    },
  }
  readonly #server: Server
  readonly #collections: ReadonlyMap<string, EntityCollection>
  readonly #presence: Presence
  readonly #validators: ValidatorAction
  readonly #finds = new WeakMap<Plan, Find>()
  readonly #dispose: () => Promise<void>
  #closing: Promise<void> | undefined

  constructor({ server, model, prefix, validators, lacks, dispose }: DriverSetup) {
    this.#server = server
    this.#collections = new Map(
      model.entities.map((entity) => [entity.name, new EntityCollection(entity, prefix, lacks.changes === undefined)]),
    )
    this.#presence = new Presence(
      server,
      Array.from(this.#collections.values(), ({ name }) => name),
    )
    this.#validators = validators
    this.#dispose = dispose
    this.changes = lacks.changes === undefined ? { open: this.#follow } : { missing: lacks.changes }
    this.transactions =
      lacks.transactions === undefined
        ? transactionsOn(
            server,
            validators === 'error',
            ({ entity }) => this.#collection(entity),
            (requests, call) => this.#require(requests, call),
          )
        : { missing: lacks.transactions }
  }

  /** Asks which collections are there, before the first call. */
  async learn(signal: AbortSignal | undefined): Promise<this> {
    await this.#presence.learn({ signal, sent: () => () => undefined })
    return this
  }

  async setup(call: Call): Promise<SetupReport> {
    const report = await runSetup(this.#server, [...this.#collections.values()], this.#validators, call)
    this.#presence.setUp()
    return report
  }

  check(call: Call): Promise<CheckReport> {
    return runCheck(this.#server, [...this.#collections.values()], this.#validators, call)
  }

  async get(requests: readonly GetRequest[], call: ReadCall): Promise<readonly (Stored | undefined | 'throttled')[]> {
    await this.#require(requests, call)
    return runGet(this.#server, ({ entity }) => this.#collection(entity), requests, call)
  }

  async write(op: WriteOp, call: Call): Promise<WriteOutcome> {
    await this.#require([op], call)
    return runWrite(this.#server, this.#collection(op.entity), op, call)
  }

  async writeBatch(ops: readonly BatchOp[], call: Call): Promise<readonly BatchOutcome[]> {
    await this.#require(ops, call)
    return runWriteBatch(this.#server, ({ entity }) => this.#collection(entity), ops, call)
  }

  plan(query: QuerySpec): Plan {
    return this.#planned(query).plan
  }

  async fetch(plan: Plan, request: FetchRequest, call: ReadCall): Promise<Fetched> {
    const find = this.#finds.get(plan) ?? this.#planned(plan.query).find
    if (find === undefined) return { rows: [] }
    await this.#require([plan.query], call)
    return fetchPage(this.#server, this.#collection(plan.query.entity), find, request, call)
  }

  explainGet({ entity, key }: GetRequest): Explanation {
    const collection = this.#collection(entity)
    return { request: plainData(findById(collection, collection.id(key))), roundTrips: 1 }
  }

  explainWrite(op: WriteOp): Explanation {
    const collection = this.#collection(op.entity)
    const { attempts, reason } = planWrite(collection, op, this.#server.limits)
    const [first] = attempts
    const command = first === undefined ? reading(collection, op.key) : this.#server.withConcern(first.command)
    return {
      request: plainData(command),
      roundTrips: attempts.length === 1 ? 1 : 2,
      ...(reason === undefined ? {} : { reason }),
    }
  }

  readonly target = (entity: EntityModel | undefined): Target =>
    entity === undefined ? this.#server.target : { ...this.#server.target, collection: this.#collection(entity).name }

  native(entity: EntityModel, key: Values | undefined): MongodbNative {
    const { client, database } = this.#server
    const collection = this.#collection(entity)
    const db = client.db(database)
    return {
      client,
      db,
      collection: db.collection(collection.name),
      id: key === undefined ? undefined : collection.id(key),
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#dispose()
    return this.#closing
  }

  readonly #follow: Changes['open'] = async (entities, after, call) => {
    const followed = entities.map((entity) => this.#collection(entity))
    await this.#require(followed, call)
    return StreamReader.open(this.#server, followed, after, call)
  }

  #planned(query: QuerySpec): { readonly plan: Plan; readonly find: Find | undefined } {
    const planned = planQuery(this.#collection(query.entity), query)
    if (planned.find !== undefined) this.#finds.set(planned.plan, planned.find)
    return planned
  }

  async #require(about: readonly { readonly entity: EntityModel }[], call: Call): Promise<void> {
    for (const { entity } of about) await this.#presence.require(this.#collection(entity).name, call)
  }

  #collection(entity: EntityModel): EntityCollection {
    const known = this.#collections.get(entity.name)
    if (known?.entity === entity) return known
    throw new StoreError(`${entity.name} is not an entity of this connection; connect it with the others.`, {
      code: 'VALIDATION',
      entity: entity.name,
    })
  }
}
