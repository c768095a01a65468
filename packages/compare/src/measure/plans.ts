import type { SizeName } from '../shop/generate.js'
import type { ContestPlan } from './contest.js'

/**
 * Of every measurement. Over its rounds a side takes the samples that p99 needs, at the small size those of p95; an operation that
 * is too slow for that is ended by `atMost`, so that a whole run ends in minutes.
 */
export const plans: Readonly<Record<SizeName, ContestPlan>> = {
  small: { concurrency: 4, rounds: 3, warmUp: 40, atLeast: 60, atMost: 500, samples: 120 },
  medium: { concurrency: 4, rounds: 5, warmUp: 60, atLeast: 80, atMost: 1_000, samples: 210 },
  large: { concurrency: 4, rounds: 9, warmUp: 200, atLeast: 300, atMost: 1_500, samples: 500 },
}
