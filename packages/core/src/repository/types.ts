import type { Capability, Capacity, CheckReport, Consistency, Explanation, SetupReport } from '../driver/contract.js'
import type { StoreError } from '../errors/store-error.js'
import type {
  AnyEntity,
  ArgumentOf,
  ConditionFields,
  EntityOf,
  HasRevision,
  IndexesOf,
  IndexPartitionOf,
  KeyOf,
  ObjectChanges,
  PartitionOf,
  UpdateFields,
} from '../model/infer.js'
import type { CallEvent, RequestEvent } from '../observe/events.js'
import type { Condition } from '../query/condition.js'
import type { ConditionOperators } from '../query/operators.js'
import type { Change } from '../write/change.js'
import type { UpdateOperators } from '../write/operators.js'
import type { Capable, StrongBy } from './capability-types.js'
import type { FollowChanges } from './change-types.js'
import type { Collect } from './collection-types.js'
import type { Transact } from './transaction-types.js'

export interface CallOptions {
  /** Aborts the call: it rejects with `ABORTED`. A write that was already sent has the outcome `unknown`. */
  readonly signal?: AbortSignal
  /** The moment by which the call must have ended, or milliseconds from now; then it rejects with `TIMEOUT`. */
  readonly deadline?: Date | number
}

export interface ReadOptions extends CallOptions {
  /** Default: `strong` by key, and the index's best freshness by an index. */
  readonly consistency?: Consistency
}

/** A condition: built in a callback, or kept as data. */
export type ConditionArgument<E extends AnyEntity> =
  | ((o: ConditionFields<E>, operators: ConditionOperators) => Condition)
  | Condition

export type Returning = 'old' | 'new' | 'none'

export type WriteOptions<E extends AnyEntity, W extends Returning> = CallOptions & {
  /** Which entity the call gives. `old` is undefined where there was none. */
  readonly return?: W
} & ([E] extends [never] ? unknown : GuardOptions<E>)

export type GuardOptions<E extends AnyEntity> = {
  /** Must hold of the current entity, judged atomically with the write. */
  readonly if?: ConditionArgument<E>
} & (HasRevision<E> extends true
  ? { /** The revision the current entity must have. */ readonly ifRevision?: string }
  : unknown)

export type Returned<E extends AnyEntity, W extends Returning> = W extends 'none'
  ? // biome-ignore lint/suspicious/noConfusingVoidType: it is a return type, chosen by the option.
    void
  : W extends 'old'
    ? EntityOf<E> | undefined
    : EntityOf<E>

/** The changes of an update: an object sets the fields it names; a callback builds every other kind of change. */
export type ChangesArgument<E extends AnyEntity> =
  | ObjectChanges<E>
  | ((o: UpdateFields<E>, operators: UpdateOperators) => readonly Change[] | Change)

/** What can be done with one kind of entity. `C`: the capabilities of its store; by default those that every store has. */
export interface Repository<E extends AnyEntity, N = unknown, C extends Capability = never> {
  /** For the types alone, so that what can do less is not taken for what can do more; never there at run time. */
  readonly '~claims'?: { readonly [K in C]: true }

  /** The declared entity. */
  readonly entity: E

  /** The entity with this key, or undefined. Gets asked for in one tick travel as one batch. */
  get(key: KeyOf<E>, options?: ReadOptions): Promise<EntityOf<E> | undefined>

  /** Any number of keys, in the order asked; undefined where there is none. */
  getMany(keys: readonly KeyOf<E>[], options?: ReadOptions): Promise<(EntityOf<E> | undefined)[]>

  /** Writes a new entity; `ALREADY_EXISTS` when its key is taken. */
  create(entity: ArgumentOf<E>, options?: WriteOptions<never, 'new'>): Promise<EntityOf<E>>
  create<W extends 'old' | 'none'>(
    entity: ArgumentOf<E>,
    options: WriteOptions<never, W> & { readonly return: W },
  ): Promise<Returned<E, W>>

  /** Writes the entity in the place of what is there. With a guard there must be one, else `NOT_FOUND`. */
  put(entity: ArgumentOf<E>, options?: WriteOptions<E, 'new'>): Promise<EntityOf<E>>
  put<W extends 'old' | 'none'>(
    entity: ArgumentOf<E>,
    options: WriteOptions<E, W> & { readonly return: W },
  ): Promise<Returned<E, W>>

