/** What one store answered: a value, or the error that the code under test threw. */
export type Answer<T> =
  | { readonly store: string; readonly value: T }
  | { readonly store: string; readonly error: unknown }

/** What every store answered to the same code; see `onEveryStore`. */
export class Answers<T> implements Iterable<Answer<T>> {
  readonly #answers: readonly Answer<T>[]
  /** Names of fields whose values differ between stores by design, so that they are not compared: revisions. */
  readonly opaque: ReadonlySet<string>

  constructor(answers: readonly Answer<T>[], opaque: ReadonlySet<string>) {
    this.#answers = answers
    this.opaque = opaque
  }

  [Symbol.iterator](): Iterator<Answer<T>> {
    return this.#answers[Symbol.iterator]()
  }
}
