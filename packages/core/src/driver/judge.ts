import type { EntityModel } from '../model/model.js'
import { evaluate } from '../query/evaluate.js'
import { getOwn, type Values } from '../schema/value.js'
import { applyChanges } from '../write/apply.js'
import type { Guard, Refusal, Stored, WriteOp, WriteOutcome } from './contract.js'

/** What a write does to an entity, or why it does nothing. */
export type Judgement =
  | {
      readonly status: 'done'
      /** The live entity before the write. */
      readonly live: Stored | undefined
      /** The whole entity after it; undefined when the write deletes. */
      readonly next: Values | undefined
    }
  | Refusal

/** Whether an entity is past its ttl at a moment (ms): gone when ttl <= now; a null or absent ttl never expires. */
export function isExpired(entity: EntityModel, values: Values, now: number): boolean {
  if (entity.ttl === undefined) return false
  const ttl = getOwn(values, entity.ttl)
  return ttl instanceof Date && ttl.getTime() <= now
}

/**
 * Decides a write on what is stored (expired or not); the reference meaning of every write on every store. Refusals come
 * in this order: absent or exists, revision, condition, then what the changes meet in the data. A guarding token means
 * that the entity must be there. A refusal carries the live entity that it was judged on.
 */
export function judge(op: WriteOp, current: Stored | undefined): Judgement {
  const live = liveOf(op, current)
  const refused = judgeGuard(op.guard, live)
  if (refused !== undefined) return refused
  switch (op.kind) {
    case 'put':
      return { status: 'done', live, next: op.values }
    case 'delete':
      return { status: 'done', live, next: undefined }
    case 'update': {
      if (live === undefined) {
        if (op.orCreate === undefined) return refuse('NOT_FOUND', live)
        return { status: 'done', live, next: op.orCreate }
      }
      const applied = applyChanges(op.entity.type, live.values, op.changes)
      if ('values' in applied) return { status: 'done', live, next: applied.values }
      return { status: 'refused', ...applied, current: live }
    }
  }
}

/** The outcome of a judged write, carrying what `op.returning` asks for. */
export function outcomeOf(op: WriteOp, judgement: Judgement): WriteOutcome {
  if (judgement.status === 'refused') return judgement
  const { live, next } = judgement
  if (op.returning === 'old' && live !== undefined) return { status: 'done', old: live }
  if (op.returning === 'new' && next !== undefined) return { status: 'done', new: { values: next, token: op.token } }
  return { status: 'done' }
}

/** What is stored, unless it has expired. */
export function liveOf(
  { entity, now }: { readonly entity: EntityModel; readonly now: number },
  current: Stored | undefined,
): Stored | undefined {
  return current !== undefined && !isExpired(entity, current.values, now) ? current : undefined
}

/** Why a guard refuses the live entity (undefined: there is none); undefined when it does not. */
export function judgeGuard(guard: Guard, live: Stored | undefined): Refusal | undefined {
  if (live === undefined) {
    return guard.exists === 'present' || guard.token !== undefined ? refuse('NOT_FOUND', live) : undefined
  }
  if (guard.exists === 'absent') return refuse('ALREADY_EXISTS', live)
  if (guard.token !== undefined && guard.token !== live.token) return refuse('REVISION_MISMATCH', live)
  if (guard.condition !== undefined && !evaluate(guard.condition, live.values)) return refuse('CONDITION_FAILED', live)
  return undefined
}

function refuse(reason: Refusal['reason'], current: Stored | undefined): Refusal {
  return current === undefined ? { status: 'refused', reason } : { status: 'refused', reason, current }
}
