import { afterCommit } from '../driver/after-commit.js'
import type { Call, Consistency, Explanation, WriteOp, WriteOutcome } from '../driver/contract.js'
import { partitionText } from '../driver/key-text.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity, ArgumentOf, EntityOf, KeyOf } from '../model/infer.js'
import type { EntityModel, IndexModel } from '../model/model.js'
import { EntityQuery } from '../query/entity-query.js'
import { EntityScan } from '../query/entity-scan.js'
import { scanOptions } from '../query/scan-options.js'
import type { Values } from '../schema/value.js'
import { raceAbort, reportOf } from './call.js'
import { checkedUpdate, judgedPlaces } from './checked-update.js'
import { Composer, type LooseWriteOptions } from './compose.js'
import { checkOptions } from './known-options.js'
import { masked } from './masked.js'
import { maskedOp, maskedValues } from './masked-request.js'
import { refusalError } from './refusal.js'
import type { Session } from './session.js'
import { settle } from './settle.js'
import { writeUnique } from './transaction.js'
import type {
  CallOptions,
  ChangesArgument,
  ExplainCalls,
  GuardOptions,
  Query,
  ReadOptions,
  Repository,
  Returning,
  Scan,
  ScanOptions,
} from './types.js'
import { writeMany } from './write-many.js'

/** Most partitions of one query. */
const MOST_PARTITIONS = 100

/** A repository over a session; see `Repository` for what each method means. */
export class EntityRepository<E extends AnyEntity, N> implements Repository<E, N> {
  readonly entity: E
  readonly explain: ExplainCalls<E>
  readonly #session: Session
  readonly #composer: Composer

