import { StoreError } from '../errors/store-error.js'

/** Refuses a path that is none, in a condition or a change that was written by hand or came from outside. */
export function checkPath(path: unknown, op: string): void {
  const isPath = Array.isArray(path) && path.every((step) => typeof step === 'string' || Number.isSafeInteger(step))
  if (isPath) return
  throw new StoreError(`${op} has no path, a list of field names and list places such as ["lines", 0, "quantity"].`, {
    code: 'VALIDATION',
  })
}
