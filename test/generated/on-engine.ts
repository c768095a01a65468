import type { EngineName, Store } from '@isomodel/devstack'
import { generated } from '@isomodel/testkit/generated'
import * as vitest from 'vitest'
import { harnessOn, type StoreHarness } from '../conformance/on-engine.js'

/** Registers the generated histories on one engine. `OPERATIONS=100000` plays as many operations, `SEED=7` draws others. */
export function generatedOn(
  store: Store,
  engine: EngineName,
  connected: (address: string) => StoreHarness,
  operations: number,
): void {
  const harness = harnessOn(store, engine, connected)
  if (harness === undefined) return
  const { OPERATIONS, SEED } = process.env
  generated(harness, vitest, {
    operations: OPERATIONS ? Number(OPERATIONS) : operations,
    ...(SEED ? { seed: Number(SEED) } : {}),
  })
}
