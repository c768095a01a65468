import type { Claims } from '@isomodel/core'
import type { Driver, Model } from '@isomodel/core/driver'
import { type Memory, memory } from '@isomodel/memory'
import type { Harness } from '../../src/conformance/index.js'

/** What a broken driver does otherwise than the one under it. */
export type Wrong = (driver: Driver, model: Model) => Partial<Driver>

/** A harness over memory whose driver is wrong in one way. */
export function wrongHarness(name: string, wrong: Wrong, claims: Partial<Claims> = {}): Harness {
  const namespaces = new Map<string, Memory>()
  return {
    name,
    adapter(namespace) {
      const store = namespaces.get(namespace) ?? memory()
      namespaces.set(namespace, store)
      return {
        store: 'memory, broken',
        capabilities: { ...store.capabilities, ...claims },
        open: async (model, options) => overlay(await store.open(model, options), (driver) => wrong(driver, model)),
      }
    },
  }
}

/** The driver with some methods replaced; the others run on the driver itself, whose private state they need. */
function overlay(driver: Driver, wrong: (driver: Driver) => Partial<Driver>): Driver {
  const own: Driver = {
    limits: driver.limits,
    setup: (call) => driver.setup(call),
    check: (call) => driver.check(call),
    get: (requests, call) => driver.get(requests, call),
    write: (op, call) => driver.write(op, call),
    writeBatch: (ops, call) => driver.writeBatch(ops, call),
    plan: (query) => driver.plan(query),
    fetch: (plan, request, call) => driver.fetch(plan, request, call),
    collections: driver.collections,
    scans: driver.scans,
    changes: driver.changes,
    transactions: driver.transactions,
    explainGet: (request, consistency) => driver.explainGet(request, consistency),
    explainWrite: (op) => driver.explainWrite(op),
    native: (entity, key) => driver.native(entity, key),
    close: () => driver.close(),
  }
  return { ...own, ...wrong(own) }
}
