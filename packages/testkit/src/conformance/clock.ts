/**
 * A clock that stands still until it is moved. It starts at the real time and only goes forward: a store that removes
 * what has expired by its own clock must not find anything that is still alive by this one.
 */
export class Clock {
  #now: number = Date.now()

  /** Milliseconds since the epoch; may be passed on as a function. */
  readonly now: () => number = () => this.#now

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }

  /** A Date so many milliseconds from now. */
  in(milliseconds: number): Date {
    return new Date(this.#now + milliseconds)
  }
}