  constructor(session: Session, entity: E) {
    this.entity = entity
    this.#session = session
    this.#composer = new Composer(entity, session.now)
    this.explain = explainer(session, entity, this.#composer)
  }

  get(key: KeyOf<E>, options?: ReadOptions): Promise<EntityOf<E> | undefined> {
    return this.#run('get', key, options, async (call) => {
      const request = { entity: this.entity.model, key: this.#composer.key(key) }
      const consistency = readConsistency(options)
      const { coalescer } = this.#session
      const together =
        coalescer === undefined || options?.deadline !== undefined
          ? undefined
          : coalescer.get(request, consistency, reportOf(call))
      const stored =
        together === undefined
          ? (await this.#session.getMany([request], { ...call, consistency }))[0]
          : await (call.signal === undefined ? together : raceAbort(together, call.signal))
      return stored === undefined ? undefined : this.#live(stored)
    })
  }

  getMany(keys: readonly KeyOf<E>[], options?: ReadOptions): Promise<(EntityOf<E> | undefined)[]> {
    return this.#run('getMany', undefined, options, async (call) => {
      if (!Array.isArray(keys)) throw invalid('getMany takes a list of keys.')
      reportOf(call)?.items(keys.length)
      const requests = Array.from(keys, (key) => ({ entity: this.entity.model, key: this.#composer.key(key) }))
      const found = await this.#session.getMany(requests, { ...call, consistency: readConsistency(options) })
      return found.map((stored) => (stored === undefined ? undefined : this.#live(stored)))
    })
  }

  create(entity: ArgumentOf<E>, options?: object): Promise<never> {
    return this.#write('create', entity, options, () => this.#composer.create(entity, loose(options)))
  }

  put(entity: ArgumentOf<E>, options?: object): Promise<never> {
    return this.#write('put', entity, options, () => this.#composer.put(entity, loose(options)))
  }

  upsert(entity: ArgumentOf<E>, options?: object): Promise<never> {
    return this.#write('upsert', entity, options, () => this.#composer.upsert(entity, loose(options)))
  }

  update(key: KeyOf<E>, changes: ChangesArgument<E>, options?: object): Promise<never> {
    return this.#write('update', key, options, () => this.#composer.update(key, changes, loose(options)))
  }

  delete(key: KeyOf<E>, options?: object): Promise<never> {
    return this.#write('delete', key, options, () => {
      const given = loose(options)
      if (given.return === 'new') throw invalid("delete returns 'old' or 'none': there is no new entity.")
      return this.#composer.delete(key, given)
    })
  }

  putMany(entities: readonly ArgumentOf<E>[], options?: CallOptions): Promise<EntityOf<E>[]> {
    return this.#run('putMany', undefined, options, async (call) => {
      if (!Array.isArray(entities)) throw invalid('putMany takes a list of entities.')
      reportOf(call)?.items(entities.length)
      const ops = each(this.entity.model, entities, (entity) => this.#composer.put(entity))
      await writeMany(this.#session, this.entity.model, ops, call)
      return ops.map((op) => afterCommit(() => this.#present({ values: op.values, token: op.token })))
    })
  }

  deleteMany(keys: readonly KeyOf<E>[], options?: CallOptions): Promise<void> {
    return this.#run('deleteMany', undefined, options, async (call) => {
      if (!Array.isArray(keys)) throw invalid('deleteMany takes a list of keys.')
      reportOf(call)?.items(keys.length)
      await writeMany(
        this.#session,
        this.entity.model,
        each(this.entity.model, keys, (key) => this.#composer.delete(key)),
        call,
      )
    })
  }

  query(...args: readonly unknown[]): Query<E, EntityOf<E>> {
    return this.#session.blame(this.entity.model, 'query', () => {
      const [name, partition] = typeof args[0] === 'string' ? args : [undefined, args[0]]
      return this.#query(this.#index(name), [partition])
    })
  }

  queryMany(...args: readonly unknown[]): Query<E, EntityOf<E>> {
    return this.#session.blame(this.entity.model, 'queryMany', () => {
      const [name, partitions] = typeof args[0] === 'string' ? args : [undefined, args[0]]
      if (!Array.isArray(partitions) || partitions.length === 0 || partitions.length > MOST_PARTITIONS) {
        throw invalid(`queryMany takes a list of partitions, from 1 to ${MOST_PARTITIONS}.`)
      }
      return this.#query(this.#index(name), Array.from(partitions))
    })
  }

  #index(name: unknown): IndexModel | undefined {
    const { model } = this.entity
    const index = model.indexes.find((each) => each.name === name)
    if (name === undefined || index !== undefined) return index
    const names = model.indexes.map((each) => each.name).join(', ')
    throw invalid(
      `${model.name} has no index ${JSON.stringify(name)}; ${names === '' ? 'it declares none' : `it has ${names}`}. Declare it in defineEntity under indexes.`,
    )
  }

  #query(index: IndexModel | undefined, partitions: readonly unknown[]): Query<E, EntityOf<E>> {
    const { model } = this.entity
    const path = index ?? model.key
    const what = index === undefined ? 'partition of the key' : `partition of the index ${index.name}`
    const bound = partitions.map((partition) => this.#composer.partition(partition, path, what))
    const [first, ...others] = new Map(bound.map((partition) => [partitionText(path, partition), partition])).values()
    return new EntityQuery<E, EntityOf<E>>(this.#session, this.entity, {
      spec: {
        entity: model,
        index,
        partition: first as Values,
        where: undefined,
        reverse: false,
        select: undefined,
        count: false,
      },
      others,
      select: undefined,
      limit: undefined,
      consistency: undefined,
    })
  }

  scan(options: ScanOptions): Scan<E, EntityOf<E>> {
    const { model } = this.entity
    return this.#session.blame(model, 'scan', () => {
      const { budget, segments } = scanOptions(model, options, this.#session.driver.scans.segments)
      return new EntityScan<E, EntityOf<E>>(this.#session, this.entity, {
        spec: Object.freeze({ entity: model, where: undefined, select: undefined, segments }),
        select: undefined,
        limit: undefined,
        consistency: 'eventual',
        budget,
      })
    })
  }

  native(key?: KeyOf<E>): N {
    return this.#session.blame(this.entity.model, 'native', () =>
      this.#session.driver.native(this.entity.model, key === undefined ? undefined : this.#composer.key(key)),
    ) as N
  }

  /** Runs a write. Its result is what the signature of each method says by `return`. */
  #write(operation: string, source: unknown, options: CallOptions | undefined, compose: () => WriteOp): Promise<never> {
    return this.#run(operation, source, options, async (call) => {
      // Before anything is awaited: the caller may change the options afterwards.
      const given = (options as LooseWriteOptions | undefined)?.return
      const op = compose()
      const outcome = await this.#send(op, call)
      if (outcome.status === 'refused') throw refusalError(outcome)
      const returning = given ?? (op.kind === 'delete' ? 'none' : 'new')
      return this.#result(returning, op, outcome) as never
    })
  }

  async #send(op: WriteOp, call: Call): Promise<WriteOutcome> {
    if (touchesUniques(op)) return writeUnique(this.#session, op, call)
    if (op.kind !== 'update' || judgedPlaces(op).length === 0) return this.#sendOne(op, call)
    const io = {
      read: async () => (await this.#session.getMany([op], { ...call, consistency: 'strong' }))[0],
      write: (write: WriteOp) => this.#sendOne(write, call),
    }
    return checkedUpdate(op, io, call)
  }

  async #sendOne(op: WriteOp, call: Call): Promise<WriteOutcome> {
    try {
      return await this.#session.writing(call, () => this.#session.driver.write(op, call))
    } catch (error) {
      if (error instanceof StoreError && error.outcome === 'unknown') return settle(this.#session, op, call, error)
      throw error
    }
  }

  #result(returning: Returning, op: WriteOp, outcome: Extract<WriteOutcome, { status: 'done' }>): unknown {
    if (returning === 'none') return undefined
    const left = op.kind === 'put' ? { values: op.values, token: op.token } : outcome.new
    const stored = returning === 'old' ? outcome.old : left
    return stored === undefined ? undefined : afterCommit(() => this.#present(stored))
  }

  #live(stored: { readonly values: Values; readonly token: string }): EntityOf<E> | undefined {
    const { ttl } = this.entity.model
    const expiry = ttl === undefined ? undefined : stored.values[ttl]
    return expiry instanceof Date && expiry.getTime() <= this.#session.now() ? undefined : this.#present(stored)
  }

  #present(stored: { readonly values: Values; readonly token: string }): EntityOf<E> {
    return this.#session.presenter(this.entity).present(stored) as EntityOf<E>
  }

  #run<T>(
    operation: string,
    source: unknown,
    options: CallOptions | undefined,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    return this.#session.run(this.entity.model, operation, options, source, work)
  }
}

