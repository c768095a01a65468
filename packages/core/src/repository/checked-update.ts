import { changedFields } from '../driver/changed-fields.js'
import type { Call, PutOp, Stored, UpdateOp, WriteOp, WriteOutcome } from '../driver/contract.js'
import { type Judgement, judge, outcomeOf } from '../driver/judge.js'
import type { EntityModel } from '../model/model.js'
import { valueAt } from '../query/evaluate.js'
import { isRefined } from '../schema/refined.js'
import { slotAt } from '../schema/slot-at.js'
import { checkStored, checkStoredSlot, type Problem } from '../schema/validate.js'
import { getOwn, type Path, type Values } from '../schema/value.js'
import type { Change } from '../write/change.js'
import { untilFresh } from './until-fresh.js'

/** A place whose new value only the schema can judge. */
interface Judged {
  readonly path: Path
  /** It holds what changes, and is not named by the change: it is judged only if it fitted before. */
  readonly around: boolean
}

/**
 * The places that an update makes anew out of what is stored, and whose schema has checks of its own: a list of at most five
 * that is appended to, a multiple of ten that is added to, an object whose fields must agree when one of them is set.
 */
export function judgedPlaces(op: WriteOp): readonly Judged[] {
  if (op.kind !== 'update') return []
  const { type, schema } = op.entity
  const places = new Map<string, Judged>()
  const judge = (path: Path, around: boolean): void => {
    const place = path.length === 0 ? schema && { schema, type } : slotAt(type, path)?.slot
    const id = JSON.stringify(path)
    if (place !== undefined && isRefined(place) && places.get(id)?.around !== false) places.set(id, { path, around })
  }
  for (const change of op.changes) {
    const made = madeBy(change)
    if (made !== undefined && made.length > 0) judge(made, false)
    for (let depth = 0; depth < change.path.length; depth++) judge(change.path.slice(0, depth), true)
  }
  return [...places.values()]
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
  const { live, next } = judgement
  for (const { path, around } of judgedPlaces(op)) {
    const problem = problemAt(op.entity, next, path)
    if (problem === undefined || (around && problemAt(op.entity, live.values, path) !== undefined)) continue
    const message = `${problem.message}; that is what the change would make of it.`
    return { status: 'refused', reason: 'INVALID_VALUE', path: problem.path, message, current: live }
  }
  return judgement
}

function problemAt({ type, schema }: EntityModel, values: Values, path: Path): Problem | undefined {
  if (path.length === 0) return schema && checkStored(type, schema, values)
  const slot = slotAt(type, path)?.slot
  const value = valueAt(values, path)
  return slot === undefined || value === undefined ? undefined : checkStoredSlot(slot, value, path)
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
