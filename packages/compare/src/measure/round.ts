import type { Operation, OperationArguments } from '../workload/operations.js'

/** How long one side runs before the other has its turn. */
export interface RoundPlan {
  /** Calls in flight at any time, each begun when one ends. */
  readonly concurrency: number
  /** Milliseconds that a round lasts at least. */
  readonly atLeast: number
  /** Milliseconds after which it ends, also with fewer samples than wanted. */
  readonly atMost: number
  /** Samples wanted. */
  readonly samples: number
}

export interface Round {
  /** Milliseconds of each call that succeeded. */
  readonly samples: readonly number[]
  /** Milliseconds that the round took. */
  readonly elapsed: number
  readonly errors: readonly Error[]
}

/** A store that does not answer ends its measurement after this long, ms. */
const PATIENCE = 30_000

/** The store answered nothing: every call failed, or none came back. */
export class StoreGone extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreGone'
  }
}

/**
 * Runs one operation over the questions, in turn and from the beginning again, with a fixed number of calls in flight.
 *
 * @throws {StoreGone} when no call of the round succeeded, or a call takes longer than 30 s.
 */
export async function runRound(
  operation: Operation,
  questions: readonly OperationArguments[],
  plan: RoundPlan,
  signal: AbortSignal,
): Promise<Round> {
  const samples: number[] = []
  const errors: Error[] = []
  let next = 0
  const began = performance.now()
  const goesOn = (): boolean => {
    const elapsed = performance.now() - began
    if (signal.aborted || elapsed >= plan.atMost) return false
    return elapsed < plan.atLeast || samples.length < plan.samples
  }
  const worker = async (): Promise<void> => {
    do {
      const asked = questions[next++ % questions.length] as OperationArguments
      const sent = performance.now()
      try {
        await operation(asked)
        samples.push(performance.now() - sent)
      } catch (error) {
        errors.push(asError(error))
      }
    } while (goesOn())
  }
  await within(PATIENCE, Promise.all(Array.from({ length: plan.concurrency }, worker)))
  const elapsed = performance.now() - began
  signal.throwIfAborted()
  if (samples.length === 0) {
    const cause = errors[0]
    throw new StoreGone(`every call failed${cause === undefined ? '' : `: ${cause.message}`}`, cause)
  }
  return { samples, elapsed, errors }
}

/** The work's result, or `StoreGone` when it takes longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreGone(`no answer for ${Math.round(milliseconds / 1000)} s`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The work's result, or the signal's reason as soon as it is aborted: a load that has minutes to go is not waited for. Of a signal that
 * is aborted already nothing begins.
 */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
  })
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
