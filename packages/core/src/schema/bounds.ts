import type { $ZodCheck } from 'zod/v4/core'

/** What the checks of a number or bigint say, as far as it is a range. */
export interface Bounds<T extends number | bigint> {
  /** Inclusive. */
  readonly min: T
  /** Inclusive. */
  readonly max: T
  /** The checks that the range says completely; Zod runs them only for the words of a refusal. */
  readonly covered: readonly $ZodCheck[]
  /** The other checks, which Zod runs on every value: all of them when there is any, for their order matters. */
  readonly rest: readonly $ZodCheck[]
}

const formats: { readonly [format: string]: { readonly int: boolean; readonly min: number; readonly max: number } } = {
  safeint: { int: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  int32: { int: true, min: -(2 ** 31), max: 2 ** 31 - 1 },
  uint32: { int: true, min: 0, max: 2 ** 32 - 1 },
  float32: { int: false, min: -3.4028234663852886e38, max: 3.4028234663852886e38 },
  float64: { int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
}

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

const bigFormats: { readonly [format: string]: { readonly min: bigint; readonly max: bigint } } = {
  int64: { min: INT64_MIN, max: INT64_MAX },
  uint64: { min: 0n, max: INT64_MAX },
}

/** The part of a check's definition that ranges are made of. */
interface RangeDef {
  readonly check: string
  readonly value?: unknown
  readonly inclusive?: boolean
  readonly format?: string
}

export function numberBounds(checks: readonly $ZodCheck[]): Bounds<number> & { readonly int: boolean } {
  let min = -Number.MAX_VALUE
  let max = Number.MAX_VALUE
  let int = false
  const covered = checks.filter((check) => {
    const def: RangeDef = check._zod.def
    const { value, inclusive, format } = def
    if (def.check === 'number_format') {
      const range = format === undefined ? undefined : formats[format]
      if (range === undefined) return false
      min = Math.max(min, range.min)
      max = Math.min(max, range.max)
      int ||= range.int
      return true
    }
    if (typeof value !== 'number') return false
    if (def.check === 'greater_than') min = Math.max(min, inclusive ? value : doubleAfter(value))
    else if (def.check === 'less_than') max = Math.min(max, inclusive ? value : -doubleAfter(-value))
    else return false
    return true
  })
  if (int) {
    min = Math.max(Math.ceil(min), Number.MIN_SAFE_INTEGER)
    max = Math.min(Math.floor(max), Number.MAX_SAFE_INTEGER)
  }
  return { min: min + 0, max: max + 0, int, covered, rest: covered.length === checks.length ? [] : checks }
}

export function bigintBounds(checks: readonly $ZodCheck[]): Bounds<bigint> {
  let min = INT64_MIN
  let max = INT64_MAX
  const covered = checks.filter((check) => {
    const def: RangeDef = check._zod.def
    const { value, inclusive, format } = def
    if (def.check === 'bigint_format') {
      const range = format === undefined ? undefined : bigFormats[format]
      if (range === undefined) return false
      if (range.min > min) min = range.min
      return true
    }
    if (typeof value !== 'bigint') return false
    if (def.check === 'greater_than') {
      const low = inclusive ? value : value + 1n
      if (low > min) min = low
    } else if (def.check === 'less_than') {
      const high = inclusive ? value : value - 1n
      if (high < max) max = high
    } else return false
    return true
  })
  return { min, max, covered, rest: covered.length === checks.length ? [] : checks }
}

/** The least double greater than `value`. */
function doubleAfter(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  if (!Number.isFinite(value)) return value
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigInt64(0)
  view.setBigInt64(0, value > 0 ? bits + 1n : bits - 1n)
  return view.getFloat64(0)
}
