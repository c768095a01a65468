import { show } from '../../same/show.js'
import type { Model } from '../model.js'
import type { Operation, Outcome } from '../operation.js'

/** What came of an operation, in a word: its value, `ok` without one, the code of a refusal, or `?`. */
export function describeOutcome<O>(outcome: Outcome<O>, value: (value: O) => string = show): string {
  if (outcome.status === 'unknown') return '?'
  if (outcome.status === 'refused') return outcome.code
  return outcome.value === undefined ? 'ok' : value(outcome.value)
}

/** An operation as one line, in the words of its model. */
export function describe<S, I, O>(model: Model<S, I, O>, { input, outcome }: Operation<I, O>): string {
  return model.describe?.(input, outcome) ?? `${show(input)} → ${describeOutcome(outcome)}`
}
