import type { ErrorCode } from '@isomodel/core'
import type { Operation, Outcome } from '../../src/history/index.js'

export const ok = <O>(value?: O): Outcome<O> => ({ status: 'ok', value })
export const refused = (code: ErrorCode): Outcome<never> => ({ status: 'refused', code })
export const unknown: Outcome<never> = { status: 'unknown' }

/** One operation, from a moment to a moment. */
export const told = <I, O>(
  process: string,
  [invoked, returned]: readonly [number, number],
  input: I,
  outcome: Outcome<O>,
): Operation<I, O> => ({ process, input, invoked, returned, outcome })
