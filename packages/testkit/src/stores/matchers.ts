import { Answers } from './answers.js'
import { disagreementOf } from './expect-same.js'

/** What vitest's and jest's `expect.extend` take: a type alias, since an interface does not fit a type with an index signature. */
export type Matchers = {
  toBeSameOnEveryStore(received: unknown): { readonly pass: boolean; readonly message: () => string }
}

/**
 * The matcher for what `onEveryStore` gives, for `expect.extend(matchers)`; `expectSame` does the same without it.
 *
 * ```ts
 * expect(await onEveryStore(...)).toBeSameOnEveryStore()
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
}
