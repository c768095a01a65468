import type { Capability, Claims } from '../driver/contract.js'
import type { UniqueNames } from '../model/infer.js'
import type { Db, Entities } from './types.js'

/** What a call is good for, and what to do where the store cannot do it; each follows the call's own words. */
interface Reasons {
  readonly 'transact:store': "needs 'transact:store', which this db is not known to have: connect a store with transactions, ask db.supports first, or name it in the type of db"
  readonly 'changes:exact': "needs 'changes:exact', which this db is not known to have: connect a store with a change feed, ask db.supports first, or name it in the type of db"
}

/** A type that no argument fits, so that the compiler shows why. */
export interface Refused<Why extends string> {
  /** The reason, for the compiler's message alone; never there at run time. */
  readonly refused: Why
}

/** `unknown` where C has the capability W; else what no argument fits, with the reason. */
export type Needs<C extends Capability, W extends keyof Reasons, What extends string> = W extends C
  ? unknown
  : Refused<`${What} ${Reasons[W]}`>

/** What asking an index for a strong read needs. `X`: the index as it was declared. */
export type StrongBy<X, C extends Capability> = 'index:strong' extends C
  ? unknown
  : X extends { readonly scope: 'local' }
    ? unknown
    : Refused<"a strong read by a global index needs 'index:strong', which this db is not known to have: its global indexes may answer late. Query by the key or a local index">

/** The names of the unique constraints of all entities; of all together, since one by one it costs the compiler more. */
type UniquesIn<Es extends Entities> = KeysOf<NonNullable<Es[keyof Es]['~']>['uniques']>
type KeysOf<U> = U extends unknown ? keyof U : never

/** Entities with unique constraints, each as the reason why this store cannot keep them. */
export type Unkept<Es extends Entities, C extends Capability> = 'transact:store' extends C
  ? unknown
  : [UniquesIn<Es>] extends [never]
    ? unknown
    : {
        readonly [K in keyof Es as [UniqueNames<Es[K]>] extends [never]
          ? never
          : K]: Refused<`${K & string} has uniques, which need 'transact:store': connect it to a store with transactions, or name them in the type of the adapter`>
      }

/** Numbers that a store keeps to, for whoever plans by them. */
export interface StoreLimits {
  /** Keys of one read request: `getMany` takes any number, in as many requests. */
  readonly getBatch: number
  /** Puts or deletes of one request, as `getBatch`. */
  readonly writeBatch: number
  /** Requests of one batch that are under way at once. */
  readonly concurrency: number
  /** Items of one transaction, its token among them; 0 where there are none. */
  readonly transactionItems: number
  /** Segments of a scan that can be read side by side. */
  readonly scanSegments: number
  /** Whether a new index holds what was stored before it; if not, `db.fillIndexes()` puts it there. */
  readonly fillsIndexes: boolean
  /** How long an expired entity may still take space, in the store's words. It is invisible at its moment everywhere. */
  readonly expiryLag: string
}

/** What a connected store can do. */
export interface Capable<Es extends Entities, N, C extends Capability> {
  /**
   * Of each capability whether the store has it. Frozen.
   *
   * ```ts
   * db.capabilities['index:strong'] // false on DynamoDB
   * ```
   */
  readonly capabilities: Claims<C>

  /** Numbers that the store keeps to. Frozen. */
  readonly limits: StoreLimits

  /**
   * Whether the store has a capability; inside the branch, the compiler knows it too.
   *
   * ```ts
   * if (db.supports('transact:store')) await db.transact((t) => [...])
   * ```
   *
   * @throws StoreError `VALIDATION` for a name that is none
   */
  supports<W extends Capability>(capability: W): this is Db<Es, N, C | W>
}
