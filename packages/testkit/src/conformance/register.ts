import type { Case } from './case.js'
import { CASE_TIMEOUT, type Harness } from './harness.js'
import type { Outcome } from './outcome.js'
import { type Suite, suite } from './suite.js'

/** The functions of a test runner that the suite needs; the module of vitest or of node:test has them. */
export interface Runner {
  describe(title: string, define: () => void): unknown
  it(title: string, run: () => Promise<void>, timeout?: number): unknown
  /** vitest and jest. */
  afterAll?(run: () => Promise<void>): unknown
  /** node:test. */
  after?(run: () => Promise<void>): unknown
}

export interface ConformanceOptions {
  /** Runs only the cases that this holds of; for working on one rule. */
  readonly only?: (one: Case) => boolean
  /** Called at the end with what the run has shown, unless the store could not be set up; for a support table of your own. */
  readonly onEnd?: (outcome: Outcome) => void | Promise<void>
}

/**
 * Registers the conformance suite as tests, one for each case.
 *
 * ```ts
 * import * as vitest from 'vitest'
 * conformance(harness, vitest)
 * ```
 */
export function conformance(harness: Harness, runner: Runner, options: ConformanceOptions = {}): void {
  registerSuite('conformance', harness, suite(harness), runner, options)
}

/** Registers the cases of a suite, one test each, and the end of its harness. `what` is what calls itself so. */
export function registerSuite(
  what: string,
  harness: Harness,
  { cases, run, outcome, close }: Suite,
  runner: Runner,
  { only = () => true, onEnd }: ConformanceOptions,
): void {
  const atEnd = runner.afterAll ?? runner.after
  if (atEnd === undefined)
    throw new TypeError(`${what} needs afterAll (vitest, jest) or after (node:test), to close the harness.`)
  const title = (one: Case): string => `${one.rule} ${one.topic}`
  runner.describe(`${what} of ${harness.name}`, () => {
    atEnd(async () => {
      const shown = await outcome()
      if (shown !== undefined) await onEnd?.(shown)
      await close()
    })
    for (const [topic, group] of Map.groupBy(cases.filter(only), title)) {
      runner.describe(topic, () => {
        // The runner's clock ends later than the case's own, so that the case can say what it was waiting for.
        for (const one of group) runner.it(one.name, () => run(one), (harness.timeout ?? CASE_TIMEOUT) + 15_000)
      })
    }
  })
}
