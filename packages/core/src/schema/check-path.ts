import { StoreError } from '../errors/store-error.js'
import type { Path } from './value.js'

/**
 * A path of its own, that its giver can no longer change, out of one in a condition or a change that was written by hand or
 * came from outside.
 *
 * @throws StoreError `VALIDATION` for what is no path.
 */
export function checkedPath(path: unknown, op: string): Path {
  const steps: readonly unknown[] = Array.isArray(path) ? [...path] : []
  if (Array.isArray(path) && steps.every(isStep)) return Object.freeze(steps)
  throw new StoreError(
    `${op} has no path, a list of field names and list places from 0 such as ["lines", 0, "quantity"].`,
    { code: 'VALIDATION' },
  )
}

function isStep(step: unknown): step is string | number {
  return typeof step === 'string' || (Number.isSafeInteger(step) && (step as number) >= 0)
}
