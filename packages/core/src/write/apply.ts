import { stepInto, valueAt } from '../query/evaluate.js'
import { slotAt } from '../schema/slot-at.js'
import type { ObjectType } from '../schema/type.js'
import { formatPath, type Path, setOwn, type Value, type Values } from '../schema/value.js'
import { valueKind } from '../schema/value-kind.js'
import { addNumbers } from './add-numbers.js'
import type { Change } from './change.js'

/** What `applyChanges` gives: the changed entity, or the first change, in their order, that the data refuses. */
export type Applied = { readonly values: Values } | ChangeRefusal

export interface ChangeRefusal {
  readonly reason: 'INVALID_PATH' | 'INVALID_VALUE'
  readonly path: Path
  readonly message: string
}

/**
 * Applies changes to an entity and leaves the given one as it was; untouched parts are shared between the two. Every
 * change sees the old entity: list indexes are those of the old list, also where several elements are removed. Core has
 * refused overlapping paths and checked new values before.
 */
export function applyChanges(type: ObjectType, values: Values, changes: readonly Change[]): Applied {
  const edits: Edit = { below: new Map() }
  for (const change of changes) {
    const missing = missingParent(values, change)
    if (missing !== undefined) return missing
    const result = newValue(type, valueAt(values, change.path), change)
    if (result === undefined) continue
    if ('refused' in result) return { reason: 'INVALID_VALUE', path: change.path, message: result.refused }
    plant(edits, change.path, result)
  }
  return { values: rebuild(values, edits) as Values }
}

/** A tree of what to do: at its leaves a new value or a removal, keyed by the steps that lead there. */
interface Edit {
  readonly below?: Map<string | number, Edit>
  readonly result?: Result
}

type Result = { readonly value: Value } | { readonly removed: true }

function plant(root: Edit, path: Path, result: Result): void {
  let at = root
  for (const [depth, step] of path.entries()) {
    const below = at.below as Map<string | number, Edit>
    let next = below.get(step)
    if (next === undefined) {
      next = depth === path.length - 1 ? { result } : { below: new Map() }
      below.set(step, next)
    }
    at = next
  }
}

function rebuild(old: Value, edit: Edit): Value {
  const below = edit.below as ReadonlyMap<string | number, Edit>
  if (below.size === 0) return old
  return Array.isArray(old) ? rebuildList(old as readonly Value[], below) : rebuildObject(old as Values, below)
}

function rebuildList(old: readonly Value[], below: ReadonlyMap<string | number, Edit>): readonly Value[] {
  return old.flatMap((item, index) => {
    const edit = below.get(index)
    if (edit === undefined) return [item]
    if (edit.result === undefined) return [rebuild(item, edit)]
    return 'removed' in edit.result ? [] : [edit.result.value]
  })
}

function rebuildObject(old: Values, below: ReadonlyMap<string | number, Edit>): Values {
  const made: Values = {}
  for (const name of Object.keys(old)) {
    const edit = below.get(name)
    const value = old[name] as Value
    if (edit === undefined) setOwn(made, name, value)
    else if (edit.result === undefined) setOwn(made, name, rebuild(value, edit))
    else if ('value' in edit.result) setOwn(made, name, edit.result.value)
  }
  for (const [name, edit] of below) {
    if (Object.hasOwn(old, name) || edit.result === undefined || 'removed' in edit.result) continue
    setOwn(made, String(name), edit.result.value)
  }
  return made
}

function missingParent(values: Values, change: Change): ChangeRefusal | undefined {
  let parent: Value = values
  for (const [depth, step] of change.path.entries()) {
    const refuse = (message: string): ChangeRefusal => ({ reason: 'INVALID_PATH', path: change.path, message })
    const here = depth === 0 ? 'the entity' : formatPath(change.path.slice(0, depth))
    if (typeof step === 'number') {
      if (!Array.isArray(parent)) return refuse(`${here} is ${describe(parent)}, not a list; set the list as a whole`)
      if (stepInto(parent, step) === undefined) {
        return refuse(`${here} has ${parent.length} elements, so there is no [${step}]; use append to add one`)
      }
    } else if (valueKind(parent) !== 'object') {
      return refuse(`${here} is ${describe(parent)}, not an object; set the object as a whole`)
    }
    if (depth === change.path.length - 1) return undefined
    const next = stepInto(parent, step)
    if (next === undefined) {
      return refuse(`${formatPath(change.path.slice(0, depth + 1))} is absent; set it as a whole first`)
    }
    parent = next
  }
  return undefined
}

function describe(value: Value): string {
  return value === null ? 'null' : `a value of kind ${valueKind(value)}`
}

function newValue(
  type: ObjectType,
  old: Value | undefined,
  change: Change,
): Result | { readonly refused: string } | undefined {
  switch (change.op) {
    case 'set':
      return { value: change.value }
    case 'setIfAbsent':
      return old === undefined ? { value: change.value } : undefined
    case 'remove':
      return old === undefined ? undefined : { removed: true }
    case 'add':
      return addNumbers(slotAt(type, change.path)?.slot.type, old, change.value)
    case 'append':
    case 'prepend': {
      if (old !== undefined && !Array.isArray(old)) return mismatch(change.op, 'a list', old)
      const items = (old ?? []) as readonly Value[]
      return { value: change.op === 'append' ? [...items, ...change.values] : [...change.values, ...items] }
    }
    case 'addToSet':
      if (old !== undefined && !(old instanceof Set)) return mismatch(change.op, 'a set', old)
      return { value: new Set([...(old ?? []), ...change.values]) }
    case 'deleteFromSet':
      if (old === undefined) return undefined
      if (!(old instanceof Set)) return mismatch(change.op, 'a set', old)
      return { value: new Set([...old].filter((member) => !change.values.has(member))) }
  }
}

function mismatch(op: Change['op'], wanted: string, old: Value): { readonly refused: string } {
  return { refused: `${op} needs ${wanted}, and this is ${describe(old)}; use set to replace it` }
}
