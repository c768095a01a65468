/**
 * - `UNAVAILABLE`: no way to obtain the engine is possible here; `attempts` lists each with its remedy.
 * - `UNREACHABLE`: the server at an address from the environment does not answer.
 * - `INSTALL_FAILED`: a download or build failed.
 * - `NOT_READY`: the server was started but ended, or did not answer in time.
 * - `NOT_CONTROLLED`: a server that devstack did not start, or cannot signal, was to be paused, killed or restarted.
 * - `STOPPED`: a call on an engine after its `stop`.
 * - `INVALID_ARGUMENT`: an engine, store, prefix or option that does not exist or does not fit.
 */
export type EngineErrorCode =
  | 'UNAVAILABLE'
  | 'UNREACHABLE'
  | 'INSTALL_FAILED'
  | 'NOT_READY'
  | 'NOT_CONTROLLED'
  | 'STOPPED'
  | 'INVALID_ARGUMENT'

/** One way to an engine that was tried and failed. */
export interface Attempt {
  /** As in `redis on the PATH`. */
  readonly way: string
  readonly reason: string
  readonly remedy: string
}

export interface EngineErrorDetails {
  readonly attempts?: readonly Attempt[]
  readonly cause?: unknown
}

/** What went wrong with an engine, and what to do about it. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  /** The first half of the message: what happened. */
  readonly reason: string
  /** The second half: what to do. */
  readonly remedy: string
  readonly attempts: readonly Attempt[]

  constructor(code: EngineErrorCode, reason: string, remedy: string, details: EngineErrorDetails = {}) {
    const attempts = details.attempts ?? []
    const list = attempts.map((attempt) => `\n- ${attempt.way}: ${indent(attempt.reason)}\n  -> ${attempt.remedy}`)
    super(`${reason}${list.join('')}\n${remedy}`, 'cause' in details ? { cause: details.cause } : {})
    this.code = code
    this.reason = reason
    this.remedy = remedy
    this.attempts = attempts
  }
}

const indent = (text: string): string => text.replaceAll('\n', '\n    ')

/** What anything thrown says, with its causes: `fetch failed: connect ECONNREFUSED 127.0.0.1:1`. */
export function messageOf(error: unknown): string {
  if (error instanceof EngineError) return error.reason
  if (!(error instanceof Error)) return String(error)
  const own = error.message || ('code' in error ? String(error.code) : error.name)
  return error.cause === undefined ? own : `${own}: ${messageOf(error.cause)}`
}
