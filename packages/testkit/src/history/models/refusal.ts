import type { ErrorCode } from '@isomodel/core'

const WHATEVER_THE_STATE: ReadonlySet<ErrorCode> = new Set([
  'CONFLICT',
  'THROTTLED',
  'UNAVAILABLE',
  'TIMEOUT',
  'ABORTED',
])

/**
 * Whether a refusal says nothing of what is stored: the store was busy or away, or the caller gave up before anything was
 * sent. Any other code is an answer, which the state must justify.
 */
export const isWhateverTheState = (code: ErrorCode): boolean => WHATEVER_THE_STATE.has(code)
