import type { EntityModel, IndexModel, Model } from '../model/model.js'
import type { Condition } from '../query/condition.js'
import type { Values } from '../schema/value.js'
import type { Change } from '../write/change.js'
import type { SortRange } from './range.js'

/**
 * A store under a model: what `dynamodb({...})`, `mongodb({...})`, `redis({...})` and `memory()` return and `connect`
 * takes. Making one does no I/O. `Adapter` alone is any of them; `Adapter<'transact:store'>` any that claims transactions.
 */
export interface Adapter<C extends Capability = never, N = unknown> {
  /** The type of what `repository.native` gives; never there at run time. */
  readonly '~native'?: N
  /** The store in words for messages: 'DynamoDB', 'MongoDB', 'Redis', 'memory'. */
  readonly store: string
  /**
   * Of each capability whether the store has it. What is claimed must be so: `connect` fails where the driver then lacks it,
   * and the conformance suite where it does not work, or where something works that is not claimed.
   */
  readonly capabilities: Claims<C>
  /**
   * Makes a driver for a model. Creates nothing in the store; probes the server only for what the claims depend on
   * (versions, settings) and throws a StoreError `UNAVAILABLE`, `UNSUPPORTED` or `MODEL_MISMATCH` that names the remedy.
   */
  open(model: Model, options: OpenOptions): Promise<Driver>
}

export interface OpenOptions {
  readonly signal?: AbortSignal
  /** The clock of logical expiry and timestamps, ms since the epoch; drivers use it only for what they do by themselves. */
  readonly now: () => number
}

/**
 * What a store may offer beyond the contract's core, as `subject:level`. Of a subject with several levels, whoever claims one
 * claims the lower ones with it.
 */
export type Capability =
  /** `consistency: 'eventual'` reads are cheaper here than strong ones. */
  | 'read:eventual'
  /** An index answers with every write that was acknowledged before it. */
  | 'index:strong'
  /** Writes of any entities of the store can be one transaction; unique constraints are kept by such. */
  | 'transact:store'
  /** `db.changes` tells every write, each with the entity exactly as it was before and after. */
  | 'changes:exact'

/** Of each capability whether it is there; those of C surely are. */
export type Claims<C extends Capability = never> = { readonly [K in Capability]: boolean } & {
  readonly [K in C]: true
}

/** The capabilities that an adapter surely has; of one that may be any of several, those that all have. */
export type CapabilitiesOf<A extends Adapter> = {
  [K in Capability]: A['capabilities'][K] extends true ? K : never
}[Capability]

/** What `native` gives on an adapter. */
export type NativeOf<A extends Adapter> = A extends Adapter<never, infer N> ? N : never

/** Numbers a driver keeps to; core chunks, refuses and explains by them. `undefined` is no limit. */
export interface DriverLimits {
  /** Most keys of one `get` call. */
  readonly getBatch: number
  /** Most operations of one `writeBatch` call. */
  readonly writeBatch: number
  /** Calls of a batch that may be under way at once. */
  readonly concurrency: number
  /**
   * Whether a new index holds the entities that were stored before it. Where the library keeps indexes with each write, it
   * does not: an entity is in a new index once it is written again.
   */
  readonly fillsIndexes: boolean
  /** How long after its moment an expired entity may still take space, in ms, as documented by the store; for the docs. */
  readonly expiryLag: string
}

/**
 * The narrow interface an adapter implements: encoding and I/O. Core validates, retries, chunks, coalesces, filters
 * residuals, hides the expired and makes cursors; a driver does what it is asked once.
 *
 * Every method: rejects only with StoreError (built by the adapter's `errors.ts` from the vendor's codes), honours
 * `call.signal` as far as its client allows, reports each request with `call.sent`, never retries by itself, and may be
 * called concurrently. Given Values are in storage form, validated, and must not be changed.
 */
export interface Driver {
  readonly limits: DriverLimits

  /** Creates or extends what the model needs; repeating it is safe; never drops or rewrites what is there. */
  setup(call: Call): Promise<SetupReport>

  /** Verifies tables, collections and indexes against the model without changing anything. */
  check(call: Call): Promise<CheckReport>

