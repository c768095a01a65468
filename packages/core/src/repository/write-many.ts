import { type BatchResult, identityOf, runBatch, writeBatch } from '../driver/batch.js'
import type { BatchOp, Call } from '../driver/contract.js'
import { shownKey } from '../driver/shown-key.js'
import { BatchError, type BatchFailure } from '../errors/batch-error.js'
import type { EntityModel } from '../model/model.js'
import { refusalError } from './refusal.js'
import type { Session } from './session.js'
import { writeUnique } from './transaction.js'

/** Sends a batch of writes; throws a BatchError that names each item that is not surely in the store. */
export async function writeMany(
  session: Session,
  model: EntityModel,
  ops: readonly BatchOp[],
  call: Call,
): Promise<void> {
  if (ops.length === 0) return
  const results = await (model.uniques.length > 0
    ? writeEach(session, ops, call)
    : writeBatch(session.driver, ops, call))
  const found = await foundWritten(session, ops, results, call)
  const failures = results.flatMap((result, index): BatchFailure[] => {
    const op = ops[index] as BatchOp
    if (result.status === 'done' || found.has(op)) return []
    return [{ index, key: shownKey(model, op.key) ?? {}, error: result.error }]
  })
  const [first] = failures
  if (first === undefined) return
  const { error } = first
  throw new BatchError(
    `${failures.length} of ${ops.length} items failed, the first (item ${first.index}) with: ${error.detail} See failures for each; all others are in the store.`,
    failures,
    {
      code: error.code,
      retryable: failures.every((failure) => failure.error.retryable),
      outcome: failures.every((failure) => failure.error.outcome === 'not committed') ? 'not committed' : 'unknown',
      cause: error,
    },
  )
}

/** Writes that may take or give back unique values are transactions, one for each. */
function writeEach(session: Session, ops: readonly BatchOp[], call: Call): Promise<readonly BatchResult<undefined>[]> {
  return runBatch<BatchOp, undefined>(ops, {
    identify: identityOf,
    send: async ([op]) => {
      const outcome = await writeUnique(session, op as BatchOp, call)
      if (outcome.status === 'refused') return [{ status: 'failed', error: refusalError(outcome) }]
      return [{ status: 'done', value: undefined }]
    },
    size: 1,
    concurrency: session.driver.limits.concurrency,
    divide: false,
    signal: call.signal,
    ...(call.retried === undefined ? {} : { retried: call.retried }),
  })
}

/** Of the puts whose reply was lost, those that are in the store by their write token. */
async function foundWritten(
  session: Session,
  ops: readonly BatchOp[],
  results: readonly BatchResult<undefined>[],
  call: Call,
): Promise<ReadonlySet<BatchOp>> {
  const lost = ops.filter((op, at) => {
    const result = results[at]
    return op.kind === 'put' && result?.status === 'failed' && result.error.outcome === 'unknown'
  })
  const found = new Set<BatchOp>()
  if (lost.length === 0) return found
  try {
    const stored = await session.getMany(lost, { ...call, consistency: 'strong' })
    for (const [at, op] of lost.entries()) {
      if (stored[at]?.token !== op.token) continue
      await session.driver.confirm?.(op, call)
      found.add(op)
    }
  } catch {
    // The store cannot be asked, or one of them is not as durable as it should be, and then the next ones hardly are: their
    // outcomes stay unknown, and the error says so.
  }
  return found
}
