import { StoreError } from '../errors/store-error.js'
import type { Values } from '../schema/value.js'
import { throwIfAborted } from './abort.js'
import { type Backoff, fullJitter, sleep } from './backoff.js'
import type { Call, Stored, WriteOp, WriteOutcome } from './contract.js'
import { judge, outcomeOf } from './judge.js'

/** What a store does for `readModifyWrite`. */
export interface ReadModifyWrite {
  /** The entity as it is stored, expired or not; a strong read. */
  read(): Promise<Stored | undefined>
  /**
   * Replaces `expected` by `next` (undefined: deletes) with `op.token`, only if what is stored still has the expected
   * token (undefined: is still absent). False: somebody was faster and nothing was written.
   */
  swap(expected: Stored | undefined, next: Values | undefined): Promise<boolean>
}

/** How often and how fast a write is tried that others get in the way of. */
export type RewritePace = Backoff & { readonly attempts: number }

const PACE: RewritePace = { base: 4, cap: 1_000, attempts: 60 }

/**
 * One write as a read and a write guarded by the token, for what a store cannot judge or change by itself; the same
 * answers as a native write. When somebody is faster it starts again after a random wait; in the end it throws `CONFLICT`
 * (retryable; by default after 60 attempts, about half a minute). An error of `swap` passes through: whether it was written is
 * then for the token to say.
 */
export async function readModifyWrite(
  op: WriteOp,
  io: ReadModifyWrite,
  call: Call,
  pace: RewritePace = PACE,
): Promise<WriteOutcome> {
  for (let attempt = 0; attempt < pace.attempts; attempt++) {
    if (attempt > 0) {
      await sleep(fullJitter(attempt - 1, pace), call.signal)
      call.retried?.()
    }
    throwIfAborted(call.signal)
    const current = await io.read()
    const judgement = judge(op, current)
    if (judgement.status === 'refused') return judgement
    if (current === undefined && judgement.next === undefined) return outcomeOf(op, judgement)
    if (await io.swap(current, judgement.next)) return outcomeOf(op, judgement)
  }
  throw new StoreError(
    `Others changed the entity ${pace.attempts} times between reading and writing it; try again, or spread the writes ` +
      'over more entities',
    { code: 'CONFLICT', retryable: true },
  )
}
