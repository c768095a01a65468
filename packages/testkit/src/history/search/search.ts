import type { Model } from '../model.js'
import type { Operation } from '../operation.js'
import { callOf, EventList, isCall, operationOf } from './event-list.js'
import { Placed } from './placed.js'
import { NONE, States } from './states.js'

export type Found<State> =
  | { readonly status: 'linearizable'; readonly configurations: number }
  | { readonly status: 'gave up'; readonly configurations: number }
  | {
      readonly status: 'not linearizable'
      readonly configurations: number
      /** The longest order that was found, by the operations' numbers, and the state that it ends in. */
      readonly order: readonly number[]
      readonly state: State
      /** The operation that returned before any order could place it. */
      readonly blocked: number
    }

/**
 * Looks for an order of the operations of one partition in which each had its outcome and none comes before another that
 * had returned when it was invoked: the algorithm of Wing and Gong, with Lowe's memory of the configurations (what is
 * placed, and the state it led to) from which there is no way on.
 */
export function search<S, I, O>(
  operations: readonly Operation<I, O>[],
  model: Model<S, I, O>,
  budget: number,
): Found<S> {
  const states = new States(model, operations)
  const events = new EventList(operations)
  const order: number[] = []
  const before: number[] = []
  const isUnknown = operations.map(({ outcome }) => outcome.status === 'unknown')
  const placed = new Placed(operations, isUnknown)
  let left = isUnknown.filter((unknown) => !unknown).length
  let state = states.initial
  let furthest = { rank: -1, left, order: [] as readonly number[], state, blocked: 0 }

  /** Places an operation next, unless its outcome forbids it or this has been tried. */
  const place = (operation: number): boolean => {
    const next = states.after(state, operation)
    // One of unknown outcome that changes nothing need not have happened.
    if (next === NONE || (next === state && isUnknown[operation] === true)) return false
    if (!placed.add(operation, next)) return false
    order.push(operation)
    before.push(state)
    state = next
    events.lift(operation)
    if (isUnknown[operation] === false) left -= 1
    return true
  }

  /** Takes the last operation back and gives the event behind its call; undefined where there is none to take. */
  const takeBack = (): number | undefined => {
    const operation = order.pop()
    if (operation === undefined) return undefined
    state = before.pop() ?? states.initial
    events.putBack(operation)
    placed.delete(operation)
    if (isUnknown[operation] === false) left += 1
    return events.after(callOf(operation))
  }

  let event = events.first()
  while (left > 0) {
    if (placed.configurations > budget) return { status: 'gave up', configurations: placed.configurations }
    if (isCall(event)) {
      event = place(operationOf(event)) ? events.first() : events.after(event)
      continue
    }
    const rank = events.rank(event)
    // Of orders that come as far the one that places more, and supposes less of what is unknown.
    const isFurther = rank - furthest.rank || furthest.left - left || furthest.order.length - order.length
    if (isFurther > 0) furthest = { rank, left, order: [...order], state, blocked: operationOf(event) }
    const next = takeBack()
    if (next === undefined) {
      const { order, blocked } = furthest
      const configurations = placed.configurations
      return { status: 'not linearizable', configurations, order, state: states.state(furthest.state), blocked }
    }
    event = next
  }
  return { status: 'linearizable', configurations: placed.configurations }
}
