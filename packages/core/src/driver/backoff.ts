import { abortError, throwIfAborted } from './abort.js'

export interface Backoff {
  /** The longest first wait, ms. */
  readonly base: number
  /** The longest wait ever, ms. */
  readonly cap: number
}

/**
 * How long to wait before attempt `attempt` + 1, ms: evenly random between nothing and `base` doubled with each attempt
 * (from 0), up to `cap`. Full jitter keeps callers that collided from colliding again.
 */
export function fullJitter(attempt: number, { base, cap }: Backoff, random: () => number = Math.random): number {
  return random() * Math.min(cap, base * 2 ** attempt)
}

/** Waits; rejects with `abortError` as soon as the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfAborted(signal)
    const finish = (): void => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    const abort = (): void => {
      clearTimeout(timer)
      reject(abortError(signal as AbortSignal))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}
