import type { Path, Value } from '@isomodel/core/driver'

/** DynamoDB's numbers have 38 decimal digits and end before this magnitude. */
const TOO_LARGE = 1e126
const SMALLEST = 1e-130

/** Whether DynamoDB has this number. Doubles have up to 17 digits, so only the magnitude decides. */
export function fitsNumber(value: number): boolean {
  const magnitude = Math.abs(value)
  return value === 0 || (magnitude >= SMALLEST && magnitude < TOO_LARGE)
}

/** A number as DynamoDB takes it: the shortest decimal that is this double. */
export function numberText(value: number): string {
  if (!fitsNumber(value)) throw new NumberRangeError(value)
  return String(value)
}

/** A double that DynamoDB has no number for; `limits.ts` says where it is. */
export class NumberRangeError extends RangeError {
  override readonly name: string = 'NumberRangeError'
  readonly value: number

  constructor(value: number) {
    super(`${value} is no number of DynamoDB: it holds 0 and magnitudes from 1e-130 to 9.99e+125`)
    this.value = value
  }
}

/** Whether all numbers in a value fit. */
export function fitsNumbers(value: Value): boolean {
  return misfit(value) === undefined
}

/** The first number that does not fit, and where it is. */
export function misfit(value: Value, path: Path = []): { readonly path: Path; readonly value: number } | undefined {
  if (typeof value === 'number') return fitsNumber(value) ? undefined : { path, value }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array)
    return undefined
  const parts: Iterable<readonly [string | number, Value]> =
    value instanceof Set
      ? Array.from(value, (member) => ['', member] as const)
      : Array.isArray(value)
        ? value.entries()
        : Object.entries(value)
  for (const [step, part] of parts) {
    const found = misfit(part, value instanceof Set ? path : [...path, step])
    if (found !== undefined) return found
  }
  return undefined
}
