import { abortError } from '../driver/abort.js'
import type { Call, Reply, SentRequest } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { CallOptions, RequestEvent } from './types.js'

/** One call of the repository while it runs: its signal, what it reports, and whether anything was sent yet. */
export interface RunningCall extends Call {
  /** True once a request left: an aborted write's outcome is then unknown. */
  readonly isSent: () => boolean
}

export interface CallScope {
  readonly store: string
  readonly entity: string | undefined
  readonly operation: string
  readonly observe: ((event: RequestEvent) => void) | undefined
  /** Default deadline in ms. */
  readonly deadline: number | undefined
}

/**
 * Runs a call under its signal and deadline. When either fires, the call rejects at once (the client may still be busy
 * with it): `ABORTED` or `TIMEOUT`, and a write that had left has the outcome `unknown`.
 */
export async function runCall<T>(
  scope: CallScope,
  options: CallOptions | undefined,
  work: (call: RunningCall) => Promise<T>,
): Promise<T> {
  const signal = signalOf(options, scope.deadline)
  let sent = false
  const report = (request: SentRequest): ((reply?: Reply) => void) => {
    sent = true
    return scope.observe === undefined ? ignore : observed(scope, scope.observe, request)
  }
  const call: RunningCall = { signal, sent: report, isSent: () => sent }
  if (signal === undefined) return work(call)
  if (signal.aborted) throw abortError(signal)
  return raceAbort(work(call), signal)
}

function ignore(): undefined {
  return undefined
}

function signalOf(options: CallOptions | undefined, standard: number | undefined): AbortSignal | undefined {
  const deadline = options?.deadline ?? standard
  const given = options?.signal
  if (deadline === undefined) return given
  const ms = deadline instanceof Date ? deadline.getTime() - Date.now() : deadline
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new StoreError('deadline is a Date, or a number of milliseconds from now.', { code: 'VALIDATION' })
  }
  // Timers longer than 2^31 - 1 ms fire at once; such a deadline is none.
  if (ms > 0x7fffffff) return given
  const timed = AbortSignal.timeout(Math.max(0, Math.ceil(ms)))
  return given === undefined ? timed : AbortSignal.any([given, timed])
}

/** Settles as `work` does, or rejects as soon as the signal fires. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(abortError(signal))
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function observed(
  scope: CallScope,
  observe: (event: RequestEvent) => void,
  request: SentRequest,
): (reply?: Reply) => void {
  const started = performance.now()
  let open = true
  return (reply) => {
    if (!open) return
    open = false
    observe({
      store: scope.store,
      entity: scope.entity,
      operation: scope.operation,
      command: request.command,
      milliseconds: performance.now() - started,
      bytesSent: request.bytes,
      bytesReceived: reply?.bytes,
      capacity: reply?.capacity,
      error: reply?.error,
    })
  }
}