  /**
   * Creates the entity, or sets the fields that are named on the one that is there: what is not named stays, defaults
   * apply only to a new one. `if` is judged when there is an entity.
   */
  upsert(entity: ArgumentOf<E>, options?: WriteOptions<E, 'new'>): Promise<EntityOf<E>>
  upsert<W extends 'old' | 'none'>(
    entity: ArgumentOf<E>,
    options: WriteOptions<E, W> & { readonly return: W },
  ): Promise<Returned<E, W>>

  /**
   * Changes only what is named. `NOT_FOUND` when the entity is absent, unless `orCreate` is true: then the changes apply
   * to a new entity of its key and defaults, which must fit the schema.
   */
  update(
    key: KeyOf<E>,
    changes: ChangesArgument<E>,
    options?: WriteOptions<E, 'new'> & { readonly orCreate?: boolean },
  ): Promise<EntityOf<E>>
  update<W extends 'old' | 'none'>(
    key: KeyOf<E>,
    changes: ChangesArgument<E>,
    options: WriteOptions<E, W> & { readonly return: W; readonly orCreate?: boolean },
  ): Promise<Returned<E, W>>

  /** Deletes it. Deleting what is absent is no error unless guarded. */
  delete(key: KeyOf<E>, options?: WriteOptions<E, 'none'>): Promise<void>
  delete(key: KeyOf<E>, options: WriteOptions<E, 'old'> & { readonly return: 'old' }): Promise<EntityOf<E> | undefined>

  /** Any number of puts. A repeated key counts once, the last. When some fail, a BatchError names each. */
  putMany(entities: readonly ArgumentOf<E>[], options?: CallOptions): Promise<EntityOf<E>[]>

  /** Any number of deletes. When some fail, a BatchError names each. */
  deleteMany(keys: readonly KeyOf<E>[], options?: CallOptions): Promise<void>

  /** Entities of one partition, in the order of the key's sort fields. */
  query(partition: PartitionOf<E>): Query<E, EntityOf<E>>
  /** Entities of one partition of an index, in the order of the index's sort fields. */
  query<I extends keyof IndexesOf<E> & string>(
    index: I,
    partition: IndexPartitionOf<E, I>,
  ): Query<E, EntityOf<E>, StrongBy<IndexesOf<E>[I], C>>

  /**
   * Entities of several partitions, as one list in the order of the sort fields: each partition is read as far as it is
   * needed, all of them at once. At most 100 partitions; one that is given twice counts once.
   */
  queryMany(partitions: readonly PartitionOf<E>[]): Query<E, EntityOf<E>>
  /** Entities of several partitions of an index. */
  queryMany<I extends keyof IndexesOf<E> & string>(
    index: I,
    partitions: readonly IndexPartitionOf<E, I>[],
  ): Query<E, EntityOf<E>, StrongBy<IndexesOf<E>[I], C>>

  /**
   * All entities, in no order: a read of everything, so it asks for leave. For exports and repairs; what a page of an
   * application needs is an index.
   */
  scan(options: ScanOptions): Scan<E, EntityOf<E>>

  /**
   * What a call would send, without sending it; sensitive values are masked. Takes the same arguments as the call; a query
   * explains itself.
   */
  readonly explain: ExplainCalls<E>

  /** The vendor's own client and, for a key, the encoded key. */
  native(key?: KeyOf<E>): N
}

export interface ExplainCalls<E extends AnyEntity> {
  get(key: KeyOf<E>, options?: Pick<ReadOptions, 'consistency'>): Explanation
  create(entity: ArgumentOf<E>): Explanation
  put(entity: ArgumentOf<E>, options?: GuardOptions<E>): Explanation
  upsert(entity: ArgumentOf<E>, options?: GuardOptions<E>): Explanation
  update(
    key: KeyOf<E>,
    changes: ChangesArgument<E>,
    options?: GuardOptions<E> & { readonly orCreate?: boolean },
  ): Explanation
  delete(key: KeyOf<E>, options?: GuardOptions<E>): Explanation
}

/**
 * An immutable query: each method gives a new one, and one query can be branched and run any number of times. `S` is what asking
 * for a strong read needs: `unknown` where the access path can give it.
 */
