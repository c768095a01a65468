import type { Guard, WriteOp } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import type { EntityModel } from '../model/model.js'
import { setOwn, type Values } from '../schema/value.js'
import { Composer, type LooseWriteOptions } from './compose.js'
import { checkOptions } from './known-options.js'
import type { TransactionItem } from './transaction-types.js'
import type { Entities } from './types.js'

/** An item that writes nothing. */
export interface CheckOp {
  readonly kind: 'check'
  readonly entity: EntityModel
  readonly key: Values
  readonly guard: Guard
  readonly now: number
}

export type TransactionOp = WriteOp | CheckOp

/** What an item stands for; only items that this connection made are in here, so no other object can pass for one. */
export interface Asked {
  readonly entity: AnyEntity
  /** As the caller said it: 'create', 'check', 'get'. */
  readonly operation: string
  /** The entity or the key that it was given. */
  readonly source: unknown
  readonly compose: (now: number) => TransactionOp
}

/** What the callbacks of `transact` and `transactGet` are given, made once for each connection. */
export class TransactionItems {
  readonly writes: object
  readonly reads: object
  readonly #asked = new WeakMap<TransactionItem<unknown>, Asked>()

  constructor(entities: Entities) {
    this.writes = this.#each(entities, (entity) => this.#writesOf(entity))
    this.reads = this.#each(entities, (entity) => ({
      get: (key: unknown, options?: object) => {
        refuseOptions('get', options)
        return this.#item(entity, 'get', key, (composer) => check(entity, composer, key, 'any', {}))
      },
    }))
  }

  /** What the callback's items stand for. Throws `VALIDATION` for anything else. */
  read(given: unknown, kind: 'transact' | 'transactGet'): readonly Asked[] {
    if (!Array.isArray(given)) {
      throw invalid(`The callback of ${kind} returns a list of items, as in (t) => [${EXAMPLES[kind]}].`)
    }
    return given.map((item: unknown, index) => {
      const asked = typeof item === 'object' && item !== null ? this.#asked.get(item) : undefined
      if (asked === undefined || (asked.operation === 'get') !== (kind === 'transactGet')) {
        throw invalid(`item ${index} was not made by the callback's argument: make it as in ${EXAMPLES[kind]}.`)
      }
      return asked
    })
  }

  #writesOf(entity: AnyEntity): object {
    const item = (
      operation: string,
      source: unknown,
      compose: (composer: Composer) => TransactionOp,
    ): TransactionItem<unknown> => this.#item(entity, operation, source, compose)
    return {
      create: (argument: unknown, options?: object) => {
        refuseOptions('create', options)
        return item('create', argument, (composer) => composer.create(argument))
      },
      put: (argument: unknown, options?: LooseWriteOptions) =>
        item('put', argument, (composer) => composer.put(argument, guardsOf('put', options))),
      upsert: (argument: unknown, options?: LooseWriteOptions) =>
        item('upsert', argument, (composer) => composer.upsert(argument, guardsOf('upsert', options))),
      update: (key: unknown, changes: unknown, options?: LooseWriteOptions) =>
        item('update', key, (composer) => composer.update(key, changes, guardsOf('update', options))),
      delete: (key: unknown, options?: LooseWriteOptions) =>
        item('delete', key, (composer) => composer.delete(key, guardsOf('delete', options))),
      check: (key: unknown, options?: LooseWriteOptions) =>
        item('check', key, (composer) => check(entity, composer, key, 'present', options)),
      checkAbsent: (key: unknown, options?: object) => {
        refuseOptions('checkAbsent', options)
        return item('checkAbsent', key, (composer) => check(entity, composer, key, 'absent', undefined))
      },
    }
  }

  #item(
    entity: AnyEntity,
    operation: string,
    source: unknown,
    compose: (composer: Composer) => TransactionOp,
  ): TransactionItem<unknown> {
    const item = Object.freeze({})
    this.#asked.set(item, {
      entity,
      operation,
      source,
      compose: (now) => compose(new Composer(entity, () => now)),
    })
    return item
  }

  #each(entities: Entities, make: (entity: AnyEntity) => object): object {
    const made = {}
    for (const [name, entity] of Object.entries(entities)) setOwn(made, name, Object.freeze(make(entity)))
    return Object.freeze(made)
  }
}

const EXAMPLES = {
  transact: 't.Order.create({ ... }), t.Stock.update(key, { ... })',
  transactGet: 't.Order.get(key), t.Customer.get(key)',
}

function check(
  entity: AnyEntity,
  composer: Composer,
  key: unknown,
  exists: Guard['exists'],
  options: LooseWriteOptions | undefined,
): CheckOp {
  const { guard, now, key: bound } = composer.delete(key, guardsOf('delete', options))
  return { kind: 'check', entity: entity.model, key: bound, guard: { ...guard, exists }, now }
}

/** A guard where none is taken would not guard. */
function refuseOptions(item: string, options: object | undefined): void {
  if (options === undefined || Object.keys(options).length === 0) return
  throw invalid(`${item} takes no options in a transaction; it got ${Object.keys(options).join(', ')}.`)
}

/** What an item returns is not for it to say. */
function guardsOf(
  operation: 'put' | 'upsert' | 'update' | 'delete',
  options: LooseWriteOptions | undefined,
): LooseWriteOptions {
  if (options?.return === undefined) {
    checkOptions(operation, options)
    return options ?? {}
  }
  throw invalid(
    'An item of a transaction takes no `return`: it gives the new entity, and undefined for deletes and checks.',
  )
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
