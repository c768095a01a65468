import { canonical } from '../canonical.js'
import type { Model } from '../model.js'
import type { Operation } from '../operation.js'

/** No state: the operation cannot have had its outcome. */
export const NONE = -1

/** The states that a model goes through, numbered by their canonical text, and each step from one to another, taken once. */
export class States<S, I, O> {
  readonly #model: Model<S, I, O>
  readonly #operations: readonly Operation<I, O>[]
  readonly #numbers = new Map<string, number>()
  readonly #states: S[] = []
  /** By state, then by operation: few of all operations are ever tried in one state. */
  readonly #steps: Map<number, number>[] = []
  readonly initial: number

  constructor(model: Model<S, I, O>, operations: readonly Operation<I, O>[]) {
    this.#model = model
    this.#operations = operations
    this.initial = this.#number(model.initial)
  }

  /** The state after an operation, or NONE. */
  after(state: number, operation: number): number {
    const steps = this.#steps[state]
    const known = steps?.get(operation)
    if (known !== undefined) return known
    const { input, outcome } = this.#operations[operation] as Operation<I, O>
    const next = this.#model.step(this.state(state), input, outcome)
    const number = next === undefined ? NONE : this.#number(next)
    steps?.set(operation, number)
    return number
  }

  state(number: number): S {
    return this.#states[number] as S
  }

  #number(state: S): number {
    const text = canonical(state)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const made = this.#states.push(state) - 1
    this.#steps.push(new Map())
    this.#numbers.set(text, made)
    return made
  }
}