function explainer<E extends AnyEntity>(session: Session, entity: E, composer: Composer): ExplainCalls<E> {
  const explain = (
    operation: string,
    options: object | undefined,
    compose: (options: LooseWriteOptions) => WriteOp,
  ): Explanation =>
    session.blame(entity.model, operation, () => {
      checkOptions(operation, options)
      const op = compose(loose(options))
      // What is masked may be planned as another request, but not say how many trips the real one takes.
      const { request } = session.driver.explainWrite(maskedOp(op))
      const explained = { ...session.driver.explainWrite(op), request }
      const { transactions } = session.driver
      if (touchesUniques(op) && !('missing' in transactions)) {
        return {
          ...explained,
          roundTrips: 1 + transactions.roundTrips,
          reason: 'The entity is read, and committed together with the records of its unique values.',
        }
      }
      if (judgedPlaces(op).length === 0) return explained
      return {
        ...explained,
        roundTrips: 2,
        reason: 'The schema has checks that are made here, on what was read first.',
      }
    })
  return Object.freeze({
    get: (key: KeyOf<E>, options?: Pick<ReadOptions, 'consistency'>) =>
      session.blame(entity.model, 'get', () => {
        checkOptions('get', options)
        const request = { entity: entity.model, key: maskedValues(entity.model, composer.key(key)) }
        return session.driver.explainGet(request, readConsistency(options))
      }),
    create: (argument: ArgumentOf<E>, options?: object) => explain('create', options, () => composer.create(argument)),
    put: (argument: ArgumentOf<E>, options?: GuardOptions<E>) =>
      explain('put', options, (given) => composer.put(argument, given)),
    upsert: (argument: ArgumentOf<E>, options?: GuardOptions<E>) =>
      explain('upsert', options, (given) => composer.upsert(argument, given)),
    update: (key: KeyOf<E>, changes: ChangesArgument<E>, options?: GuardOptions<E> & { readonly orCreate?: boolean }) =>
      explain('update', options, (given) => composer.update(key, changes, given)),
    delete: (key: KeyOf<E>, options?: GuardOptions<E>) =>
      explain('delete', options, (given) => composer.delete(key, given)),
  })
}

function readConsistency(options: ReadOptions | undefined): Consistency {
  const level = options?.consistency ?? 'strong'
  if (level === 'strong' || level === 'eventual') return level
  throw invalid(`consistency is 'strong' or 'eventual', not ${JSON.stringify(level)}.`)
}

function loose(options: object | undefined): LooseWriteOptions {
  const given: LooseWriteOptions = options ?? {}
  const { return: returning } = given
  if (returning !== undefined && returning !== 'old' && returning !== 'new' && returning !== 'none') {
    throw invalid(`return is 'old', 'new' or 'none', not ${JSON.stringify(returning)}.`)
  }
  return given
}

/** Whether a write may take or give back a unique value, or move when it expires. */
function touchesUniques(op: WriteOp): boolean {
  const { uniques, ttl } = op.entity
  if (uniques.length === 0) return false
  if (op.kind !== 'update' || op.orCreate !== undefined) return true
  const fields = new Set(uniques.flatMap((unique) => unique.fields.map(({ name }) => name)))
  if (ttl !== undefined) fields.add(ttl)
  return op.changes.some(({ path }) => fields.has(String(path[0])))
}

/** Composes every item before anything is sent; a refusal names the item's place. */
function each<T, R>(model: EntityModel, items: readonly T[], compose: (item: T) => R): R[] {
  // A hole in a list is no item, and not to be passed over.
  return Array.from(items, (item, index) => {
    try {
      return compose(item)
    } catch (raised) {
      if (!(raised instanceof StoreError)) throw raised
      const error = masked(model, raised)
      throw new StoreError(`item ${index}: ${error.message} Nothing was sent.`, {
        code: error.code,
        ...(error.path === undefined ? {} : { path: error.path }),
        cause: error,
      })
    }
  })
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
