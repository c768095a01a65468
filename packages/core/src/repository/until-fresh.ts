import { fullJitter, sleep } from '../driver/backoff.js'
import type { Call } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'

const PACE = { base: 4, cap: 1_000, attempts: 60 }

/** Reads, judges and writes again, after a random and growing wait, while others are in the way. */
export async function untilFresh<T>(what: string, call: Call, attempt: () => Promise<T | 'stale'>): Promise<T> {
  for (let count = 0; count < PACE.attempts; count++) {
    if (count > 0) {
      await sleep(fullJitter(count - 1, PACE), call.signal)
      call.retried?.()
    }
    const result = await attempt()
    if (result !== 'stale') return result
  }
  throw new StoreError(
    `Others wrote ${what} at the same time, ${PACE.attempts} times in a row. Try again, or let fewer writers share an entity.`,
    { code: 'CONFLICT', retryable: true },
  )
}
