import type { EngineName, Store } from '@isomodel/devstack'
import type { Harness } from '@isomodel/testkit/conformance'
import { type HistoriesOptions, histories } from '@isomodel/testkit/history'
import * as vitest from 'vitest'
import { harnessOn, type StoreHarness } from '../conformance/on-engine.js'

/** Registers the histories on one engine. `HISTORIES=200` makes as many of each kind, and `SEED=7` draws others. */
export function historiesOn(
  store: Store,
  engine: EngineName,
  connected: (address: string) => StoreHarness,
  size: HistoriesOptions = {},
): void {
  const harness = harnessOn(store, engine, connected)
  if (harness !== undefined) judged(harness, size)
}

export function judged(harness: Harness, size: HistoriesOptions = {}): void {
  const { HISTORIES = '', SEED = '', HISTORY_PICTURES = '' } = process.env
  histories(harness, vitest, {
    ...size,
    ...(HISTORIES === '' ? {} : { rounds: Number(HISTORIES) }),
    ...(SEED === '' ? {} : { seed: Number(SEED) }),
    ...(HISTORY_PICTURES === '' ? {} : { pictures: HISTORY_PICTURES }),
  })
}
