import { type BatchResult, getBatch } from '../driver/batch.js'
import type { Adapter, Call, Driver, GetRequest, ReadCall, Stored } from '../driver/contract.js'
import { shownKey } from '../driver/shown-key.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import type { EntityModel } from '../model/model.js'
import type { CallReport } from '../observe/call-report.js'
import type { CallEvent, Observers } from '../observe/events.js'
import { isObserved, observed } from '../observe/observed.js'
import { type CursorCodec, cursorCodec } from '../query/cursor.js'
import { hideCauses } from './bare-cause.js'
import { type CallScope, readsOf, reportOf, runCall, unexpected } from './call.js'
import { Coalescer } from './coalesce.js'
import { checkOptions } from './known-options.js'
import { masked } from './masked.js'
import { type Presenter, presenter } from './present.js'
import { retry } from './retry.js'
import type { CallOptions, ConnectOptions } from './types.js'
import { warn } from './warn.js'

const ATTEMPTS = 4
const WRITES: ReadonlySet<string> = new Set([
  'create',
  'put',
  'upsert',
  'update',
  'delete',
  'putMany',
  'deleteMany',
  'transact',
  'setup',
  'fillIndexes',
])

/** What the repositories of one `connect` share: the driver, the clock, and how a call runs and fails. */
export class Session {
  readonly store: string
  readonly driver: Driver
  readonly cursors: CursorCodec
  readonly now: () => number
  readonly coalescer: Coalescer | undefined
  readonly #options: ConnectOptions
  readonly #sensitive: boolean
  readonly #presenters = new Map<AnyEntity, Presenter>()
  readonly #ending = new AbortController()

