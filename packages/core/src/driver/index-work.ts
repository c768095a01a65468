import type { EntityModel, IndexModel } from '../model/model.js'
import type { Condition } from '../query/condition.js'
import { setOwn, type Value, type Values } from '../schema/value.js'
import type { UpdateOp } from './contract.js'
import { indexText } from './key-text.js'

/** What an update of a present entity does to its entry in one index. */
export type IndexWork =
  /** No field of the index changes: the entry stays. */
  | { readonly kind: 'untouched' }
  /** The new entry can be said from the call alone; `text` undefined: the entity leaves the index. */
  | { readonly kind: 'known'; readonly text: { readonly partition: string; readonly sort: string } | undefined }
  /** It depends on stored fields that the call does not tell. */
  | { readonly kind: 'needs-read' }

/**
 * Says whether an update can keep an index right without reading first. The call tells a field when the field is in the
 * key, when the update sets or removes it, and when the guard demands one value of it: the guard is judged with the
 * write, so the field has that value whenever the write happens. (What an upsert creates is not of interest here: that
 * is `indexText` of the created entity.)
 */
export function indexWork(entity: EntityModel, index: IndexModel, op: UpdateOp): IndexWork {
  const fields = [...index.partition, ...index.sort].map((field) => field.name)
  const touched = op.changes.filter((change) => fields.includes(change.path[0] as string))
  if (touched.length === 0) return { kind: 'untouched' }

  const known: Values = {}
  const demanded = demandedValues(op.guard.condition)
  for (const name of [...new Set([...fields, ...Object.keys(op.key)])]) {
    const value = Object.hasOwn(op.key, name) ? op.key[name] : demanded.get(name)
    if (value !== undefined) setOwn(known, name, value)
  }
  const removed = new Set<string>()
  for (const { path, ...change } of touched) {
    const name = path[0] as string
    if (path.length === 1 && change.op === 'set') {
      setOwn(known, name, change.value)
      if (change.value === null) removed.add(name)
    } else if (path.length === 1 && change.op === 'remove') removed.add(name)
    else if (path.length !== 1 || change.op !== 'setIfAbsent' || !demanded.has(name)) return { kind: 'needs-read' }
  }
  if (removed.size > 0) return { kind: 'known', text: undefined }
  if (fields.some((name) => !Object.hasOwn(known, name))) return { kind: 'needs-read' }
  return { kind: 'known', text: indexText(entity, index, known) }
}

/** Top-level fields that a condition, where it holds, fixes to one value. */
function demandedValues(condition: Condition | undefined): ReadonlyMap<string, Value> {
  const demanded = new Map<string, Value>()
  const visit = (part: Condition): void => {
    if (part.op === 'and') part.conditions.forEach(visit)
    else if (part.op === 'eq' && part.path.length === 1) demanded.set(part.path[0] as string, part.value)
  }
  if (condition !== undefined) visit(condition)
  return demanded
}