export interface Query<E extends AnyEntity, R, S = unknown> extends AsyncIterable<R> {
  /** Adds a condition; several must all hold. The planner decides what becomes the sort-key range and what a filter. */
  where(condition: ConditionArgument<E>): Query<E, R, S>
  /** At most n results (positive), however many pages that takes. */
  limit(n: number): Query<E, R, S>
  /** From the last to the first. */
  reverse(): Query<E, R, S>
  /** Only these fields. */
  select<F extends keyof EntityOf<E> & string>(...fields: readonly [F, ...F[]]): Query<E, Pick<EntityOf<E>, F>, S>
  /** `strong` or `eventual`, where the access path offers both. */
  readonly consistency: (level: 'eventual' | ('strong' & S)) => Query<E, R, S>

  /** One page: full unless the results end. The cursor is there while there may be more. */
  page(options?: PageOptions): Promise<Page<R>>
  /** All results. */
  all(options?: CallOptions): Promise<R[]>
  first(options?: CallOptions): Promise<R | undefined>
  /** The only result: `NOT_FOUND` when there is none, `NOT_UNIQUE` when there are more. A limit of 1 leaves no more. */
  one(options?: CallOptions): Promise<R>
  /** How many there are; stops at the limit. */
  count(options?: CallOptions): Promise<number>
  /** As the query itself, with a signal or deadline for the whole walk. */
  iterate(options?: CallOptions): AsyncIterable<R>
  /** How it would run, without running it. With the size of an entity it also estimates the units of a page. */
  explain(assumed?: AssumedRows): QueryExplanation
  /** Runs one page, and says what it took beside how it was to run. Every page costs as much as its reads. */
  measure(options?: PageOptions): Promise<MeasuredQuery>
}

export interface ScanOptions {
  /** A scan reads, and on some stores pays for, everything there is. */
  readonly allowScan: true
  /** Most entities that the store may read in one call or walk, fitting or not. Default: no bound. */
  readonly budget?: number
  /** Parts that are read side by side, as far as the store can divide what it has. Default: 1. */
  readonly segments?: number
}

/**
 * An immutable scan. An entity that is there throughout is given once; one that comes or goes meanwhile, or that is changed,
 * may be given as it was or as it is. `all`, `first`, `count` and a walk throw `BUDGET_SPENT` where the budget ends before the
 * scan does; a page then ends early, and its cursor goes on.
 */
export interface Scan<E extends AnyEntity, R> extends AsyncIterable<R> {
  /** Adds a condition; several must all hold. */
  where(condition: ConditionArgument<E>): Scan<E, R>
  /** At most n results (positive). */
  limit(n: number): Scan<E, R>
  /** Only these fields. */
  select<F extends keyof EntityOf<E> & string>(...fields: readonly [F, ...F[]]): Scan<E, Pick<EntityOf<E>, F>>
  /** Default: `eventual`, since a strong scan costs twice as much where the store offers both. */
  consistency(level: Consistency): Scan<E, R>

  /** One page: full unless the scan or its budget ends. Keep the cursor to go on later, also in another process. */
  page(options?: PageOptions): Promise<Page<R>>
  all(options?: CallOptions): Promise<R[]>
  first(options?: CallOptions): Promise<R | undefined>
  /** How many there are; stops at the limit. */
  count(options?: CallOptions): Promise<number>
  /** As the scan itself, with a signal or deadline for the whole walk. */
  iterate(options?: CallOptions): AsyncIterable<R>
  /** How it would run, without running it. */
  explain(): QueryExplanation
}

export interface PageOptions extends CallOptions {
  /** Results of a page, positive; default 100, or the query's limit when that is less. */
  readonly size?: number
  /** From the page before, of the same query. */
  readonly cursor?: string | undefined
}

export interface Page<R> {
  readonly items: R[]
  /** Absent at the end; the last page it leads to may be empty. */
  readonly cursor: string | undefined
}

