/** Milliseconds at three quantiles; undefined where the samples are too few to say. */
export interface Quantiles {
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

/** A quantile is said only where this many samples are expected beyond it. */
export const BEYOND = 10

/**
 * The value at quantile `q` of values in ascending order, by the nearest rank: exact, not interpolated, not from a
 * histogram. Undefined when fewer than ten values are expected beyond it.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number | undefined {
  const n = sorted.length
  // Rounded because 1,000 * (1 - 0.99) is a little less than 10 in binary.
  const beyond = Math.round(n * (1 - q) * 1e6) / 1e6
  if (beyond < BEYOND) return undefined
  return sorted[Math.max(0, Math.ceil(n * q - 1e-9) - 1)]
}

/** p50, p95 and p99 of samples in any order. */
export function quantilesOf(samples: ArrayLike<number>): Quantiles {
  const sorted = Float64Array.from(samples).sort()
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) }
}

/** The middle value; the mean of the two middle ones when their number is even; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const high = sorted[Math.floor(sorted.length / 2)]
  const low = sorted[Math.ceil(sorted.length / 2) - 1]
  return high === undefined || low === undefined ? undefined : (low + high) / 2
}
