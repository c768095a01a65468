import { type CheckOptions, linearizable } from './linearizable.js'
import type { Model } from './model.js'
import type { Operation } from './operation.js'
import { drawText } from './picture/text.js'
import type { GaveUp, NotLinearizable } from './verdict.js'

/** A history that is not linearizable, or that was too large to tell; the message draws it. */
export class NotLinearizableError extends Error {
  override readonly name: string = 'NotLinearizableError'
  /** For `drawSvg`, or for a report of your own. */
  declare readonly verdict: NotLinearizable<unknown, unknown, unknown> | GaveUp<unknown, unknown, unknown>

  constructor(verdict: NotLinearizable<unknown, unknown, unknown> | GaveUp<unknown, unknown, unknown>) {
    super(explain(verdict))
    // Runners print the fields of an error, and all of a history is too much of it.
    Object.defineProperty(this, 'verdict', { value: verdict })
  }
}

/**
 * Demands that a history is linearizable, as `linearizable` judges it.
 *
 * @throws {NotLinearizableError} when it is not, or when the search came to its budget
 * @example
 * expectLinearizable(history.operations, counter)
 */
export function expectLinearizable<S, I, O>(
  operations: readonly Operation<I, O>[],
  model: Model<S, I, O>,
  options: CheckOptions = {},
): void {
  const verdict = linearizable(operations, model, options)
  if (verdict.status !== 'linearizable') throw new NotLinearizableError(verdict)
}

/** A verdict in words; of a history that is not linearizable, with its picture. */
function explain<S, I, O>(verdict: NotLinearizable<S, I, O> | GaveUp<S, I, O>): string {
  if (verdict.status === 'not linearizable') return drawText(verdict)
  const where = verdict.partition === undefined ? '' : `, ${JSON.stringify(verdict.partition)}`
  return (
    `Gave up (${verdict.model.name}${where}): after ${verdict.budget} configurations it is not known whether the ` +
    `${verdict.operations} operations are linearizable. Record fewer operations or processes, or spread them over more ` +
    `keys; \`budget\` allows for more configurations.`
  )
}
