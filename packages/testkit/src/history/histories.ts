import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Case } from '../conformance/case.js'
import type { Harness } from '../conformance/harness.js'
import { type Runner, registerSuite } from '../conformance/register.js'
import { suite } from '../conformance/suite.js'
import { NotLinearizableError } from './expect-linearizable.js'
import { drawSvg } from './picture/svg.js'
import { counters } from './workloads/counters.js'
import { race } from './workloads/race.js'
import { registers } from './workloads/registers.js'
import { transfers } from './workloads/transfers.js'
import { uniques } from './workloads/uniques.js'
import type { Round, Workload } from './workloads/workload.js'

export interface HistoriesOptions {
  /** Histories of each kind. Default: 3. */
  readonly rounds?: number
  /** What the first of them is drawn from; the others follow. Default: 1. */
  readonly seed?: number
  /** Concurrent processes of a history. Default: 8. */
  readonly processes?: number
  /** Operations of each process. Default: 25. */
  readonly operations?: number
  /** One in so many calls is aborted while it is under way, so that outcomes are unknown; 0 aborts none. Default: 25. */
  readonly cut?: number
  /** Connections that the processes share. Default: 3. */
  readonly handles?: number
  /** Configurations that the checker may visit in a partition. Default: 1,000,000. */
  readonly budget?: number
  /** Folder, made when it is not there, for an SVG of each history that fails. Default: none is written. */
  readonly pictures?: string
}

/**
 * Registers tests that record histories of concurrent calls on a store and judge them linearizable: writes by revision,
 * counters, unique values, and transactions with transactional reads; and that of 200 creations at once with one unique
 * value one wins. Where the adapter lacks a capability, the calls must be refused with UNSUPPORTED.
 *
 * The inputs of a history are drawn from the seed that its title says; how the calls meet in the store, they decide anew
 * each time.
 *
 * @throws TypeError for a runner without `afterAll` or `after`, or an option that is no whole number of its range
 * @example
 * import * as vitest from 'vitest'
 * histories(harness, vitest, { rounds: 100 })
 */
export function histories(harness: Harness, runner: Runner, options: HistoriesOptions = {}): void {
  registerSuite('histories', harness, suite(harness, historyCases(options)), runner, {})
}

/** The cases that `histories` registers; for `suite`, and a runner of your own. */
export function historyCases(options: HistoriesOptions = {}): readonly Case[] {
  const { rounds = 3, seed = 1, processes = 8, operations = 25, cut = 25, handles = 3, budget = 1_000_000 } = options
  checkNumbers({ rounds, processes, operations, handles, budget }, 1)
  checkNumbers({ seed, cut }, 0)
  const drawn = Array.from({ length: rounds }, (_, round) => seed + round)
  return [
    ...[registers, counters, uniques, transfers].flatMap((kind) =>
      drawn.map((seed) => caseOf(kind, { seed, processes, operations, cut, handles, budget }, options.pictures)),
    ),
    ...race(handles),
  ]
}

function caseOf({ rule, topic, requires, entities, play }: Workload, round: Round, pictures: string | undefined): Case {
  const name = `of ${round.processes} processes, seed ${round.seed}: linearizable`
  return {
    id: `${rule} ${topic}: ${name}`,
    rule,
    topic,
    name,
    entities,
    requires,
    async run(context) {
      const verdict = await play(context, round)
      if (verdict.status === 'linearizable') return
      const error = new NotLinearizableError(verdict)
      if (pictures === undefined || verdict.status === 'gave up') throw error
      await mkdir(pictures, { recursive: true })
      const file = join(pictures, `${context.id}-${verdict.model.name.replaceAll(' ', '-')}-${round.seed}.svg`)
      await writeFile(file, drawSvg(verdict))
      error.message += `\n\nDrawn in ${file}`
      throw error
    },
  }
}

function checkNumbers(options: Readonly<Record<string, number>>, least: number): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isSafeInteger(value) && value >= least) continue
    throw new TypeError(`${name} is ${value}: give a whole number from ${least}.`)
  }
}
