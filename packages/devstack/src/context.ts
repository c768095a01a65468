import type { EngineOptions, Environment, Log } from './engine.js'
import { EngineError } from './engine-error.js'

/** The options of one call with their defaults, as they are handed on. */
export interface Context {
  readonly durable: boolean
  readonly log: Log
  readonly signal: AbortSignal
  readonly env: Environment
  readonly timeout: number
}

const never = new AbortController().signal

const toStandardError: Log = (line) => void process.stderr.write(`isomodel: ${line}\n`)

export function contextOf(options: EngineOptions = {}): Context {
  const { durable = false, log = toStandardError, signal = never, env = process.env, timeout = 60_000 } = options
  if (!(timeout > 0)) {
    throw new EngineError('INVALID_ARGUMENT', `A timeout of ${timeout} ms is no time at all.`, 'Use a positive number.')
  }
  signal.throwIfAborted()
  return { durable, log, signal, env, timeout }
}

/** For a running engine: what cancels the start has no say in its restarts. */
export const uncancelled = (context: Context): Context => ({ ...context, signal: never })
