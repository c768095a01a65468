import { randomBytes } from 'node:crypto'
import { EngineError } from './engine-error.js'

const PREFIX = /^[a-z][a-z0-9-]{0,23}$/

/**
 * A name that no other test run uses, so that runs side by side on one server do not meet: the prefix, the time and
 * 48 random bits, 45 characters at most. It fits wherever a store wants a name: a DynamoDB table, a MongoDB database,
 * the beginning of a Redis key.
 *
 * @param prefix up to 24 of `a-z`, `0-9` and `-`, beginning with a letter
 * @throws {EngineError} `INVALID_ARGUMENT` for any other prefix
 * @example uniqueNamespace('orders') // 'orders-mg3k2x1c-q0zt6h2k1p'
 */
export function uniqueNamespace(prefix: string): string {
  if (!PREFIX.test(prefix)) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `${JSON.stringify(prefix)} cannot begin a namespace: not every store takes it in a name.`,
      `Use 1 to 24 of a-z, 0-9 and "-", beginning with a letter.`,
    )
  }
  const random = randomBytes(6).readUIntBE(0, 6).toString(36).padStart(10, '0')
  return `${prefix}-${Date.now().toString(36)}-${random}`
}
