import type { ValueType } from '../schema/type.js'
import type { Value } from '../schema/value.js'

export const MIN_INT64: bigint = -(2n ** 63n)
export const MAX_INT64: bigint = 2n ** 63n - 1n

/**
 * `add` on what is there (absent is zero): the sum, or why there is none. Whole numbers are guarded by the safe integers,
 * bigints by int64, other numbers by the finite doubles, and each by the field's own bounds.
 */
export function addNumbers(
  type: ValueType | undefined,
  old: Value | undefined,
  amount: number | bigint,
): { readonly value: number | bigint } | { readonly refused: string } {
  if (typeof amount === 'bigint') {
    if (old !== undefined && typeof old !== 'bigint') return notNumber('bigint', old)
    const { min, max } = type?.kind === 'bigint' ? type : { min: MIN_INT64, max: MAX_INT64 }
    return within((old ?? 0n) + amount, min > MIN_INT64 ? min : MIN_INT64, max < MAX_INT64 ? max : MAX_INT64)
  }
  if (old !== undefined && typeof old !== 'number') return notNumber('number', old)
  const { min, max, int } =
    type?.kind === 'number' ? type : { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, int: false }
  const sum = (old ?? 0) + amount
  return within(
    sum === 0 ? 0 : sum,
    int ? Math.max(min, Number.MIN_SAFE_INTEGER) : Math.max(min, -Number.MAX_VALUE),
    int ? Math.min(max, Number.MAX_SAFE_INTEGER) : Math.min(max, Number.MAX_VALUE),
  )
}

function notNumber(wanted: string, old: Value): { readonly refused: string } {
  const found = old === null ? 'null' : `a ${typeof old}`
  return { refused: `add needs a ${wanted}, and this is ${found}; use set to give it a first value` }
}

function within<T extends number | bigint>(
  sum: T,
  min: T,
  max: T,
): { readonly value: T } | { readonly refused: string } {
  if (sum >= min && sum <= max) return { value: sum }
  // Not the sum: it would tell what is stored, which may be nobody's business.
  return { refused: `the sum is out of the field's range, ${min} to ${max}; guard the update with \`if\`` }
}
