import { StoreError } from '../errors/store-error.js'

/**
 * Reads what a write that was done gives back. What cannot be read then is no reason to think that it was not done: the
 * error says `committed`.
 */
export function afterCommit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { code, path, entity, key } = error
    throw new StoreError(`The write is in the store, but the entity that it gives cannot be given: ${error.detail}`, {
      code,
      outcome: 'committed',
      ...(path === undefined ? {} : { path }),
      ...(entity === undefined ? {} : { entity }),
      ...(key === undefined ? {} : { key }),
      cause: error,
    })
  }
}
