import type { Capability, Capacity, Consistency } from '../driver/contract.js'
import type { AnyEntity, EntityOf, IndexesOf, IndexPartitionOf, PartitionOf } from '../model/infer.js'
import type { CallEvent } from '../observe/events.js'
import type { Condition } from '../query/condition.js'
import type { StrongBy } from './capability-types.js'
import type { AssumedRows, CallOptions, ConditionArgument, Entities, PageOptions } from './types.js'

/** The results of a collection by kind, each in the order of its key or index. */
export type CollectionItems<Es extends Entities, K extends keyof Es> = { readonly [N in K]: EntityOf<Es[N]>[] }

/** One result of a collection: the kind it is of tells its type. */
export type CollectionRow<Es extends Entities, K extends keyof Es> = {
  readonly [N in K]: { readonly entity: N; readonly item: EntityOf<Es[N]> }
}[K]

export interface CollectionPage<Es extends Entities, K extends keyof Es> {
  readonly items: CollectionItems<Es, K>
  /** Absent at the end; the last page it leads to may be empty. */
  readonly cursor: string | undefined
}

/**
 * Several kinds of entities of one partition, read together: kind after kind in the order of their entities' names, each in
 * the order of its sort fields. Immutable, as a query is.
 */
export interface Collection<Es extends Entities, K extends keyof Es & string, S = unknown>
  extends AsyncIterable<CollectionRow<Es, K>> {
  /** Adds a condition on one kind; the others stay as they are. A sort condition narrows what is read. */
  where<N extends K>(entity: N, condition: ConditionArgument<Es[N]>): Collection<Es, K, S>
  /** At most n results (positive) of all kinds together. */
  limit(n: number): Collection<Es, K, S>
  /** From the last to the first. */
  reverse(): Collection<Es, K, S>
  /** `strong` or `eventual`, where the access path offers both. */
  readonly consistency: (level: 'eventual' | ('strong' & S)) => Collection<Es, K, S>

  /** One page: full unless the results end. The next one may go on in the middle of a kind. */
  page(options?: PageOptions): Promise<CollectionPage<Es, K>>
  /** All results. */
  all(options?: CallOptions): Promise<CollectionItems<Es, K>>
  /** How many there are of each kind; stops at the limit. */
  count(options?: CallOptions): Promise<{ readonly [N in K]: number }>
  /** As the collection itself, with a signal or deadline for the whole walk. */
  iterate(options?: CallOptions): AsyncIterable<CollectionRow<Es, K>>
  /** How it would run, without running it. With the size of an entity it also estimates the units of a page. */
  explain(assumed?: AssumedRows): CollectionExplanation
  /** Runs one page, and says what it took beside how it was to run. */
  measure(options?: PageOptions): Promise<MeasuredCollection>
}

export interface CollectionExplanation {
  readonly store: string
  readonly access: 'key' | 'index' | 'none'
  readonly index: string | undefined
  readonly freshness: Consistency
  /** The kinds that are read, in their order; one whose condition cannot hold is not. */
  readonly members: readonly {
    readonly entity: string
    /** The part of its condition that became a sort-key range. */
    readonly range: readonly Condition[]
    /** What is checked here of each of its rows, that the range does not say. */
    readonly residual: Condition | undefined
  }[]
  /** What is checked here of the rows of the first kind that has such a condition; undefined where no kind has one. */
  readonly residual: Condition | undefined
  /** Round trips of the first page, when it does not come back short. */
  readonly roundTrips: number
  /** Units that the store would count for a page, where it counts units and the size of an entity was assumed. */
  readonly estimate: Capacity | undefined
  /** The first request as it would be sent. */
  readonly request: unknown
}

export interface MeasuredCollection extends CollectionExplanation {
  /** What the page took, its round trips and retries together. */
  readonly actual: CallEvent
}

/** The kinds of which each has an index of a name. */
type SharedIndex<Es extends Entities, K extends keyof Es> = {
  [N in K]: (name: keyof IndexesOf<Es[N]> & string) => void
}[K] extends (name: infer I extends string) => void
  ? I
  : never

/** The partition that a name in `entities` is in: by its name where it shares one, else its own. */
type PartitionNameOf<E extends AnyEntity> = NonNullable<E['~']>['key'] extends { readonly partitionName: infer P }
  ? P
  : E['name']

/** Those of the kinds that are in another partition than the first. */
type Elsewhere<Es extends Entities, K extends keyof Es, F extends keyof Es> = {
  [N in K]: PartitionNameOf<Es[N]> extends PartitionNameOf<Es[F]> ? never : N
}[K]

/** The list itself, or a sentence where one of its kinds is in another partition. */
export type Together<Es extends Entities, K extends keyof Es, F extends keyof Es> = [Elsewhere<Es, K, F>] extends [
  never,
]
  ? unknown
  : {
      readonly refused: `${Elsewhere<Es, K, F> & string} is not in the partition of ${F & string}: give both the same partitionName`
    }

export interface Collect<Es extends Entities, C extends Capability = never> {
  /**
   * Entities of several kinds that share a partition of their keys, by `partitionName`.
   *
   * ```ts
   * const { Customer, Order } = await db.collection(['Customer', 'Order'], { customerId: 'c-1' }).all()
   * ```
   */
  collection<const L extends readonly (keyof Es & string)[]>(
    entities: L & Together<Es, L[number], L[0] & keyof Es>,
    partition: PartitionOf<Es[L[0] & keyof Es]>,
  ): Collection<Es, L[number]>
  /** Entities of several kinds that share a partition of an index, which has the same name in each of them. */
  collection<const L extends readonly (keyof Es & string)[], I extends SharedIndex<Es, L[number]>>(
    entities: L,
    index: I,
    partition: IndexPartitionOf<Es[L[0]], I & keyof IndexesOf<Es[L[0]]>>,
  ): Collection<Es, L[number], StrongBy<IndexesOf<Es[L[0]]>[I & keyof IndexesOf<Es[L[0]]>], C>>
}
