import { fullJitter, sleep } from '../driver/backoff.js'
import type { Call } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'

const PACE = { base: 25, cap: 2_000 }

/**
 * Tries again, with full jitter, what failed for a passing reason and surely left nothing behind: reads, and writes whose
 * outcome is `not committed`. Everything else passes through at once.
 */
export async function retry<T>(
  attempts: number,
  { signal, retried }: Pick<Call, 'signal' | 'retried'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !isPassing(error)) throw error
      await sleep(fullJitter(attempt - 1, PACE), signal)
      retried?.()
    }
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof StoreError &&
    error.retryable &&
    error.outcome === 'not committed' &&
    error.code !== 'TIMEOUT' &&
    error.code !== 'CONFLICT'
  )
}
