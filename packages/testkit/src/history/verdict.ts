import type { Model } from './model.js'
import type { Operation } from './operation.js'

/** What `linearizable` found. */
export type Verdict<State, Input, Output> =
  | Linearizable
  | NotLinearizable<State, Input, Output>
  | GaveUp<State, Input, Output>

export interface Linearizable {
  readonly status: 'linearizable'
  /** How many partitions were judged. */
  readonly partitions: number
  /** How many configurations were visited. */
  readonly configurations: number
}

/** No order explains what was answered. All that is told is of one partition, and ends where the fault shows. */
export interface NotLinearizable<State, Input, Output> {
  readonly status: 'not linearizable'
  readonly model: Model<State, Input, Output>
  /** The key of the partition; undefined where the model has none. */
  readonly partition: string | undefined
  /** The operations of the partition that were invoked until `blocked` returned, by invocation. */
  readonly operations: readonly Operation<Input, Output>[]
  /** The longest order that explains the answers of what is in it. It holds all that had returned before `blocked` did. */
  readonly order: readonly Operation<Input, Output>[]
  /** The state that the order ends in. */
  readonly state: State
  /** The operation that had returned by then, and that no order can place. */
  readonly blocked: Operation<Input, Output>
  readonly configurations: number
}

/** The search came to its budget: the history may be either. Fewer operations or processes, or more keys, need less. */
export interface GaveUp<State, Input, Output> {
  readonly status: 'gave up'
  readonly model: Model<State, Input, Output>
  readonly partition: string | undefined
  /** How many operations the partition has. */
  readonly operations: number
  readonly budget: number
  readonly configurations: number
}
