import { MAX_INT64, MIN_INT64, type ValueType } from '@isomodel/core/driver'

/** Between which stored values an `add` stays within its field's bounds. */
export interface AddBounds {
  readonly low: number | bigint
  readonly high: number | bigint
  /** Whether it does when it starts from an absent field. */
  readonly fromZero: boolean
}

/**
 * The values that `amount` may be added to. They may be fewer than all, so that a write is never let through wrongly: what
 * lies between is decided by reading. undefined for what is not plainly a number, and where no bounds are found.
 */
export function addBounds(type: ValueType, amount: number | bigint): AddBounds | undefined {
  if (type.kind === 'bigint' && typeof amount === 'bigint') {
    const { min, max } = type
    return {
      low: clampInt64(min - amount),
      high: clampInt64(max - amount),
      fromZero: amount >= min && amount <= max,
    }
  }
  if (type.kind !== 'number' || typeof amount !== 'number') return undefined
  const min = Math.max(type.min, type.int ? Number.MIN_SAFE_INTEGER : -Number.MAX_VALUE)
  const max = Math.min(type.max, type.int ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE)
  const low = inside(min - amount, (end) => end + amount >= min, up)
  const high = inside(
    max - amount,
    (end) => end + amount <= max,
    (value) => -up(-value),
  )
  if (low === undefined || high === undefined) return undefined
  return { low, high, fromZero: amount >= min && amount <= max }
}

const STEPS = 4

/** A difference is rounded, so its end may lie outside by a little: steps inwards until the sum is within bounds. */
function inside(end: number, fits: (end: number) => boolean, inwards: (value: number) => number): number | undefined {
  let value = Math.min(Math.max(end, -Number.MAX_VALUE), Number.MAX_VALUE)
  for (let step = 0; step < STEPS && !fits(value); step++) value = inwards(value)
  return fits(value) ? value : undefined
}

/** The next double above. */
function up(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setFloat64(0, value)
  const bits = bytes.getBigInt64(0)
  bytes.setBigInt64(0, value > 0 ? bits + 1n : bits - 1n)
  return bytes.getFloat64(0)
}

function clampInt64(value: bigint): bigint {
  return value < MIN_INT64 ? MIN_INT64 : value > MAX_INT64 ? MAX_INT64 : value
}
