import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { ValueType } from '@isomodel/core/driver'

/** How DynamoDB adds: the amount, and what the old value must be so that the sum is in range. */
export type Addition =
  | {
      readonly amount: AttributeValue
      readonly low: AttributeValue
      readonly high: AttributeValue
      /** Whether the sum from nothing is in range, too. */
      readonly fromNothing: boolean
    }
  | { readonly reason: string }

/** DynamoDB adds decimals of 38 digits: exact for whole numbers, and not the IEEE double for others. */
export function addition(type: ValueType, amount: number | bigint): Addition {
  const range = wholeRange(type, amount)
  if (range === undefined) return { reason: 'DynamoDB adds in decimal, so the double is added here' }
  const { low, high } = range
  const whole = BigInt(amount)
  return {
    amount: { N: String(whole) },
    low: { N: String(low - whole) },
    high: { N: String(high - whole) },
    fromNothing: whole >= low && whole <= high,
  }
}

function wholeRange(
  type: ValueType,
  amount: number | bigint,
): { readonly low: bigint; readonly high: bigint } | undefined {
  if (type.kind === 'bigint' && typeof amount === 'bigint') {
    return { low: type.min, high: type.max }
  }
  if (type.kind !== 'number' || !type.int || !Number.isSafeInteger(amount)) return undefined
  return {
    low: BigInt(Math.ceil(Math.max(type.min, Number.MIN_SAFE_INTEGER))),
    high: BigInt(Math.floor(Math.min(type.max, Number.MAX_SAFE_INTEGER))),
  }
}
