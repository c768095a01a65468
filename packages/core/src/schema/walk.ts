import type { Path } from './value.js'

/** What is wrong at a place of a value. */
export interface Problem {
  readonly path: Path
  /** Says what is wrong and what would be right; never shows a value, which may be sensitive. */
  readonly message: string
}

/** Containers inside containers, the entity itself counted. No store holds more, and a value that holds itself ends here. */
const MOST_LEVELS = 100
/** A value with more problems than this is another kind of value; more would only bury the first. */
const MOST_PROBLEMS = 10

/** One walk through one value: collects problems, watches the depth. */
export class Walk {
  /** Paths are complete only when the walk is over: each container prefixes its step to what was found below it. */
  readonly problems: Problem[] = []
  /** True when what is walked comes from the store, where defaults have been applied already. */
  readonly stored: boolean
  /** What the author's own code threw, where a problem says so. */
  cause: unknown
  #level = 0
  #stopped = false

  constructor(stored: boolean = false) {
    this.stored = stored
  }

  /** True when going on makes no sense: too many problems, or a depth that a value holding itself would never leave. */
  get over(): boolean {
    return this.#stopped || this.problems.length >= MOST_PROBLEMS
  }

  fail(message: string, path: Path = []): undefined {
    this.problems.push({ path, message })
    return undefined
  }

  /** Goes into a container; false when that is too deep, and then `leave` is not due. */
  enter(): boolean {
    if (this.#stopped) return false
    if (this.#level === MOST_LEVELS) {
      this.#stopped = true
      this.fail(
        `is nested deeper than ${MOST_LEVELS} levels, or holds itself; flatten it, or keep the parts as entities of their own`,
      )
      return false
    }
    this.#level++
    return true
  }

  leave(): void {
    this.#level--
  }

  /** Puts a step before the paths of the problems found since there were `before` of them. */
  within(before: number, step: string | number): void {
    for (let i = before; i < this.problems.length; i++) {
      const { path, message } = this.problems[i] as Problem
      this.problems[i] = { path: [step, ...path], message }
    }
  }

  /** Tries something out: its result, or the problems that it found, which then are not this walk's. */
  attempt<T>(run: () => T): Attempt<T> {
    const before = this.problems.length
    const level = this.#level
    const result = run()
    if (this.problems.length === before) return { result }
    this.#level = level
    return { problems: this.problems.splice(before) }
  }
}

export type Attempt<T> = { readonly result: T } | { readonly problems: readonly Problem[] }
