import type { EngineName, Store } from '@isomodel/devstack'
import { histories } from '@isomodel/testkit/history'
import * as vitest from 'vitest'
import { harnessOn, type StoreHarness } from '../conformance/on-engine.js'

/**
 * Registers the histories on one engine. `HISTORIES=200` makes as many of each kind, `SEED=7` draws others, and
 * `HISTORY_PICTURES=folder` draws those that fail.
 */
export function historiesOn(store: Store, engine: EngineName, connected: (address: string) => StoreHarness): void {
  const harness = harnessOn(store, engine, connected)
  if (harness === undefined) return
  const { HISTORIES, SEED, HISTORY_PICTURES } = process.env
  histories(harness, vitest, {
    ...(HISTORIES ? { rounds: Number(HISTORIES) } : {}),
    ...(SEED ? { seed: Number(SEED) } : {}),
    ...(HISTORY_PICTURES ? { pictures: HISTORY_PICTURES } : {}),
  })
}
