import type { Call } from '@isomodel/core/driver'
import type { DriverFault } from './driver-fault.js'
import { cut, late } from './errors.js'

/** Writes whose end their caller does not see. */
export class UnsureWrites {
  readonly #lateBy: number
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(lateBy: number) {
    this.#lateBy = lateBy
  }

  /** Does a write as the fault says, or not; rejects unless the fault is none of a write's end. */
  async run<T>(fault: DriverFault | undefined, call: Call, work: (call: Call) => Promise<T>): Promise<T> {
    switch (fault) {
      case 'lostRequest':
        lose(call, fault)
        throw cut()
      case 'lostReply':
        await work(call)
        throw cut()
      case 'timeout':
        await work(call)
        throw late()
      case 'lateRequest': {
        lose(call, fault)
        this.#later(() => work({ signal: undefined, sent: () => () => undefined }))
        throw late()
      }
      default:
        return work(call)
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #later(work: () => Promise<unknown>): void {
    const done = new Promise((resolve) => setTimeout(resolve, this.#lateBy))
      .then(work)
      // Nobody waits for its answer: refused or done, it is the store that knows.
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
  }
}

/** The request left, as far as its sender can tell. */
export function lose(call: Call, command: string): void {
  call.sent({ command })({ error: new Error(command) })
}
