import { StoreError } from '../errors/store-error.js'

/** Runs a callback of the caller's. What it throws by itself is the caller's own fault, and no store's. */
export function calling<T>(what: string, callback: () => T): T {
  try {
    return callback()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(
      `the callback of ${what} threw: ${error instanceof Error ? error.message : String(error)}. Nothing was sent.`,
      { code: 'VALIDATION', cause: error },
    )
  }
}
