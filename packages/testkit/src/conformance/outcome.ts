import type { Claims, StoreLimits } from '@isomodel/core'
import type { Case, Rule } from './case.js'

/** How the cases of one rule ended. */
export interface Counts {
  readonly passed: number
  /** Cases about a capability that is not claimed, whose calls were refused with UNSUPPORTED as they should be. */
  readonly refused: number
  /** Cases that the harness expects to fail, and that did. */
  readonly expectedFailures: number
  readonly failed: number
}

/** What a run of the suite showed of an adapter on one engine: plain data, the same in every run. */
export interface Outcome {
  /** The harness's name. */
  readonly name: string
  /** The store, as the adapter calls it. */
  readonly store: string
  readonly capabilities: Claims
  readonly limits: StoreLimits
  /** Whether every case was run; not so when the runner was told to run some. */
  readonly complete: boolean
  readonly rules: { readonly [R in Rule]?: Counts }
}

export type Ending = keyof Counts

const NONE: Counts = { passed: 0, refused: 0, expectedFailures: 0, failed: 0 }

/** Counts how cases end. */
export class Tally {
  readonly #ended = new Map<Case, Ending>()

  /** A case that ran before counts as it ended last. */
  end(one: Case, ending: Ending): void {
    this.#ended.set(one, ending)
  }

  /** Of all the cases that apply. */
  of(cases: readonly Case[]): Pick<Outcome, 'complete' | 'rules'> {
    const rules: { [R in Rule]?: Counts } = {}
    for (const one of cases) {
      const ending = this.#ended.get(one)
      if (ending === undefined) continue
      const counts = rules[one.rule] ?? NONE
      rules[one.rule] = { ...counts, [ending]: counts[ending] + 1 }
    }
    return { complete: cases.every((one) => this.#ended.has(one)), rules }
  }
}
