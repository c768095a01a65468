import type { Call, FoundWrite, Stored, WriteOp, WriteOutcome } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { Session } from './session.js'

/**
 * Settles a write whose reply was lost by reading the write token: the write is in the store when the entity carries its
 * token. An entity that shows another token (or is gone) proves nothing, as others may have written since or the request
 * may still arrive: the outcome then stays unknown, and the error says so.
 */
export async function settle(session: Session, op: WriteOp, call: Call, lost: StoreError): Promise<WriteOutcome> {
  if (op.kind === 'delete') throw lost
  const stored = await readBack(session, op, call, lost)
  if (stored?.token !== op.token) throw lost
  await confirm(session, op, call, lost)
  if (op.returning === 'old') {
    throw new StoreError('The write is in the store, but its reply, and with it the old entity, was lost on the way.', {
      code: lost.code,
      outcome: 'committed',
      cause: lost,
    })
  }
  return { status: 'done', new: stored }
}

async function readBack(session: Session, op: WriteOp, call: Call, lost: StoreError): Promise<Stored | undefined> {
  try {
    const [stored] = await session.getMany([{ entity: op.entity, key: op.key }], { ...call, consistency: 'strong' })
    return stored
  } catch {
    // The store cannot be asked either: what is known is what the write's own error says.
    throw lost
  }
}

/** Makes sure that a write which was found again will stay; throws `lost` where that cannot be had. */
export async function confirm(session: Session, write: FoundWrite, call: Call, lost: StoreError): Promise<void> {
  await session.driver.confirm?.(write, call).catch(() => {
    throw lost
  })
}

/** Whether a write may be in the store or not, and its caller still waits to know. */
export function isUnsettled(error: unknown, { signal }: Call): error is StoreError {
  return (
    error instanceof StoreError &&
    error.outcome === 'unknown' &&
    (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT') &&
    signal?.aborted !== true
  )
}
