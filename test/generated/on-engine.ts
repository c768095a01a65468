import type { EngineName, Store } from '@isomodel/devstack'
import { generated } from '@isomodel/testkit/generated'
import * as vitest from 'vitest'
import { harnessOn, type StoreHarness } from '../conformance/on-engine.js'
import { generatedOptions } from './options.js'

/** Registers generated histories on one engine, of so many operations unless the environment says how many. */
export function generatedOn(
  store: Store,
  engine: EngineName,
  connected: (address: string) => StoreHarness,
  operations: number,
): void {
  const harness = harnessOn(store, engine, connected)
  if (harness !== undefined) generated(harness, vitest, generatedOptions(operations))
}