  constructor(adapter: Adapter, driver: Driver, models: readonly EntityModel[], options: ConnectOptions) {
    this.#sensitive = models.some(({ sensitive }) => sensitive.size > 0)
    this.store = adapter.store
    this.driver = driver
    this.#options = options
    this.now = options.now ?? Date.now
    this.cursors = cursorCodec(options.cursorSecret)
    this.coalescer =
      options.coalesce === false
        ? undefined
        : new Coalescer((requests, consistency, alone) => this.#fetchTogether(requests, consistency, alone))
  }

  /**
   * Runs one call of a repository: under its signal and deadline, and with every error turned into a StoreError that says
   * where it happened; of `source` (a key, or an entity) an error shows the key fields, and `index` is for telemetry.
   */
  run<T>(
    model: EntityModel | undefined,
    operation: string,
    options: CallOptions | undefined,
    source: unknown,
    work: (call: Call) => Promise<T>,
    index?: string,
  ): Promise<T> {
    const run = (report: CallReport | undefined): Promise<T> =>
      this.#run(model, operation, options, source, work, report)
    if (!isObserved(this.#options)) return run(undefined)
    const target = this.driver.target?.(model)
    return observed({ store: this.store, target, entity: model?.name, operation, index }, this.#options, run)
  }

  /** As `run`, and says what it took. */
  async measured<T>(
    model: EntityModel | undefined,
    operation: string,
    options: CallOptions | undefined,
    work: (call: Call) => Promise<T>,
    index?: string,
  ): Promise<CallEvent> {
    let event: CallEvent | undefined
    const observers: Observers = {
      ...this.#options,
      onCall: (ended) => {
        event = ended
        this.#options.onCall?.(ended)
      },
    }
    const target = this.driver.target?.(model)
    await observed({ store: this.store, target, entity: model?.name, operation, index }, observers, (report) =>
      this.#run(model, operation, options, undefined, work, report),
    )
    return event as CallEvent
  }

  async #run<T>(
    model: EntityModel | undefined,
    operation: string,
    options: CallOptions | undefined,
    source: unknown,
    work: (call: Call) => Promise<T>,
    report: CallReport | undefined,
  ): Promise<T> {
    try {
      if (this.ended.aborted)
        throw new StoreError('The connection was closed by close() or the end of its scope. Connect again.', {
          code: 'CLOSED',
        })
      checkOptions(operation, options)
      return await runCall(this.#scope(operation, report), options, work)
    } catch (error) {
      throw this.#placed(error, model, operation, source)
    }
  }

  /** Fires when the connection is closed. */
  get ended(): AbortSignal {
    return this.#ending.signal
  }

  /** As `run`, for what does no I/O. */
  blame<T>(model: EntityModel | undefined, operation: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.#placed(error, model, operation, undefined)
    }
  }

  /** The options of a call that waits for something to come: it may take so many ms longer than calls may take unless they say. */
  waiting<O extends CallOptions>(options: O, wait: unknown): O {
    const { deadline } = this.#options
    if (deadline === undefined || options?.deadline !== undefined || typeof wait !== 'number' || !(wait > 0))
      return options
    return { ...options, deadline: deadline + wait }
  }

  /** A walk of several calls under one deadline. */
  walk(
    scope: {
      readonly model: EntityModel | undefined
      readonly operation: string
      readonly consistency: ReadCall['consistency']
      readonly index?: string | undefined
    },
    options: CallOptions | undefined,
  ): <T>(work: (call: ReadCall) => Promise<T>) => Promise<T> {
    checkOptions(scope.operation, options)
    const deadline = options?.deadline ?? this.#options.deadline
    // What is no moment stays a number: each call says what is wrong with it, or that it is none.
    const until = typeof deadline === 'number' && Number.isFinite(deadline) ? new Date(Date.now() + deadline) : deadline
    const each: CallOptions = {
      ...(options?.signal === undefined ? {} : { signal: options.signal }),
      ...(until === undefined ? {} : { deadline: until }),
    }
    return (work) =>
      this.run(
        scope.model,
        scope.operation,
        each,
        undefined,
        (call) => work({ ...call, consistency: scope.consistency }),
        scope.index,
      )
  }

  /** A read, tried again while the store is away or throttles. */
  reading<T>(call: Call, work: () => Promise<T>): Promise<T> {
    return retry(this.#options.attempts ?? ATTEMPTS, call, work)
  }

  /** A write, tried again only where it surely was not applied. */
  writing<T>(call: Call, work: () => Promise<T>): Promise<T> {
    return retry(this.#options.attempts ?? ATTEMPTS, call, work)
  }

  presenter(entity: AnyEntity): Presenter {
    const known = this.#presenters.get(entity)
    if (known !== undefined) return known
    const made = presenter(
      entity,
      this.#options.readPolicy ?? 'off',
      this.#options.onWarning ?? ((problem) => warn(problem.message)),
    )
    this.#presenters.set(entity, made)
    return made
  }

  async close(): Promise<void> {
    if (this.ended.aborted) return
    this.#ending.abort()
    await this.driver.close()
  }

  async #fetchTogether(
    requests: readonly GetRequest[],
    consistency: ReadCall['consistency'],
    alone: CallReport | undefined,
  ): Promise<readonly BatchResult<Stored | undefined>[]> {
    const read = (call: Call): Promise<readonly BatchResult<Stored | undefined>[]> =>
      this.#readEach(requests, { ...call, consistency })
    const model = requests.every(({ entity }) => entity === requests[0]?.entity) ? requests[0]?.entity : undefined
    // A get that travels alone is the call that its caller made; several are a call beside theirs.
    if (requests.length === 1) return this.#run(model, 'get', undefined, undefined, read, alone)
    let found: readonly BatchResult<Stored | undefined>[] = []
    await this.run(model, 'getMany', undefined, undefined, async (call) => {
      reportOf(call)?.items(requests.length)
      found = await read(call)
      return found.map((each) => (each.status === 'done' ? each.value : undefined))
    })
    return found
  }

  /** Any number of keys, in the order asked; throws when one could not be read. */
  async getMany(requests: readonly GetRequest[], call: ReadCall): Promise<readonly (Stored | undefined)[]> {
    return (await this.#readEach(requests, call)).map(foundIn)
  }

  /** Any number of keys, in the order asked; one that cannot be read does not take the others along. */
  async #readEach(
    requests: readonly GetRequest[],
    call: ReadCall,
  ): Promise<readonly BatchResult<Stored | undefined>[]> {
    const reads = readsOf(call)
    const found: readonly BatchResult<Stored | undefined>[] =
      requests.length === 1
        ? [{ status: 'done', value: await this.reading(reads, () => this.#getOne(requests, reads)) }]
        : await getBatch(this.driver, requests, reads)
    reportOf(call)?.read(found.filter((each) => each.status === 'done' && each.value !== undefined).length)
    return found
  }

  async #getOne(request: readonly GetRequest[], call: ReadCall): Promise<Stored | undefined> {
    const [stored] = await this.driver.get(request, call)
    if (stored !== 'throttled') return stored
    throw new StoreError(
      'The store refused the read for now: too many requests. Try later, or give the store more capacity.',
      {
        code: 'THROTTLED',
        retryable: true,
      },
    )
  }

  #scope(operation: string, report: CallReport | undefined): CallScope {
    return {
      store: this.store,
      report,
      deadline: this.#options.deadline,
      writes: WRITES.has(operation),
    }
  }

  #placed(error: unknown, model: EntityModel | undefined, operation: string, source: unknown): StoreError {
    const key = model === undefined ? undefined : shownKey(model, source)
    const raised = error instanceof StoreError ? error : unexpected(error, this.store, false)
    const known = model === undefined ? raised : masked(model, raised)
    const placed = known.at({
      store: this.store,
      operation,
      ...(model === undefined ? {} : { entity: model.name }),
      ...(key === undefined ? {} : { key }),
    })
    if (model === undefined ? this.#sensitive : model.sensitive.size > 0) hideCauses(placed)
    return placed
  }
}

function foundIn(result: BatchResult<Stored | undefined>): Stored | undefined {
  if (result.status === 'failed') throw result.error
  return result.value
}