export interface QueryExplanation {
  readonly store: string
  readonly entity: string
  readonly access: 'key' | 'index' | 'scan' | 'none'
  readonly index: string | undefined
  readonly freshness: Consistency
  /** The part of the condition that became the sort-key range. */
  readonly range: readonly Condition[]
  /** What the store checks. */
  readonly pushed: Condition | undefined
  /** What is checked here, on rows that the store has already read. */
  readonly residual: Condition | undefined
  /** How many partitions are read and merged; undefined of a scan. */
  readonly partitions: number | undefined
  /** Round trips of a page, when no page comes back short. */
  readonly roundTrips: number
  /** Units that the store would count for a page, where it counts units and the size of an entity was assumed. */
  readonly estimate: Capacity | undefined
  /** The first request as it would be sent. */
  readonly request: unknown
}

/** What an estimate is made from. */
export interface AssumedRows {
  /** How many rows a page looks at, fitting or not; default 100, or the query's limit when that is less. */
  readonly rows?: number
  /** The size of an entity in the store, in bytes. */
  readonly itemBytes: number
}

export interface MeasuredQuery extends QueryExplanation {
  /** What the page took, its round trips and retries together. */
  readonly actual: CallEvent
}

export type Entities = { readonly [name: string]: AnyEntity }

/**
 * A connected model: a repository for each entity, by the name it was given to `connect` under. `C` are the capabilities that its
 * store surely has. `Db<Es>` alone has none of them: it is the type for what runs on every store, and any db of these entities
 * fits it. What needs one names it, as in `Db<Es, unknown, 'transact:store'>`, or asks `db.supports('transact:store')`.
 */
export type Db<Es extends Entities, N = unknown, C extends Capability = never> = DbHandle &
  Capable<Es, N, C> &
  Transact<Es, C> &
  Collect<Es, C> &
  FollowChanges<Es, C> & { readonly [K in keyof Es]: Repository<Es[K], N, C> }

export interface SetupResult extends SetupReport {
  /** Indexes that need not hold what was stored before them, as in `Order.byStatus`: `fillIndexes` puts it there. */
  readonly unfilled: readonly string[]
}

export interface FillOptions extends CallOptions {
  /** Parts that are read side by side, as far as the store can divide what it has. Default: 1. */
  readonly segments?: number
  /** Called now and then, with how many entities were written so far. */
  readonly onProgress?: (progress: { readonly entity: string; readonly written: number }) => void
}

export interface FillReport {
  /** The indexes that hold every entity now, as in `Order.byStatus`. */
  readonly filled: readonly string[]
  /** How many entities were written. */
  readonly written: number
}

export interface DbHandle extends AsyncDisposable {
  /**
   * Creates or extends the tables, collections and indexes that the model needs, and records the model beside them. Safe to
   * repeat; drops nothing. `MODEL_MISMATCH` when what is stored was written under another key or other indexes.
   */
  setup(options?: CallOptions): Promise<SetupResult>
  /**
   * Puts what was stored before an index into it, on stores that do not do so by themselves: reads every entity of such a
   * kind, and writes it as it is, with its revision. Run it when no process of the older model writes any more. Interrupted,
   * it begins anew.
   */
  fillIndexes(options?: FillOptions): Promise<FillReport>
  /** Verifies what is there against the model and reports; changes nothing. */
  check(options?: CallOptions): Promise<CheckReport>
  /** Frees what connect made; a client that you gave stays open. Later calls throw `CLOSED`. Safe to repeat. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** The clock of expiry and timestamps, ms since the epoch; for tests. Default: Date.now. */
  readonly now?: () => number
  /** Encrypts cursors (AES-256-GCM): a cursor holds key values. Without it they are readable but tamper-evident. */
  readonly cursorSecret?: string
  /** What to do with a stored entity that does not fit the schema. Default: `off`, give it as it is. */
  readonly readPolicy?: 'off' | 'warn' | 'strict'
  /** Where `warn` reports; default: `process.emitWarning`, or console.warn. */
  readonly onWarning?: (problem: StoreError) => void
  /** Deadline of each call in ms, unless the call names one. Default: none but the client's own. */
  readonly deadline?: number
  /** Tries of a read, or of a write that surely was not applied, when the store throttles or is away. Default: 4. */
  readonly attempts?: number
  /** Whether gets asked for in one tick travel as one batch. Default: true. */
  readonly coalesce?: boolean
  /** Called when a call has ended, with what it cost in all. */
  readonly onCall?: (event: CallEvent) => void
  /** Called when a round trip has ended. */
  readonly onRequest?: (event: RequestEvent) => void
  readonly signal?: AbortSignal
}