  /**
   * Reads by key, in the order asked; `undefined` where nothing is stored. Expired entities are returned. At most
   * `limits.getBatch` different keys; one key is one plain get. A key the store left unprocessed is a 'throttled' entry.
   */
  get(requests: readonly GetRequest[], call: ReadCall): Promise<readonly (Stored | undefined | 'throttled')[]>

  /**
   * Does one write atomically, exactly as `judge` (of the kit) says, with its index entries; at most once. When the reply
   * is lost it throws with `outcome: 'unknown'`, and core settles it by the write token. An entity whose ttl is at or
   * before `op.now` is absent: it satisfies 'absent', and what is written over it inherits nothing.
   */
  write(op: WriteOp, call: Call): Promise<WriteOutcome>

  /**
   * Unguarded puts and deletes of different keys (also of different entities), at most `limits.writeBatch`, each atomic by
   * itself, in no order. An outcome for each, in the order given; 'throttled' where it was not tried.
   */
  writeBatch(ops: readonly BatchOp[], call: Call): Promise<readonly BatchOutcome[]>

  /**
   * Makes sure that a write which was found in the store, after its reply was lost, is as durable as one that was acknowledged;
   * rejects where it is not, or not now. Left out where what can be read is as durable as it will be.
   */
  confirm?(write: FoundWrite, call: Call): Promise<void>

  /** Decides how a query will run. Pure: no I/O, no clock, the same answer every time. */
  plan(query: QuerySpec): Plan

  /**
   * One request's worth of rows in the plan's order, from behind `after`. Rows fit `plan.pushed`; core applies
   * `plan.residual` and expiry. `limit` is how many rows core can use, a driver may return fewer or none and still give
   * `next`. Positions are keyset positions: they stay right when entities come and go.
   */
  fetch(plan: Plan, request: FetchRequest, call: ReadCall): Promise<Fetched>

  /** Reading several kinds of entities of one partition together. */
  readonly collections: Collections

  /** Reading all entities of a kind. */
  readonly scans: Scans

  /** The feed of what is written, or why there is none on this server. */
  readonly changes: Changes | NoChanges

  /** What transactions are made of, or why there are none on this server. */
  readonly transactions: Transactions | NoTransactions

  /**
   * Units that the store would count for reading so many rows of so many bytes each, where it counts units. For explain.
   */
  estimate?(reads: { readonly rows: number; readonly bytes: number; readonly consistency: Consistency }): Capacity

  /** The command that `get` of one key would send, as data, without sending it. */
  explainGet(request: GetRequest, consistency: Consistency): Explanation

  /** The command that `write` would send, as data, without sending it. */
  explainWrite(op: WriteOp): Explanation

  /** Where an entity lies, or what concerns none alone; for telemetry, which without it names the store only. No I/O. */
  readonly target?: (entity: EntityModel | undefined) => Target

  /** What `repository.native` shows: the vendor's client and the encoded key. */
  native(entity: EntityModel, key: Values | undefined): unknown

  /** Frees what the driver itself made; a client that the caller gave stays open. Safe to call twice. */
  close(): Promise<void>
}

/**
 * What core needs of a store for transactions: it reads, judges every write itself, and commits what comes of them if
 * everything is as it was read.
 */
export interface Transactions {
  /** Most entities of one `commit` or `read`. */
  readonly items: number

  /** Most round trips of committing one entity with the records of its unique values; for explain. */
  readonly roundTrips: number

  /**
   * Does all swaps or none, with their index entries, as one atomic step that no read of this interface sees half of; at
   * most once. The swaps are of different keys, at most `items`. 'stale': at least one entity is not what its swap
   * expects, or another transaction was in the way, and nothing was written. When the reply is lost it throws with
   * `outcome: 'unknown'`, and core settles it by the write tokens.
   */
  commit(swaps: readonly Swap[], call: Call): Promise<'done' | 'stale'>

  /** Reads by key, in the order asked, all at one moment; as `get` otherwise. 'stale': a transaction was in the way. */
  read(requests: readonly GetRequest[], call: Call): Promise<readonly (Stored | undefined)[] | 'stale'>
}

/**
 * Why a server has no transactions, and what would have them, in words without a full stop: shown to whoever asks for one, and
 * by `connect` where the adapter claims them.
 */
export interface NoTransactions {
  readonly missing: string

  /**
   * Does one swap as `Transactions.commit` does. Where the library keeps the indexes, a store without transactions needs it to
   * fill an index that came later.
   */
  readonly commitOne?: (swap: Swap, call: Call) => Promise<'done' | 'stale'>
}

