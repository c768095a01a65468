import type { BatchResult } from '../driver/batch.js'
import type { Consistency, GetRequest, Stored } from '../driver/contract.js'
import type { CallReport } from '../observe/call-report.js'

/**
 * Reads any number of keys in as few requests as the store allows, in the order asked, giving no object twice. `alone`: what
 * the only one of them reports to.
 */
export type ReadMany = (
  requests: readonly GetRequest[],
  consistency: Consistency,
  alone: CallReport | undefined,
) => Promise<readonly BatchResult<Stored | undefined>[]>

interface Waiting {
  readonly request: GetRequest
  readonly report: CallReport | undefined
  readonly resolve: (stored: Stored | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Collects the gets of one tick and sends them as one batch for each consistency. The batch runs without any single
 * caller's signal: a caller that gives up leaves the others' reads alone.
 */
export class Coalescer {
  readonly #read: ReadMany
  #waiting = new Map<Consistency, Waiting[]>()

  constructor(read: ReadMany) {
    this.#read = read
  }

  get(request: GetRequest, consistency: Consistency, report: CallReport | undefined): Promise<Stored | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) queueMicrotask(() => this.#flush())
      const same = this.#waiting.get(consistency)
      const waiting = { request, report, resolve, reject }
      if (same === undefined) this.#waiting.set(consistency, [waiting])
      else same.push(waiting)
    })
  }

  #flush(): void {
    const batches = this.#waiting
    this.#waiting = new Map()
    for (const [consistency, waiting] of batches) this.#send(consistency, waiting)
  }

  #send(consistency: Consistency, waiting: readonly Waiting[]): void {
    this.#read(
      waiting.map(({ request }) => request),
      consistency,
      waiting.length === 1 ? waiting[0]?.report : undefined,
    ).then(
      (found) => {
        for (const [at, { resolve, reject }] of waiting.entries()) {
          const result = found[at]
          if (result?.status === 'failed') reject(result.error)
          else resolve(result?.value)
        }
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error)
      },
    )
  }
}
