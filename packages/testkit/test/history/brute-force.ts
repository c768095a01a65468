import type { Model, Operation } from '../../src/history/index.js'

/** Whether a history is linearizable, by the definition: some of the unknown, all others, every order. For a few operations. */
export function isLinearizable<S, I, O>(
  operations: readonly Operation<I, O>[],
  { initial, step }: Model<S, I, O>,
): boolean {
  const unknown = operations.filter(({ outcome }) => outcome.status === 'unknown')
  const others = operations.filter(({ outcome }) => outcome.status !== 'unknown')
  const heardOf = ({ outcome, returned }: Operation<I, O>): number =>
    outcome.status === 'unknown' ? Number.POSITIVE_INFINITY : returned

  const isExplained = (state: S, rest: readonly Operation<I, O>[]): boolean =>
    rest.length === 0 ||
    rest.some((one) => {
      const others = rest.filter((other) => other !== one)
      if (others.some((other) => heardOf(other) < one.invoked)) return false
      const next = step(state, one.input, one.outcome)
      return next !== undefined && isExplained(next, others)
    })

  return subsets(unknown).some((happened) => isExplained(initial, [...others, ...happened]))
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  const [first, ...rest] = items
  if (first === undefined) return [[]]
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]])
}
