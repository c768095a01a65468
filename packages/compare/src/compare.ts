import { compareStore, type Work } from './compare-store.js'
import { describeMachine } from './facts/machine.js'
import { clientVersions, ownVersion } from './facts/versions.js'
import { plans } from './measure/plans.js'
import { drawQuestions } from './measure/questions.js'
import { type Progress, silent } from './progress.js'
import type { Comparison, StoreResult } from './result.js'
import { expectedAnswers, findings } from './shop/expected.js'
import { nameRows } from './shop/from-rows.js'
import { generateShop, type SizeName, sizes } from './shop/generate.js'
import type { ShopDb } from './shop/patterns.js'
import { readShopRows } from './shop/rows.js'
import { type StoreName, storeNames } from './stores/names.js'

export interface CompareOptions {
  /** Default: all, in this order: dynamodb, mongodb, redis, valkey, memory. */
  readonly stores?: readonly StoreName[]
  /** How large the generated shop is. Default: medium, 2,000 customers. */
  readonly size?: SizeName
  /** What the shop and the questions are generated from, a whole number from 0. Default: 1. */
  readonly seed?: number
  readonly progress?: Progress
  /** Ends the run: it rejects with the signal's reason, engines stopped. */
  readonly signal?: AbortSignal
  /** Called when the sample rows are in a store, before it is asked; so that a test can spoil one. */
  readonly imported?: (db: ShopDb, store: StoreName) => Promise<void>
}

/**
 * Runs the online shop on every store, one after the other: its documented questions on the sample rows, held against the
 * file; then a generated shop, measured beside the vendor's own client. A store that cannot be started or dies is in the
 * result; the others are compared all the same.
 *
 * @example
 * const comparison = await compare({ stores: ['redis', 'memory'], size: 'small' })
 * await writeFile('report.html', renderReport(comparison))
 */
export async function compare(options: CompareOptions = {}): Promise<Comparison> {
  const { stores = storeNames, size = 'medium', seed = 1, progress = silent } = options
  const signal = options.signal ?? new AbortController().signal
  const startedAt = new Date()
  const rows = readShopRows()
  const generated = [...generateShop(sizes[size], seed)]
  const work: Work = {
    sample: nameRows(rows),
    documented: expectedAnswers(rows),
    generated,
    questions: drawQuestions(generated, seed),
    plan: plans[size],
    progress,
    signal,
    imported: options.imported,
  }
  const results: StoreResult[] = []
  for (const name of stores) results.push(await compareStore(name, work))
  return {
    format: 1,
    version: ownVersion(),
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    settings: {
      stores,
      size,
      seed,
      entities: generated.length,
      concurrency: work.plan.concurrency,
      rounds: work.plan.rounds,
    },
    machine: describeMachine(),
    clients: clientVersions(),
    findings: findings(rows),
    stores: results,
    ok: results.every(isSound),
  }
}

/** Every answer equal, every count agreed, no call failed, and the store there to the end. */
export function isSound(store: StoreResult): boolean {
  return (
    store.failure === undefined &&
    store.verdicts.length > 0 &&
    store.verdicts.every((verdict) => verdict.equal) &&
    store.operations.every(
      ({ disagreements, library, vendor }) =>
        disagreements.length === 0 && library.errors === 0 && (vendor?.errors ?? 0) === 0,
    )
  )
}
