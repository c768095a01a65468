import type { Capability, ConnectOptions, Db, Entities } from '@isomodel/core'
import { checkOptions } from './check-options.js'
import { lateDb } from './late-db.js'
import { type OpenDb, openDb } from './open-db.js'
import type { StoreCapabilities, StoreEntry } from './store-entry.js'

/**
 * The functions of a test runner that `eachStore` needs; the module of vitest or of node:test has them, and so have jest's
 * globals.
 */
export interface EachStoreRunner {
  describe(title: string, define: () => void): unknown
  /** What follows is milliseconds where a runner limits the time of hooks, and options of another kind in node:test. */
  beforeEach(run: () => Promise<void>, ...timeout: never[]): unknown
  afterEach(run: () => Promise<void>, ...timeout: never[]): unknown
  /** vitest and jest; for `clean: 'store'`. */
  afterAll?(run: () => Promise<void>, ...timeout: never[]): unknown
  /** node:test; for `clean: 'store'`. */
  after?(run: () => Promise<void>, ...timeout: never[]): unknown
}

export interface EachStoreOptions {
  /** `test`: every test has a clean namespace. `store`: the tests of a store share one, for suites that build on each other. Default: `test`. */
  readonly clean?: 'test' | 'store'
  /** What `connect` is given: a clock, an observer, ... */
  readonly connect?: ConnectOptions
  /** Time to open and set up a store in ms, its engine's first start included. Default: 120,000. */
  readonly timeout?: number
}

const OPENING = 120_000

/** A hook with the time it may take; node:test, which has no limit of its own, passes over the number. */
function timed(hook: (run: () => Promise<void>, ...timeout: never[]) => unknown, timeout = OPENING) {
  return (run: () => Promise<void>): unknown =>
    (hook as (run: () => Promise<void>, timeout: number) => unknown)(run, timeout)
}

/**
 * Runs tests of your own on every store: `define` is called once for each, inside a `describe` of its name. `db` is set up
 * and clean when a test (or a hook of yours inside) begins; it cannot be used earlier.
 *
 * ```ts
 * import * as vitest from 'vitest'
 *
 * eachStore(stores('dynamodb', 'redis'), { Order }, (db) => {
 *   it('places an order', async () => {
 *     await db.Order.create({ customerId: 'c-1', orderId: 'o-1', status: 'placed', placedAt: new Date() })
 *   })
 * }, vitest)
 * ```
 *
 * For node:test give `import * as test from 'node:test'`; where a runner's functions are global, as in jest, leave it out. A
 * store that cannot be opened fails its tests; none is skipped.
 *
 * @throws TypeError for options that there are not, for no stores, and where it finds no runner
 */
export function eachStore<Es extends Entities, S extends StoreEntry>(
  stores: readonly S[],
  entities: Es,
  define: (db: Db<Es, unknown, StoreCapabilities<S>>, store: S) => void,
  runner: EachStoreRunner = globalRunner(),
  options: EachStoreOptions = {},
): void {
  checkOptions(options)
  if (stores.length === 0)
    throw new TypeError(
      "eachStore was given no stores, so that no test would run. Name some, as in stores('memory', 'redis').",
    )
  for (const store of stores) {
    runner.describe(store.name, () => {
      const db =
        options.clean === 'store'
          ? sharedDb<Es, StoreCapabilities<S>>(store, entities, runner, options)
          : cleanDb<Es, StoreCapabilities<S>>(store, entities, runner, options)
      define(db, store)
    })
  }
}

function cleanDb<Es extends Entities, C extends Capability>(
  store: StoreEntry,
  entities: Es,
  runner: EachStoreRunner,
  options: EachStoreOptions,
): Db<Es, unknown, C> {
  let opened: OpenDb<Es, C> | undefined
  const before = timed(runner.beforeEach, options.timeout)
  const after = timed(runner.afterEach, options.timeout)
  before(async () => {
    opened = await openDb(store, entities, options.connect)
  })
  after(async () => {
    const closing = opened
    opened = undefined
    await closing?.close()
  })
  return lateDb(entities, () => ready(opened))
}

function sharedDb<Es extends Entities, C extends Capability>(
  store: StoreEntry,
  entities: Es,
  runner: EachStoreRunner,
  options: EachStoreOptions,
): Db<Es, unknown, C> {
  const atEnd = runner.afterAll ?? runner.after
  if (atEnd === undefined)
    throw new TypeError(
      "clean: 'store' needs the runner's afterAll (vitest, jest) or after (node:test) as well, to close the store.",
    )
  let opened: OpenDb<Es, C> | undefined
  const before = timed(runner.beforeEach, options.timeout)
  const end = timed(atEnd, options.timeout)
  before(async () => {
    opened ??= await openDb(store, entities, options.connect)
  })
  end(async () => opened?.close())
  return lateDb(entities, () => ready(opened))
}

function ready<Es extends Entities, C extends Capability>(opened: OpenDb<Es, C> | undefined): Db<Es, unknown, C> {
  if (opened !== undefined) return opened.db
  throw new Error(
    'db is there inside of tests and hooks only: eachStore opens the store before each test. Move this into an it(...) or a beforeEach(...).',
  )
}

function globalRunner(): EachStoreRunner {
  const { describe, beforeEach, afterEach, afterAll } = globalThis as Partial<EachStoreRunner>
  if (describe === undefined || beforeEach === undefined || afterEach === undefined) {
    throw new TypeError(
      "eachStore finds no global describe, beforeEach and afterEach. Give the runner: `import * as vitest from 'vitest'` (or `import * as test from 'node:test'`), then eachStore(stores, entities, define, vitest).",
    )
  }
  return { describe, beforeEach, afterEach, ...(afterAll === undefined ? {} : { afterAll }) }
}
