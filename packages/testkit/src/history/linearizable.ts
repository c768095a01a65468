import type { Model } from './model.js'
import type { Operation } from './operation.js'
import { search } from './search/search.js'
import type { Verdict } from './verdict.js'

export interface CheckOptions {
  /**
   * Most configurations to visit in one partition before giving up: a configuration is a set of operations and the state
   * that they lead to. The default takes some ten seconds and a few hundred MB at worst. Default: 1,000,000.
   */
  readonly budget?: number
}

const BUDGET = 1_000_000

/**
 * Judges whether a history is linearizable: whether each operation can have taken effect at one moment between its
 * invocation and its return, so that all together answered as the model does one after the other. Each partition of the
 * model is judged alone, and the first that is at fault is told.
 *
 * @throws RangeError for a history that cannot be: an operation that returned before it was invoked, or a known outcome
 *   that was never told
 * @throws RangeError for a budget that is no positive whole number
 * @example
 * const verdict = linearizable(history.operations, counter)
 * if (verdict.status !== 'linearizable') throw new NotLinearizableError(verdict)
 */
export function linearizable<S, I, O>(
  operations: readonly Operation<I, O>[],
  model: Model<S, I, O>,
  options: CheckOptions = {},
): Verdict<S, I, O> {
  const { budget = BUDGET } = options
  if (!Number.isSafeInteger(budget) || budget < 1) {
    throw new RangeError(`budget is ${budget}: give a positive whole number of configurations.`)
  }
  for (const [at, operation] of operations.entries()) checkMoments(operation, at)

  const partitions = Map.groupBy(operations, ({ input }) => model.key?.(input))
  let configurations = 0
  let gaveUp: Verdict<S, I, O> | undefined
  for (const [partition, members] of partitions) {
    const found = search(members, model, budget)
    configurations += found.configurations
    if (found.status === 'gave up') gaveUp ??= { ...found, model, partition, operations: members.length, budget }
    if (found.status !== 'not linearizable') continue
    const numbered = (at: number): Operation<I, O> => members[at] as Operation<I, O>
    const blocked = numbered(found.blocked)
    const order = found.order.map(numbered)
    const concerned = members
      .filter(({ invoked }) => invoked <= blocked.returned)
      .sort((one, other) => one.invoked - other.invoked)
    const { status, state } = found
    return { status, model, partition, operations: concerned, order, state, blocked, configurations }
  }
  return gaveUp ?? { status: 'linearizable', partitions: partitions.size, configurations }
}

function checkMoments({ process, invoked, returned, outcome }: Operation<unknown, unknown>, at: number): void {
  const which = `Operation ${at} (of ${process})`
  if (!Number.isFinite(invoked))
    throw new RangeError(`${which} was invoked at ${invoked}: a moment is a finite number.`)
  if (!(returned >= invoked)) throw new RangeError(`${which} was invoked at ${invoked} and returned at ${returned}.`)
  if (outcome.status !== 'unknown' && !Number.isFinite(returned)) {
    throw new RangeError(`${which} never returned, so its outcome cannot be ${outcome.status}: it is unknown.`)
  }
}
