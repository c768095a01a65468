import { StoreError } from '../errors/store-error.js'

export function invalidCursor(why: string, cause?: unknown): StoreError {
  return new StoreError(`The cursor cannot be used: ${why}. Start again from the first page.`, {
    code: 'INVALID_CURSOR',
    ...(cause === undefined ? {} : { cause }),
  })
}
