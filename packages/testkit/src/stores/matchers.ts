import { Answers } from './answers.js'
import { type Budget, overBudget } from './budget.js'
import { disagreementOf } from './expect-same.js'

/** What vitest's and jest's `expect.extend` take: a type alias, since an interface does not fit a type with an index signature. */
export type Matchers = {
  toBeSameOnEveryStore(received: unknown): Verdict
  toFit(received: unknown, budget: Budget): Verdict
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * The matchers, for `expect.extend(matchers)`: one for what `onEveryStore` gives, which `expectSame` does without it, and one
 * that holds a query or a write to a budget.
 *
 * ```ts
 * expect(await onEveryStore(...)).toBeSameOnEveryStore()
 * expect(db.Order.query('byStatus', { status: 'paid' }).explain()).toFit({ roundTrips: 1, scan: false })
 * expect(await db.Order.query({ customerId: 'c-1' }).measure()).toFit({ rcu: 4 })
 * ```
 */
export const matchers: Matchers = {
  toBeSameOnEveryStore(received) {
    if (!(received instanceof Answers))
      throw new TypeError('toBeSameOnEveryStore is for what `await onEveryStore(...)` gives.')
    const disagreement = disagreementOf(received)
    return {
      pass: disagreement === undefined,
      message: () => disagreement ?? 'The answer is the same on every store, and should not be.',
    }
  },
  toFit(received, budget) {
    const over = overBudget(received, budget)
    return {
      pass: over.length === 0,
      message: () =>
        over.length === 0
          ? 'It fits its budget, and should not.'
          : `It does not fit its budget.\n${over.map((line) => `  ${line}`).join('\n')}`,
    }
  },
}
