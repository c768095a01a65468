import type { Capability } from '../driver/contract.js'
import type { AnyEntity, ArgumentOf, EntityOf, KeyOf } from '../model/infer.js'
import type { Needs } from './capability-types.js'
import type { CallOptions, ChangesArgument, Entities, GuardOptions } from './types.js'

/** One item of a transaction, and the type of its result; made by the callback's argument, sent with the others. */
export interface TransactionItem<R> {
  /** For the types alone; never there at run time. */
  readonly '~result'?: R
}

/** What a transaction can do to one kind of entity. The arguments are those of the repository. */
export interface TransactionWrites<E extends AnyEntity> {
  create(entity: ArgumentOf<E>): TransactionItem<EntityOf<E>>
  put(entity: ArgumentOf<E>, options?: GuardOptions<E>): TransactionItem<EntityOf<E>>
  upsert(entity: ArgumentOf<E>, options?: GuardOptions<E>): TransactionItem<EntityOf<E>>
  update(
    key: KeyOf<E>,
    changes: ChangesArgument<E>,
    options?: GuardOptions<E> & { readonly orCreate?: boolean },
  ): TransactionItem<EntityOf<E>>
  delete(key: KeyOf<E>, options?: GuardOptions<E>): TransactionItem<undefined>
  /** Writes nothing: the entity must be there, and the guards must hold of it. */
  check(key: KeyOf<E>, options?: GuardOptions<E>): TransactionItem<undefined>
  /** Writes nothing: there must be no such entity. */
  checkAbsent(key: KeyOf<E>): TransactionItem<undefined>
}

export type Transaction<Es extends Entities> = { readonly [K in keyof Es]: TransactionWrites<Es[K]> }

/** What a transactional read can ask for. */
export interface TransactionReads<E extends AnyEntity> {
  get(key: KeyOf<E>): TransactionItem<EntityOf<E> | undefined>
}

export type ReadTransaction<Es extends Entities> = { readonly [K in keyof Es]: TransactionReads<Es[K]> }

/** The results of the items, in their order. */
export type TransactionResults<T extends readonly TransactionItem<unknown>[]> = {
  -readonly [P in keyof T]: T[P] extends TransactionItem<infer R> ? R : never
}

export interface TransactOptions extends CallOptions {
  /**
   * Names the transaction, 1 to 100 characters: sent again under the same token within a day, it is done once. The results
   * are then the entities as they are by now. The same token with other writes is refused.
   */
  readonly token?: string
}

export interface Transact<Es extends Entities, C extends Capability = never> {
  /**
   * Writes of several entities, all or none, judged as each alone would be; gives the new entity of each item, undefined
   * for deletes and checks. One key once. When an item refuses, a TransactionError names it. Needs `transact:store`.
   *
   * ```ts
   * const [order] = await db.transact((t) => [
   *   t.Order.create({ orderId: 'o-1', productId: 'p-1' }),
   *   t.Product.update({ productId: 'p-1' }, (p, { add }) => add(p.stock, -1), { if: (p, { gte }) => gte(p.stock, 1) }),
   *   t.Customer.check({ customerId: 'c-1' }, { if: (c, { eq }) => eq(c.active, true) }),
   * ])
   * ```
   */
  transact<const T extends readonly TransactionItem<unknown>[]>(
    write: ((t: Transaction<Es>) => T) & Needs<C, 'transact:store', 'transact'>,
    options?: TransactOptions,
  ): Promise<TransactionResults<T>>

  /** Several entities as they are at one moment, in the order asked; undefined where there is none. Needs `transact:store`. */
  transactGet<const T extends readonly TransactionItem<unknown>[]>(
    read: ((t: ReadTransaction<Es>) => T) & Needs<C, 'transact:store', 'transactGet'>,
    options?: CallOptions,
  ): Promise<TransactionResults<T>>
}
