import { type Engine, type EngineName, type Store, startEngine, startStore } from '@isomodel/devstack'
import { conformance, type Harness } from '@isomodel/testkit/conformance'
import * as vitest from 'vitest'
import { keepOutcome } from '../../scripts/support/outcomes.mjs'
import { engines, selectedStores } from '../engines/engines.js'

const ADDRESSES: { readonly [S in Store]: string } = {
  dynamodb: 'DYNAMODB_ENDPOINT',
  mongodb: 'MONGODB_URI',
  redis: 'REDIS_URL',
  valkey: 'VALKEY_URL',
}

/** An adapter's part of a harness, over a server at an address. */
export interface StoreHarness extends Pick<Harness, 'adapter' | 'unreachable' | 'limits' | 'drop'> {
  close(): Promise<void>
}

/**
 * Registers the conformance suite on one engine, which starts with the first case and ends with the last. An engine that
 * cannot be had fails every case. Where the environment gives an address, the store's first file runs on that server, and
 * the other one has nothing to do.
 */
export function conformanceOn(
  store: Store,
  engine: EngineName,
  connected: (address: string) => StoreHarness,
  expectedFailures: Harness['expectedFailures'] = {},
): void {
  const harness = harnessOn(store, engine, connected, expectedFailures)
  if (harness !== undefined) conformance(harness, vitest, { onEnd: (outcome) => keepOutcome(engine, outcome) })
}

/** The harness of one engine. Where that is left out, registers a test that says so, and gives undefined. */
export function harnessOn(
  store: Store,
  engine: EngineName,
  connected: (address: string) => StoreHarness,
  expectedFailures: Harness['expectedFailures'] = {},
): Harness | undefined {
  const given = (process.env[ADDRESSES[store]] ?? '') !== ''
  const first = engines[store][0] === engine
  if (!selectedStores().includes(store) || (given && !first)) {
    vitest.test(`${engine} is left out`, () => {
      vitest.expect(given && !first ? [] : selectedStores()).not.toContain(store)
    })
    return undefined
  }

  let running: Promise<{ readonly server: Engine; readonly harness: StoreHarness }> | undefined
  const start = async (): Promise<{ readonly server: Engine; readonly harness: StoreHarness }> => {
    const server = await (given ? startStore(store) : startEngine(engine))
    return { server, harness: connected(server.address) }
  }
  const nowhere = connected(unreachableAddress(store))
  return {
    name: `${store} (${given ? ADDRESSES[store] : engine})`,
    adapter: async (namespace) => {
      running ??= start()
      return (await running).harness.adapter(namespace)
    },
    unreachable: () => nowhere.adapter('nowhere'),
    ...(nowhere.limits === undefined ? {} : { limits: nowhere.limits }),
    expectedFailures: given ? {} : expectedFailures,
    // A slow engine on a busy machine is no fault of the adapter's.
    timeout: 240_000,
    drop: async (namespace) => (await running)?.harness.drop?.(namespace),
    close: async () => {
      await nowhere.close()
      if (running === undefined) return
      const { server, harness } = await running
      await harness.close()
      await server.stop()
    },
  }
}

/** Port 1 belongs to a service that nobody runs. */
function unreachableAddress(store: Store): string {
  if (store === 'dynamodb') return 'http://127.0.0.1:1'
  return store === 'mongodb' ? 'mongodb://127.0.0.1:1' : 'redis://127.0.0.1:1'
}
