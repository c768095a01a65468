import type { Outcome } from './operation.js'

/**
 * What one thing alone would do: the sequential meaning against which a concurrent history is judged. All of it is pure;
 * states and values are compared by their canonical text, so they are plain data (objects, lists, sets, maps, dates,
 * bytes, scalars).
 */
export interface Model<State, Input, Output> {
  /** For messages: 'counter'. */
  readonly name: string
  /** The state before anything happened, of each partition. */
  readonly initial: State
  /**
   * The partition that an operation belongs to, when operations on different keys never touch each other: each key is then
   * judged alone, which takes far less time. Left out: all operations are one partition.
   */
  key?(input: Input): string
  /**
   * The state after an operation that had this outcome, or undefined where it cannot have had it in this state. With the
   * outcome `unknown`, the state after it was done (the checker also tries without it).
   */
  step(state: State, input: Input, outcome: Outcome<Output>): State | undefined
  /** An operation as one short line, for messages and pictures. Default: input and outcome as they are. */
  describe?(input: Input, outcome: Outcome<Output>): string
}