/** The feed of what is written to the entities whose model says `changes`, each key's changes in their order. */
export interface Changes {
  /**
   * A reader of what is written to these entities behind a position that an earlier reader of the same ones gave; without
   * one, from this moment: what is acknowledged after `open` is behind it. Throws `POSITION_LOST` where the store no longer
   * holds everything behind the position, `INVALID_CURSOR` for what is none.
   */
  open(entities: readonly EntityModel[], after: string | undefined, call: Call): Promise<ChangeReader>
}

/** Reads a feed on, one call at a time. */
export interface ChangeReader {
  /** Where it is: behind what `read` gave so far. Text of the driver's own. */
  readonly position: string

  /**
   * What comes next, `limit` changes or a few more, never one twice; where there is nothing yet, it waits up to `wait` ms.
   * It may give none and still have come further. Throws `POSITION_LOST` as `open` does. When it throws, it is where it was,
   * and the next call goes on there.
   */
  read(request: { readonly limit: number; readonly wait: number }, call: Call): Promise<readonly StoredChange[]>

  /** Frees what it holds. Safe to call twice. */
  close(): Promise<void>
}

/** A change as it lies in the store. */
export interface StoredChange {
  readonly entity: EntityModel
  /** When the store made it, ms, as exactly as the store tells. */
  readonly at: number
  /** Whether the store removed it by itself because it had expired. */
  readonly expired: boolean
  /** The entity before and after it; throws `CORRUPT` with the key for what this version did not write. */
  readonly images: () => { readonly old: Stored | undefined; readonly new: Stored | undefined }
}

/** Why a server has no change feed, and what would have one, in words without a full stop; as `NoTransactions`. */
export interface NoChanges {
  readonly missing: string
}

/** What one entity must be, and what it is to become. */
export interface Swap extends GetRequest {
  /**
   * What must be stored, expired or not: what was read, by its write token; nothing; or whatever there is. 'any' comes with
   * a `next` other than 'keep'.
   */
  readonly expected: Stored | 'absent' | 'any'
  /** The whole entity with its new token; `delete`; or `keep`, where it is only to be as expected. */
  readonly next: Stored | 'delete' | 'keep'
  /**
   * The fields in which `next` differs from what was `expected` are written, and what else lies beside them stays, such as
   * a field of a newer version of the model. Otherwise `next` replaces all.
   */
  readonly inPlace: boolean
}

export interface Call {
  readonly signal: AbortSignal | undefined
  /** Reports a request as it leaves; call the result with what came back. */
  readonly sent: (request: SentRequest) => (reply?: Reply) => void
  /** Reports that something is done again: it was throttled, failed in passing, or another writer was faster. */
  readonly retried?: () => void
}

export interface ReadCall extends Call {
  readonly consistency: Consistency
}

/** `strong` sees every acknowledged write; `eventual` may be older, where the store offers it for less. */
export type Consistency = 'strong' | 'eventual'

/** One round trip. */
export interface SentRequest {
  /** The vendor's name of it: 'GetItem', 'findOneAndUpdate', 'FCALL', ... */
  readonly command: string
  /** Payload bytes sent, where the client lets them be known. */
  readonly bytes?: number
}

export interface Reply {
  readonly bytes?: number
  /** What the store said it consumed, where it says so. */
  readonly capacity?: Capacity
  readonly error?: unknown
  /** The vendor's code of the error, for telemetry: 'ThrottlingException', '11000', 'WRONGTYPE'. Never a message. */
  readonly code?: string
}

/** Read and write units. */
export interface Capacity {
  readonly read?: number
  readonly write?: number
}

/** Where entities lie, in the words of OpenTelemetry's conventions for databases. Holds no credentials. */
export interface Target {
  /** `db.system.name`: 'aws.dynamodb', 'mongodb', 'redis'. */
  readonly system: string
  /** `db.namespace`: the database within the server, where there are several. */
  readonly namespace?: string
  /** `db.collection.name`: the table or collection. */
  readonly collection?: string
  /** `server.address`, where it is known and there is one. */
  readonly address?: string
  /** `server.port` */
  readonly port?: number
}

export interface GetRequest {
  readonly entity: EntityModel
  /** The key fields, complete. */
  readonly key: Values
}

