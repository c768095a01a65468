import { type $ZodCheck, util } from 'zod/v4/core'
import { MAX_INT64, MIN_INT64 } from '../write/add-numbers.js'

/** The range that the checks of a number or bigint leave, both ends included. */
export interface Bounds<T extends number | bigint> {
  readonly min: T
  readonly max: T
}

/** The part of a check's definition that ranges are made of. */
interface RangeDef<T> {
  readonly check: string
  readonly value?: T
  readonly inclusive?: boolean
  readonly format?: string
}

const formats: { readonly [format: string]: readonly [number | bigint, number | bigint] } = {
  ...util.NUMBER_FORMAT_RANGES,
  ...util.BIGINT_FORMAT_RANGES,
}

export function numberBounds(checks: readonly $ZodCheck[]): Bounds<number> & { readonly int: boolean } {
  const { min, max } = narrow({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE }, checks, nextDouble)
  const int = checks.some((check) => (check._zod.def as RangeDef<number>).format?.includes('int'))
  return int ? { int, min: Math.ceil(min) + 0, max: Math.floor(max) + 0 } : { int, min: min + 0, max: max + 0 }
}

export function bigintBounds(checks: readonly $ZodCheck[]): Bounds<bigint> {
  return narrow({ min: MIN_INT64, max: MAX_INT64 }, checks, (value, up) => value + (up ? 1n : -1n))
}

function narrow<T extends number | bigint>(
  whole: Bounds<T>,
  checks: readonly $ZodCheck[],
  next: (value: T, up: boolean) => T,
): Bounds<T> {
  let { min, max } = whole
  for (const check of checks) {
    const { check: kind, value, inclusive, format = '' } = check._zod.def as RangeDef<T>
    const [least, most] = (formats[format] ?? []) as readonly T[]
    if (least !== undefined && least > min) min = least
    if (most !== undefined && most < max) max = most
    if (typeof value !== typeof min) continue
    const given = value as T
    const end = inclusive ? given : next(given, kind === 'greater_than')
    if (kind === 'greater_than' && end > min) min = end
    if (kind === 'less_than' && end < max) max = end
  }
  return { min, max }
}

/** The double next to a finite one. */
function nextDouble(value: number, up: boolean): number {
  if (value === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 === up ? 1n : -1n))
  return view.getFloat64(0)
}
