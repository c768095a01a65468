import { StoreError } from '@isomodel/core'
import type { Operation, Outcome } from './operation.js'

/**
 * Records concurrent operations, to be judged by `linearizable` when all have ended.
 *
 * ```ts
 * const history = new History<CounterInput, number>()
 * await Promise.all(
 *   ['p1', 'p2'].map((process) =>
 *     history.record(process, { do: 'add', key: 'hits', amount: 1 }, async () => {
 *       const { hits } = await db.Page.update({ url: '/' }, (p, { add }) => add(p.hits, 1))
 *       return hits
 *     }),
 *   ),
 * )
 * ```
 */
export class History<Input, Output> {
  readonly #operations: Operation<Input, Output>[] = []
  readonly #busy = new Set<string>()
  #moment = 0

  /**
   * Makes a call and records it. Resolves to what the caller was told: a StoreError is an outcome, by its own `outcome`
   * (refused where the write is not committed, `unknown` where it says so, done without a value where it is committed).
   * `input` and what the call gives are kept as they are: do not change them afterwards.
   *
   * @throws whatever else the call throws, and UNSUPPORTED; the operation is then recorded as unknown
   * @throws TypeError when the process is still in an operation: a process makes one call after the other
   */
  async record(process: string, input: Input, call: () => Promise<Output>): Promise<Outcome<Output>> {
    if (this.#busy.has(process)) {
      throw new TypeError(
        `The process ${process} is still in an operation: await it, or record the next one under another name.`,
      )
    }
    this.#busy.add(process)
    const at = this.#operations.length
    const begun = { process, input, invoked: this.#tick(), returned: Number.POSITIVE_INFINITY }
    this.#operations.push({ ...begun, outcome: UNKNOWN })
    try {
      const outcome = await told(call)
      this.#operations[at] = { ...begun, returned: this.#tick(), outcome }
      return outcome
    } finally {
      this.#busy.delete(process)
    }
  }

  /** What is recorded so far, by invocation; what is still under way is unknown. Moments count the events from 1. */
  get operations(): readonly Operation<Input, Output>[] {
    return [...this.#operations]
  }

  #tick(): number {
    this.#moment += 1
    return this.#moment
  }
}

const UNKNOWN = { status: 'unknown' } as const

async function told<Output>(call: () => Promise<Output>): Promise<Outcome<Output>> {
  try {
    return { status: 'ok', value: await call() }
  } catch (error) {
    if (!(error instanceof StoreError) || error.code === 'UNSUPPORTED') throw error
    if (error.outcome === 'unknown') return UNKNOWN
    return error.outcome === 'committed' ? { status: 'ok', value: undefined } : { status: 'refused', code: error.code }
  }
}
