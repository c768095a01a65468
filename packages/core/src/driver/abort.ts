import { StoreError } from '../errors/store-error.js'

/**
 * The error of a call whose signal fired: the signal's own reason when that is a StoreError, `TIMEOUT` when it came from
 * a deadline (`AbortSignal.timeout`), else `ABORTED`.
 */
export function abortError(signal: AbortSignal): StoreError {
  const reason: unknown = signal.reason
  if (reason instanceof StoreError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new StoreError('The deadline passed; allow the call more time or ask for less at once', {
      code: 'TIMEOUT',
      retryable: true,
      cause: reason,
    })
  }
  return new StoreError('The signal of the call was aborted', { code: 'ABORTED', cause: reason })
}

/** Throws `abortError` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal)
}
