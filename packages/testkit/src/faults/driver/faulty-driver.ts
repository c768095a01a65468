import { UnsupportedError } from '@isomodel/core'
import type {
  BatchOp,
  BatchOutcome,
  Call,
  CheckReport,
  Collections,
  Consistency,
  Driver,
  DriverLimits,
  EntityModel,
  Explanation,
  Fetched,
  FetchRequest,
  FoundWrite,
  GetRequest,
  Plan,
  QuerySpec,
  ReadCall,
  Scans,
  SetupReport,
  Stored,
  Values,
  WriteOp,
  WriteOutcome,
} from '@isomodel/core/driver'
import type { Injector } from '../injector.js'
import { type DriverCall, type DriverFault, possible } from './driver-fault.js'
import { conflict, unavailable } from './errors.js'
import { faultyChanges, faultyCollections, faultyScans } from './faulty-reads.js'
import { faultyTransactions } from './faulty-transactions.js'
import type { IndexLag } from './index-lag.js'
import { begun, emptyPage, shortPage } from './pages.js'
import { type PickFault, refuse } from './refuse.js'
import { lose, type UnsureWrites } from './unsure.js'

/** A driver that does what the one under it does, except for the faults that are picked. */
export class FaultyDriver implements Driver {
  readonly limits: DriverLimits
  readonly collections: Collections
  readonly scans: Scans
  readonly changes: Driver['changes']
  readonly transactions: Driver['transactions']
  readonly #driver: Driver
  readonly #random: () => number
  readonly #pick: PickFault
  readonly #unsure: UnsureWrites
  readonly #lag: IndexLag | undefined

  constructor(
    driver: Driver,
    injector: Injector<DriverFault, DriverCall>,
    unsure: UnsureWrites,
    lag: IndexLag | undefined,
  ) {
    this.limits = driver.limits
    this.#driver = driver
    this.#random = injector.random
    this.#unsure = unsure
    this.#lag = lag
    this.#pick = (call, again, except = []) =>
      injector.pick(
        possible[call].filter((fault) => !except.includes(fault)),
        (on) => on === call,
        { again },
      )?.fault
    this.collections = faultyCollections(driver.collections, this.#pick, (plan, call) => this.#judge(plan, call))
    this.scans = faultyScans(driver.scans, this.#pick)
    this.changes = 'missing' in driver.changes ? driver.changes : faultyChanges(driver.changes, this.#pick)
    this.transactions =
      'missing' in driver.transactions
        ? driver.transactions
        : faultyTransactions(driver.transactions, this.#pick, unsure, (swaps, work) => this.#remembering(swaps, work))
  }

  setup(call: Call): Promise<SetupReport> {
    return this.#driver.setup(call)
  }

  check(call: Call): Promise<CheckReport> {
    return this.#driver.check(call)
  }

  async get(requests: readonly GetRequest[], call: ReadCall): Promise<readonly (Stored | undefined | 'throttled')[]> {
    const fault = this.#pick('get', requests[0] ?? requests, requests.length === 1 ? ['partial'] : [])
    if (fault === 'unavailable') throw unavailable()
    if (fault === 'throttle') {
      lose(call, fault)
      return requests.map(() => 'throttled' as const)
    }
    const taken = fault === 'partial' ? this.#some(requests) : requests
    const found = await this.#driver.get(taken, call)
    return placed(requests, taken, found, 'throttled')
  }

  async write(op: WriteOp, call: Call): Promise<WriteOutcome> {
    const fault = this.#pick('write', op)
    refuse(fault, call)
    if (fault === 'conflict') {
      lose(call, fault)
      throw conflict()
    }
    return this.#unsure.run(fault, call, (running) => this.#remembering([op], () => this.#driver.write(op, running)))
  }

  async writeBatch(ops: readonly BatchOp[], call: Call): Promise<readonly BatchOutcome[]> {
    const fault = this.#pick('writeBatch', ops[0] ?? ops, ops.length === 1 ? ['partial'] : [])
    const refused: BatchOutcome = { status: 'throttled' }
    if (fault === 'unavailable') throw unavailable()
    if (fault === 'throttle') {
      lose(call, fault)
      return ops.map(() => refused)
    }
    const taken = fault === 'partial' ? this.#some(ops) : ops
    const outcomes = await this.#unsure.run(fault, call, (running) =>
      this.#remembering(taken, () => this.#driver.writeBatch(taken, running)),
    )
    return placed(ops, taken, outcomes, refused)
  }

  plan(query: QuerySpec): Plan {
    const plan = this.#driver.plan(query)
    return this.#lag === undefined || query.index?.scope !== 'global' ? plan : { ...plan, freshness: 'eventual' }
  }

  async fetch(plan: Plan, request: FetchRequest, call: ReadCall): Promise<Fetched> {
    this.#judge(plan, call)
    const fault = this.#pick('fetch', request, this.#lags(plan) ? [] : ['indexLag'])
    refuse(fault, call)
    if (fault === 'emptyPage') return emptyPage(request, call)
    const asked = shortPage(fault, begun(request))
    const page = await this.#driver.fetch(plan, asked, call)
    return fault === 'indexLag' && this.#lag !== undefined ? this.#lag.older(page, plan, asked) : page
  }

  explainGet(request: GetRequest, consistency: Consistency): Explanation {
    return this.#driver.explainGet(request, consistency)
  }

  async confirm(write: FoundWrite, call: Call): Promise<void> {
    await this.#driver.confirm?.(write, call)
  }

  explainWrite(op: WriteOp): Explanation {
    return this.#driver.explainWrite(op)
  }

  native(entity: EntityModel, key: Values | undefined): unknown {
    return this.#driver.native(entity, key)
  }

  async close(): Promise<void> {
    await this.#unsure.settled()
    await this.#driver.close()
  }

  /** Whether this wrapper is what makes the access eventual. */
  #lags({ access, freshness }: Plan): boolean {
    return this.#lag !== undefined && access === 'index' && freshness === 'eventual'
  }

  #judge(plan: Plan, { consistency }: ReadCall): void {
    if (consistency !== 'strong' || !this.#lags(plan)) return
    throw new UnsupportedError(
      `The index ${plan.query.index?.name ?? ''} is eventual. Read by the key, or ask for consistency('eventual').`,
    )
  }

  #remembering<T>(places: readonly GetRequest[], work: () => Promise<T>): Promise<T> {
    return this.#lag === undefined ? work() : this.#lag.remembering(this.#driver, places, work)
  }

  /** Of several at least one, and not all. */
  #some<T>(items: readonly T[]): readonly T[] {
    return items.slice(0, 1 + Math.floor(this.#random() * (items.length - 1)))
  }
}

/** An answer for each of all items, in their order. */
function placed<T, R>(all: readonly T[], taken: readonly T[], answers: readonly R[], missing: R): readonly R[] {
  return all.map((_, at) => (at < taken.length ? (answers[at] as R) : missing))
}
