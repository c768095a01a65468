import { changedFields } from '../driver/changed-fields.js'
import type { Call, PutOp, Stored, UpdateOp, WriteOp, WriteOutcome } from '../driver/contract.js'
import { type Judgement, judge, outcomeOf } from '../driver/judge.js'
import { valueAt } from '../query/evaluate.js'
import { isRefined } from '../schema/refined.js'
import { slotAt } from '../schema/slot-at.js'
import { checkStoredSlot } from '../schema/validate.js'
import { getOwn, type Path, type Values } from '../schema/value.js'
import type { Change } from '../write/change.js'
import { untilFresh } from './until-fresh.js'

/**
 * The paths whose new value only the schema can judge, because a change makes it out of what is stored: a list of at most
 * five that is appended to, a multiple of ten that is added to.
 */
export function refinedPaths(op: WriteOp): readonly Path[] {
  if (op.kind !== 'update') return []
  return op.changes.flatMap((change) => {
    const path = madeBy(change)
    const slot = path === undefined ? undefined : slotAt(op.entity.type, path)?.slot
    return path !== undefined && slot !== undefined && isRefined(slot) ? [path] : []
  })
}

/** What a change makes anew without naming its whole value: a field itself, or the container that loses something. */
function madeBy({ op, path }: Change): Path | undefined {
  if (op === 'set' || op === 'setIfAbsent') return undefined
  return op === 'remove' ? path.slice(0, -1) : path
}

/** As `judge`, and by the schema's own checks where a change makes a value out of what is stored. */
export function judgeChecked(op: WriteOp, current: Stored | undefined): Judgement {
  const judgement = judge(op, current)
  if (judgement.status === 'refused' || judgement.live === undefined || judgement.next === undefined) return judgement
  for (const path of refinedPaths(op)) {
    const slot = slotAt(op.entity.type, path)?.slot
    const value = valueAt(judgement.next, path)
    const problem = slot === undefined || value === undefined ? undefined : checkStoredSlot(slot, value, path)
    if (problem === undefined) continue
    const message = `${problem.message}; that is what the change would make of it.`
    return { status: 'refused', reason: 'INVALID_VALUE', path: problem.path, message, current: judgement.live }
  }
  return judgement
}

/** An update whose result the schema must judge: read, judged here, and written if nobody was faster. */
export function checkedUpdate(
  op: UpdateOp,
  io: { readonly read: () => Promise<Stored | undefined>; readonly write: (op: WriteOp) => Promise<WriteOutcome> },
  call: Call,
): Promise<WriteOutcome> {
  return untilFresh('the entity', call, async () => {
    const judgement = judgeChecked(op, await io.read())
    if (judgement.status === 'refused') return judgement
    const { live, next } = judgement
    if (next === undefined) return outcomeOf(op, judgement)
    const outcome = await io.write(live === undefined ? creation(op, next) : replacement(op, live, next))
    return outcome.status === 'done' ? outcomeOf(op, judgement) : 'stale'
  })
}

function creation({ entity, key, token, now }: UpdateOp, values: Values): PutOp {
  return { kind: 'put', entity, key, values, token, now, guard: { exists: 'absent' }, returning: 'none' }
}

function replacement({ entity, key, token, now }: UpdateOp, live: Stored, next: Values): UpdateOp {
  const changes = [...changedFields(live.values, next)].map((name): Change => {
    const value = getOwn(next, name)
    return value === undefined ? { op: 'remove', path: [name] } : { op: 'set', path: [name], value }
  })
  const guard = { exists: 'present', token: live.token } as const
  return { kind: 'update', entity, key, changes, token, now, guard, returning: 'none' }
}