/** A write that was found again by its token. */
export interface FoundWrite extends GetRequest {
  readonly token: string
}

/** An entity as it lies in the store. */
export interface Stored {
  /** In storage form; without the revision. With a projection only the asked fields (key fields and ttl may come along). */
  readonly values: Values
  /** The write token of the write that left it. */
  readonly token: string
}

/** When a write may go ahead; judged in this order, see `judge`. */
export interface Guard {
  /** 'absent' for create, 'present' for update and anything guarded, 'any' otherwise. */
  readonly exists: 'absent' | 'present' | 'any'
  /** The token the present entity must have. */
  readonly token?: string
  /** Must hold of the present entity; under 'any' it is judged only when there is one. */
  readonly condition?: Condition
}

interface WriteOpBase {
  readonly entity: EntityModel
  /** The key fields, complete. */
  readonly key: Values
  readonly guard: Guard
  /** New and random with every write. A delete leaves none, but carries one for the log of the attempt. */
  readonly token: string
  /** The moment of the write by core's clock, ms: decides expiry. */
  readonly now: number
  /** What the outcome must carry; a driver may return more. */
  readonly returning: 'old' | 'new' | 'none'
}

/** Writes `values` (the whole entity), replacing what is there; with guard 'absent' it is a create. */
export interface PutOp extends WriteOpBase {
  readonly kind: 'put'
  readonly values: Values
}

/**
 * Applies `changes` to the present entity. When there is none (or it has expired) and `orCreate` is given, writes that
 * whole entity instead; guard.exists is then 'any', else 'present'. An empty list of changes still judges the guard and
 * leaves the new token.
 */
export interface UpdateOp extends WriteOpBase {
  readonly kind: 'update'
  readonly changes: readonly Change[]
  readonly orCreate?: Values
}

export interface DeleteOp extends WriteOpBase {
  readonly kind: 'delete'
}

export type WriteOp = PutOp | UpdateOp | DeleteOp
export type BatchOp = PutOp | DeleteOp

export type WriteOutcome =
  | {
      readonly status: 'done'
      /** The live entity before the write, when `returning: 'old'` asked for it and there was one. */
      readonly old?: Stored
      /** The entity after the write, when `returning: 'new'` asked for it; none after a delete. */
      readonly new?: Stored
    }
  | Refusal

/** The store judged the write and left everything as it was. */
export interface Refusal {
  readonly status: 'refused'
  readonly reason: RefusalReason
  /** Where in the entity, for INVALID_PATH and INVALID_VALUE. */
  readonly path?: readonly (string | number)[]
  /** What is wrong and what would be right, in words; core adds the entity and operation. */
  readonly message?: string
  /** The live entity that it was judged on, when the store gave it. */
  readonly current?: Stored
}

export type RefusalReason =
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'REVISION_MISMATCH'
  | 'CONDITION_FAILED'
  | 'INVALID_PATH'
  | 'INVALID_VALUE'

export type BatchOutcome =
  | { readonly status: 'done' }
  | { readonly status: 'throttled' }
  | { readonly status: 'failed'; readonly error: unknown }

/** A query after core's checks: values in storage form, partition fields complete. */
export interface QuerySpec {
  readonly entity: EntityModel
  /** undefined: by the key itself. */
  readonly index: IndexModel | undefined
  /** The partition fields' values, complete. */
  readonly partition: Values
  readonly where: Condition | undefined
  readonly reverse: boolean
  /** Top-level fields to fetch; undefined for all. */
  readonly select: readonly string[] | undefined
  /** Whether rows may be counted without being returned. */
  readonly count: boolean
}

export interface Plan {
  readonly query: QuerySpec
  /** 'none': the condition cannot hold, nothing is sent. */
  readonly access: 'key' | 'index' | 'scan' | 'none'
  /** The sort-key range taken out of `where`. */
  readonly range: SortRange
  /** What the store itself checks, exactly or as a superset; for explain and for counting. */
  readonly pushed: Condition | undefined
  /** What core checks again on each row; it must hold whatever `pushed` lets through by mistake. */
  readonly residual: Condition | undefined
  /** Freshness of this access path at its best. */
  readonly freshness: Consistency
  /** Round trips of one page. */
  readonly roundTrips: number
  /** The request of the first page, as it would be sent: plain data, for explain. */
  readonly request: unknown
}

