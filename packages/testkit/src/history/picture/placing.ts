import { describe } from '../models/describe.js'
import type { NotLinearizable } from '../verdict.js'

/** An operation of a history that fails, as it is drawn. */
export interface Placing {
  readonly process: string
  readonly label: string
  readonly invoked: number
  readonly returned: number
  readonly isUnknown: boolean
  /** Its place in the longest order, from 1; undefined where it has none. */
  readonly place: number | undefined
  /** It had to have a place by then, and there is none. */
  readonly isBlocked: boolean
}

export interface Shown {
  readonly placings: readonly Placing[]
  /** How many of the first in the order are not shown. */
  readonly leftOut: number
}

/** The operations to draw: those without a place, and the last of the others, as many as fit. */
export function shown<S, I, O>(verdict: NotLinearizable<S, I, O>, most: number): Shown {
  const places = new Map(verdict.order.map((operation, at) => [operation, at + 1]))
  const without = verdict.operations.filter((operation) => !places.has(operation))
  const first = Math.max(0, verdict.order.length - Math.max(0, most - without.length))
  const placings = verdict.operations
    .filter((operation) => (places.get(operation) ?? verdict.order.length + 1) > first)
    .map((operation) => ({
      process: operation.process,
      label: describe(verdict.model, operation),
      invoked: operation.invoked,
      returned: operation.returned,
      isUnknown: operation.outcome.status === 'unknown',
      place: places.get(operation),
      isBlocked: operation === verdict.blocked,
    }))
  return { placings, leftOut: first }
}

/** What is wrong, in two sentences. */
export function summary<S, I, O>(verdict: NotLinearizable<S, I, O>, state: string): readonly string[] {
  const { model, partition, order, operations, blocked } = verdict
  const where = partition === undefined ? '' : `, ${JSON.stringify(partition)}`
  return [
    `Not linearizable (${model.name}${where}): no order of these ${operations.length} operations explains their answers.`,
    `The longest that does has ${order.length} and ends in ${state}; \`${describe(model, blocked)}\` of ${blocked.process}, which had returned, has no place in it.`,
  ]
}
