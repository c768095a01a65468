import type { EntityModel } from '../model/model.js'
import { toBase64Url } from '../schema/base64url.js'
import type { Canonical } from '../schema/canonical.js'
import { canonical } from '../schema/canonical.js'
import type { Values } from '../schema/value.js'
import { libraryEntity, moment, text } from './library-entity.js'
import type { TransactionOp } from './transaction-items.js'

/** How long a token is remembered. */
const LIFETIME = 86_400_000

/**
 * The library's own entity: a transaction that was given a token leaves one beside what it writes, in the same commit, so
 * that it is there exactly when they are.
 */
export const transactionRecord: EntityModel = libraryEntity(
  'isomodel_transaction',
  'token',
  { fingerprint: text, expiresAt: moment },
  { ttl: 'expiresAt', sensitive: ['token'] },
)

export function recordOf(token: string, fingerprint: string, now: number): Values {
  return { token, fingerprint, expiresAt: new Date(now + LIFETIME) }
}

/** The same for the same writes; timestamps and write tokens, which are new each time, aside. */
export async function fingerprintOf(ops: readonly TransactionOp[]): Promise<string> {
  const said = new TextEncoder().encode(canonical(ops.map(contentOf)))
  return toBase64Url([], new Uint8Array(await crypto.subtle.digest('SHA-256', said)))
}

function contentOf({ kind, entity, key, guard, ...op }: TransactionOp): Canonical {
  const { created, updated } = entity.timestamps ?? {}
  const isStamp = (name: unknown): boolean => name !== undefined && (name === created || name === updated)
  const lasting = (values: Values | undefined): Canonical =>
    values && Object.fromEntries(Object.entries(values).filter(([name]) => !isStamp(name)))
  return [
    kind,
    entity.name,
    key,
    [guard.exists, guard.token, guard.condition],
    'values' in op ? lasting(op.values) : undefined,
    'changes' in op ? op.changes.filter(({ path }) => !isStamp(path[0])) : undefined,
    'orCreate' in op ? lasting(op.orCreate) : undefined,
  ]
}