export interface FetchRequest {
  /** A position that this driver gave, for the same query. */
  readonly after?: string
  readonly limit: number
  /** The clock, so that a driver may leave out expired entities; core checks again. */
  readonly now: number
}

export interface Row {
  readonly stored: Stored
  /**
   * Where this row is: its sort text, of `keyText` or `indexText`. Given as `after` it goes on behind it. Computed only when
   * asked.
   */
  readonly position: () => string
}

export interface Fetched {
  readonly rows: readonly Row[]
  /** Where the next request goes on; absent at the end. */
  readonly next?: string
  /** Rows that the store looked at, where it says so. */
  readonly reads?: number
}

/** Reads several kinds of entities that share a partition, of the key or of an index, kind after kind. */
export interface Collections {
  /**
   * Decides how they are read: `members` are plans of `plan`, none of access 'none', of one partition and direction, in the
   * order in which their rows come. Pure.
   */
  plan(members: readonly Plan[]): CollectionPlan

  /**
   * As `Driver.fetch`, of all kinds in turn. Every row is in the range of its member; core applies the member's whole
   * `where`. What else lies in the partition is left out.
   */
  fetch(plan: CollectionPlan, request: FetchRequest, call: ReadCall): Promise<FetchedMembers>
}

export interface CollectionPlan {
  readonly members: readonly Plan[]
  /** Round trips of the first page. */
  readonly roundTrips: number
  /** The request of the first page as it would be sent: plain data, for explain. */
  readonly request: unknown
}

export interface MemberRow extends Row {
  /** The place of its kind among the plan's members. */
  readonly member: number
}

export interface FetchedMembers {
  readonly rows: readonly MemberRow[]
  /** Where the next request goes on; absent at the end. A sort text, as each row's position. */
  readonly next?: string
}

/**
 * Reads all entities of a kind, in an order of the store's own, in segments that can be read side by side. An entity that
 * is there throughout is read once, in one segment.
 */
export interface Scans {
  /** Most segments of one scan. */
  readonly segments: number

  /** Decides how a scan will run. Pure. */
  plan(scan: ScanSpec): ScanPlan

  /**
   * The rows of a segment from behind `after`, of at most `reads` that the store looks at, fitting or not. Rows fit
   * `plan.pushed`; core applies `plan.residual` and expiry. A position is the row's `keyText`, as `placeText` writes it.
   */
  fetch(plan: ScanPlan, request: ScanRequest, call: ReadCall): Promise<Scanned>
}

export interface ScanSpec {
  readonly entity: EntityModel
  readonly where: Condition | undefined
  /** Top-level fields to fetch; undefined for all. */
  readonly select: readonly string[] | undefined
  /** 1 to `Scans.segments`. */
  readonly segments: number
}

export interface ScanPlan {
  readonly scan: ScanSpec
  /** 'none': the condition cannot hold, nothing is sent. */
  readonly access: 'scan' | 'none'
  readonly pushed: Condition | undefined
  readonly residual: Condition | undefined
  /** Freshness at its best. */
  readonly freshness: Consistency
  /** Round trips of one fetch. */
  readonly roundTrips: number
  /** The first request as it would be sent: plain data, for explain. */
  readonly request: unknown
}

export interface ScanRequest {
  /** From 0. */
  readonly segment: number
  readonly after?: string
  /** Most rows that the store may look at. */
  readonly reads: number
  readonly now: number
}

export interface Scanned extends Fetched {
  /** Rows that the store looked at. */
  readonly reads: number
}

export interface Explanation {
  /** The first request, as it would be sent: plain data. */
  readonly request: unknown
  /** Round trips when nothing interferes: 2 where a write needs a read first. */
  readonly roundTrips: number
  /** Why a second round trip is needed, in words. */
  readonly reason?: string
  /** Units that the store would count, where it counts units and they follow from what is sent. */
  readonly estimate?: Capacity
}

export interface SetupReport {
  /** In words, one line each: what was created or extended; empty when all was there. */
  readonly created: readonly string[]
}

export interface CheckReport {
  readonly ok: boolean
  readonly problems: readonly CheckProblem[]
}

export interface CheckProblem {
  /** The table, collection, index or key concerned. */
  readonly what: string
  readonly expected: string
  readonly found: string
  readonly remedy: string
}
