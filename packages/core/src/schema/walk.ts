import type { Node } from './node.js'
import type { Path } from './value.js'

/** What is wrong at a place of a value. */
export interface Problem {
  readonly path: Path
  /** Says what is wrong and what would be right; never shows a value, which may be sensitive. */
  readonly message: string
}

/**
 * `check` takes a value in output form (what the developer's code holds) and gives a sound copy of it: defaults applied,
 * what is not named stripped. `encode` turns that into storage form, `decode` what is stored into output form.
 */
export type Mode = 'check' | 'encode' | 'decode'

/** Containers inside containers, the entity itself counted. No store holds more, and a value that holds itself ends here. */
const MOST_LEVELS = 100
/** A value with more problems than this is another kind of value; more would only bury the first. */
const MOST_PROBLEMS = 10

/** One walk through one value: collects problems, watches the depth. */
export class Walk {
  /** Paths are complete only when the walk is over: each container prefixes its step to what was found below it. */
  readonly problems: Problem[] = []
  /** True when what is checked comes from the store, where defaults have been applied already. */
  readonly stored: boolean
  /** What the author's own code threw, where a problem says so. */
  cause: unknown
  mode: Mode
  #level = 0
  #stopped = false

  constructor(mode: Mode, stored: boolean = false) {
    this.mode = mode
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

  /** Walks a value that lies below, under a step of the path. undefined is absence, or a problem. */
  into(step: string | number, node: Node, value: unknown): unknown {
    // A conversion passes over what does not convert.
    if (this.mode !== 'check' && !node.converts) return value
    if (this.over) return undefined
    const before = this.problems.length
    const result = node.run(value, this)
    if (this.problems.length === before) return result
    for (let i = before; i < this.problems.length; i++) {
      const { path, message } = this.problems[i] as Problem
      this.problems[i] = { path: [step, ...path], message }
    }
    return undefined
  }

  /** Runs the inside of a container, one level down. */
  inside<T>(run: () => T): T | undefined {
    if (this.#level === MOST_LEVELS) {
      this.#stopped = true
      return this.fail(
        `is nested deeper than ${MOST_LEVELS} levels, or holds itself; flatten it, or keep the parts as entities of their own`,
      )
    }
    this.#level++
    const result = run()
    this.#level--
    return result
  }

  /** Passes a value on from step to step, as long as none finds a problem. */
  chain(value: unknown, ...steps: readonly ((value: unknown) => unknown)[]): unknown {
    const before = this.problems.length
    let result = value
    for (const step of steps) {
      result = step(result)
      if (this.problems.length !== before) return undefined
    }
    return result
  }

  /** Runs a node in another mode. */
  turn(mode: Mode, node: Node, value: unknown): unknown {
    if (mode !== 'check' && !node.converts) return value
    const back = this.mode
    this.mode = mode
    const result = node.run(value, this)
    this.mode = back
    return result
  }

  /** Tries something out: its result, or the problems that it found, which then are not this walk's. */
  attempt(run: () => unknown): { readonly result: unknown } | { readonly problems: readonly Problem[] } {
    const before = this.problems.length
    const result = run()
    return this.problems.length === before ? { result } : { problems: this.problems.splice(before) }
  }
}
