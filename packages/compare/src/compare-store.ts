import { type ContestPlan, contest } from './measure/contest.js'
import { countTraffic } from './measure/count.js'
import { loadContest } from './measure/load-contest.js'
import type { Questions } from './measure/questions.js'
import { asError, unlessAborted, within } from './measure/round.js'
import type { Progress } from './progress.js'
import type { OperationResult, StoreResult } from './result.js'
import { checkAnswers } from './shop/answers.js'
import type { Expected } from './shop/expected.js'
import type { Named } from './shop/from-rows.js'
import { load } from './shop/load.js'
import type { ShopDb } from './shop/patterns.js'
import type { StoreName } from './stores/names.js'
import { type OpenStore, openStore } from './stores/open-store.js'
import { operationNames } from './workload/operations.js'

/** What every store is given to do, the same for all. */
export interface Work {
  /** The sample rows, named. */
  readonly sample: readonly Named[]
  readonly documented: readonly Expected[]
  readonly generated: readonly Named[]
  readonly questions: Questions
  readonly plan: ContestPlan
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly imported: ((db: ShopDb, store: StoreName) => Promise<void>) | undefined
}

type Draft = { -readonly [K in keyof StoreResult]: StoreResult[K] }

/**
 * Compares one store. What it found before a failure is kept, and the failure is named in the result.
 *
 * @throws the reason of the signal, when it was aborted.
 */
export async function compareStore(name: StoreName, work: Work): Promise<StoreResult> {
  const result: Draft = {
    name,
    engine: undefined,
    vendor: undefined,
    verdicts: [],
    load: undefined,
    operations: [],
    failure: undefined,
  }
  const fail = (error: unknown): void => {
    work.signal.throwIfAborted()
    // The first failure says why; a later one, while closing, is its consequence.
    if (result.failure !== undefined) return
    result.failure = asError(error).message
    work.progress.note(`${name}: failed: ${result.failure}`)
  }
  let store: OpenStore | undefined
  try {
    store = await openStore(name, { log: (line) => work.progress.note(line), signal: work.signal })
    result.engine = store.engine
    const { vendor } = store.timed
    result.vendor = vendor === undefined ? undefined : { client: vendor.client, layout: vendor.layout }
    const opened = store
    await unlessAborted(work.signal, () => answer(opened, work, result))
    await unlessAborted(work.signal, () => measure(opened, work, result))
  } catch (error) {
    fail(error)
  } finally {
    if (store !== undefined) await within(CLOSING, Promise.resolve(store[Symbol.asyncDispose]())).catch(fail)
  }
  return result
}

/** Milliseconds for connections and an engine to end. */
const CLOSING = 20_000

async function answer(store: OpenStore, { sample, documented, imported, progress }: Work, result: Draft) {
  progress.at(`${store.name}: documented questions`, 0)
  await load(store.timed.db, sample)
  await imported?.(store.timed.db, store.name)
  result.verdicts = await checkAnswers(store.counted.db, documented, () => store.tally('library').roundTrips)
  const wrong = result.verdicts.filter((verdict) => !verdict.equal)
  const patterns = new Set(result.verdicts.map((verdict) => verdict.pattern)).size
  const equal = patterns - new Set(wrong.map((verdict) => verdict.pattern)).size
  progress.note(`${store.name}: ${equal} of ${patterns} patterns answer as the file does`)
  for (const { pattern, arguments: asked, differences } of wrong) {
    for (const difference of differences) progress.note(`  ${pattern} ${JSON.stringify(asked)}: ${difference}`)
  }
}

async function measure(store: OpenStore, work: Work, result: Draft): Promise<void> {
  const { generated, plan, progress, questions, signal } = work
  const { library, vendor } = store.timed
  result.load = await loadContest(store.timed, generated, {
    signal,
    progress: (done, total) => progress.at(`${store.name}: loading ${total} entities`, done / total),
  })
  // The writes change what is there, so every id that they meet is there before.
  const written = [...questions.counter, ...questions['conditional update']].map(({ id }) => id)
  for (const id of new Set(written)) {
    await library.put({ id })
    await vendor?.operations.put({ id })
    signal.throwIfAborted()
  }
  const operations: OperationResult[] = []
  result.operations = operations
  for (const [n, operation] of operationNames.entries()) {
    progress.at(`${store.name}: ${operation}`, n / operationNames.length)
    const counted = await countTraffic(store, operation, questions[operation])
    const measured = await contest(
      library[operation],
      vendor?.operations[operation],
      questions[operation],
      plan,
      signal,
    )
    operations.push({ operation, ...measured, ...counted })
  }
  progress.note(`${store.name}: ${operations.length} operations measured`)
}
