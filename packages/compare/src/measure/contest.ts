import type { Operation, OperationArguments } from '../workload/operations.js'
import { median, type Quantiles, quantilesOf } from './quantiles.js'
import { type Round, type RoundPlan, runRound } from './round.js'

/** How one client did an operation, over all rounds. */
export interface Side {
  /** Calls that succeeded. */
  readonly samples: number
  readonly errors: number
  /** The first error's message. */
  readonly error: string | undefined
  /** Milliseconds of a call, over all rounds together. */
  readonly latency: Quantiles
  /** Calls a second: the median over the rounds. */
  readonly throughput: number
}

/** Over the rounds: the median, and the least and the greatest as the band. */
export interface Ratio {
  readonly median: number
  readonly least: number
  readonly greatest: number
}

export interface Contest {
  readonly library: Side
  readonly vendor: Side | undefined
  /** The library's median time of a call against the vendor's client's, round by round; 1 is the same. */
  readonly ratio: Ratio | undefined
}

export interface ContestPlan extends RoundPlan {
  readonly rounds: number
  /** Milliseconds of each side before anything counts. */
  readonly warmUp: number
}

/**
 * Lets the library and the vendor's client do the same operation in turns, in the same run on the same engine: A B, then
 * B A, and so on, so that neither always has the warmer engine. What comes before the rounds warms up and is not counted.
 */
export async function contest(
  library: Operation,
  vendor: Operation | undefined,
  questions: readonly OperationArguments[],
  plan: ContestPlan,
  signal: AbortSignal,
): Promise<Contest> {
  const warm = { ...plan, atLeast: plan.warmUp, atMost: plan.warmUp, samples: 0 }
  const ours: Round[] = []
  const theirs: Round[] = []
  const turn = async (operation: Operation, rounds: Round[]): Promise<void> => {
    rounds.push(await runRound(operation, questions, plan, signal))
  }
  await runRound(library, questions, warm, signal)
  if (vendor !== undefined) await runRound(vendor, questions, warm, signal)
  for (let n = 0; n < plan.rounds; n++) {
    if (vendor === undefined) await turn(library, ours)
    else if (n % 2 === 0) {
      await turn(library, ours)
      await turn(vendor, theirs)
    } else {
      await turn(vendor, theirs)
      await turn(library, ours)
    }
  }
  return {
    library: sideOf(ours),
    vendor: vendor === undefined ? undefined : sideOf(theirs),
    ratio: ratioOf(ours, theirs),
  }
}

function sideOf(rounds: readonly Round[]): Side {
  const samples = rounds.flatMap((round) => round.samples)
  const errors = rounds.flatMap((round) => round.errors)
  return {
    samples: samples.length,
    errors: errors.length,
    error: errors[0]?.message,
    latency: quantilesOf(samples),
    throughput: median(rounds.map((round) => (round.samples.length / round.elapsed) * 1000)) ?? 0,
  }
}

/** Each round against the vendor's round beside it. */
export function ratioOf(library: readonly Round[], vendor: readonly Round[]): Ratio | undefined {
  const ratios: number[] = []
  for (const [n, ours] of library.entries()) {
    const a = median(ours.samples)
    const b = median(vendor[n]?.samples ?? [])
    if (a !== undefined && b !== undefined && b > 0) ratios.push(a / b)
  }
  const middle = median(ratios)
  return middle === undefined
    ? undefined
    : { median: middle, least: Math.min(...ratios), greatest: Math.max(...ratios) }
}
