import { abortError, throwIfAborted } from '../driver/abort.js'
import type { Call, SentRequest } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { CallReport } from '../observe/call-report.js'
import type { CallOptions } from './types.js'

export interface CallScope {
  readonly store: string
  /** undefined: nobody wants to know. */
  readonly report: CallReport | undefined
  /** Default deadline in ms. */
  readonly deadline: number | undefined
  /** Whether what was sent may have changed the store. */
  readonly writes: boolean
}

/**
 * Runs a call under its signal and deadline. When either fires, the call rejects at once (the client may still be busy
 * with it): `ABORTED` or `TIMEOUT`, and a write that had left has the outcome `unknown`.
 */
export async function runCall<T>(
  scope: CallScope,
  options: CallOptions | undefined,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const signal = signalOf(options, scope.deadline)
  let sent = false
  let left = false
  const { report } = scope
  const read: Call['sent'] = (request) => {
    sent = true
    return report?.sent(request) ?? ignore
  }
  const call: RunningCall = {
    signal,
    read,
    sent: (request: SentRequest) => {
      left = scope.writes
      return read(request)
    },
    ...(report === undefined ? {} : { report, retried: () => report.retried() }),
  }
  throwIfAborted(signal)
  try {
    return await (signal === undefined ? work(call) : raceAbort(work(call), signal))
  } catch (error) {
    if (!(error instanceof StoreError)) throw sent ? unexpected(error, scope.store, left) : unprepared(error)
    throw left && signal?.aborted === true ? asUnknown(error) : error
  }
}

/** What is no StoreError is a fault of the adapter's, or of this package's. */
export function unexpected(error: unknown, store: string, mayBeWritten: boolean): StoreError {
  return new StoreError(
    `${error instanceof Error ? error.message : String(error)} (an error that the ${store} adapter did not expect).`,
    { code: 'UNEXPECTED', cause: error, outcome: mayBeWritten ? 'unknown' : 'not committed' },
  )
}

/** A call whose reads can be told from what may have changed the store. */
interface RunningCall extends Call {
  readonly read?: Call['sent']
  readonly report?: CallReport
}

/** Where a call's figures are added up, when somebody wants to know. */
export function reportOf(call: RunningCall): CallReport | undefined {
  return call.report
}

/** The same call for what core itself only reads: given up then, it has changed nothing. */
export function readsOf<C extends Call>(call: C): C {
  const { read } = call as RunningCall
  return read === undefined ? call : { ...call, sent: read }
}

/** What fails before anything is sent: mostly code of the caller's own, as a getter that throws. */
function unprepared(error: unknown): StoreError {
  return new StoreError(
    `${error instanceof Error ? error.message : String(error)} (thrown while the call was prepared, by what it was given or by isomodel; nothing was sent).`,
    { code: 'UNEXPECTED', cause: error },
  )
}

/** A write that had left when the call was given up may be in the store. */
function asUnknown(error: unknown): unknown {
  if (!(error instanceof StoreError) || (error.code !== 'ABORTED' && error.code !== 'TIMEOUT')) return error
  return new StoreError(
    `${error.detail.replace(/\.$/, '')}; the write had left by then, so read the entity to see whether it is there.`,
    {
      code: error.code,
      outcome: 'unknown',
      cause: error,
    },
  )
}

function ignore(): undefined {
  return undefined
}

function signalOf(options: CallOptions | undefined, standard: number | undefined): AbortSignal | undefined {
  const deadline = options?.deadline ?? standard
  const given = signalIn(options)
  if (deadline === undefined) return given
  const ms = deadline instanceof Date ? deadline.getTime() - Date.now() : deadline
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new StoreError('deadline is a Date, or a number of milliseconds from now.', { code: 'VALIDATION' })
  }
  if (ms <= 0) return AbortSignal.abort(new DOMException('The deadline has passed', 'TimeoutError'))
  // Timers longer than 2^31 - 1 ms fire at once; such a deadline is none.
  if (ms > 0x7fffffff) return given
  const timed = AbortSignal.timeout(Math.ceil(ms))
  return given === undefined ? timed : AbortSignal.any([given, timed])
}

/** The signal of a call; null is none, as for `fetch`. An AbortController in its place would let the call run unguarded. */
function signalIn(options: CallOptions | undefined): AbortSignal | undefined {
  const given: unknown = options?.signal
  if (given === undefined || given === null) return undefined
  if (isSignal(given)) return given
  throw new StoreError(
    'signal is no AbortSignal; give the signal of an AbortController, `controller.signal`, or leave it out.',
    { code: 'VALIDATION' },
  )
}

/** By its shape: a test environment or an older runtime brings a class of its own. */
function isSignal(given: unknown): given is AbortSignal {
  return typeof given === 'object' && given !== null && 'aborted' in given && 'addEventListener' in given
}

/** Settles as `work` does, or rejects as soon as the signal fires. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(abortError(signal))
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    signal.addEventListener('abort', abort, { once: true })
  })
}
