import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { checkedPath } from '../schema/check-path.js'
import { slotAt } from '../schema/slot-at.js'
import type { Slot, ValueType } from '../schema/type.js'
import { slotToStorage } from '../schema/validate.js'
import { formatPath, type Path, type Value } from '../schema/value.js'
import type { Change } from './change.js'

type Op = Change['op']
type Binders = { readonly [O in Op]: (slot: Slot, change: Extract<Change, { op: O }>, place: Place) => Change }

/** Where a change applies, for what depends on the surroundings. */
interface Place {
  readonly model: EntityModel
  readonly parent: ValueType
}

/**
 * Checks an update's changes against the model and brings their values into storage form, each by its own field's schema.
 * Key fields, overlapping paths and everything else that can be seen without the entity throw `VALIDATION`.
 */
export function bindChanges(model: EntityModel, changes: readonly Change[]): readonly Change[] {
  const bound = changes.map((change) => bindChange(model, change))
  refuseOverlaps(bound)
  return bound
}

function bindChange(model: EntityModel, change: Change): Change {
  if (typeof change !== 'object' || change === null || !Object.hasOwn(binders, change.op)) {
    throw new StoreError("An update's callback returns changes, as in (o, { set }) => [set(o.status, 'paid')].", {
      code: 'VALIDATION',
    })
  }
  const path = keyed(model, checkedPath(change.path, change.op), change.op)
  refuseLibraryFields(model, path)
  const found = path.length === 0 ? undefined : slotAt(model.type, path)
  if (found === undefined) {
    throw refused(path, `${model.name} has no such field; its fields are ${[...model.type.fields.keys()].join(', ')}`)
  }
  if (found.dynamic) {
    throw refused(path, 'the path enters a union, whose member cannot be known here; set the whole union instead')
  }
  const parent: ValueType =
    path.length === 1 ? model.type : (slotAt(model.type, path.slice(0, -1))?.slot.type ?? model.type)
  return Object.freeze(binders[change.op](found.slot, { ...change, path } as never, { model, parent }))
}

/** The path with the keys of records as their own schemas take them; what is only taken away may have any key. */
function keyed(model: EntityModel, path: Path, op: Op): Path {
  if (op === 'remove' || op === 'deleteFromSet') return path
  return path.map((step, depth) => {
    if (depth === 0) return step
    const type = slotAt(model.type, path.slice(0, depth))?.slot.type
    return type?.kind === 'record' ? (slotToStorage(type.key, step, path) as string) : step
  })
}

function refuseLibraryFields(model: EntityModel, path: Path): void {
  const name = path[0]
  const key = [...model.key.partition, ...model.key.sort]
  if (key.some((field) => field.name === name)) {
    throw refused(
      path,
      `${String(name)} is a key field and cannot be updated: create the entity under its new key and delete the old one`,
    )
  }
  if (name === model.revision || name === model.timestamps?.created || name === model.timestamps?.updated) {
    throw refused(path, `${String(name)} is kept by the library; every write sets it, so leave it out`)
  }
}

const setting = <O extends 'set' | 'setIfAbsent'>(
  slot: Slot,
  { op, path, value }: { readonly op: O; readonly path: Path; readonly value: Value },
): Change => {
  if (value === undefined) throw refused(path, `${op} takes a value; to drop an optional field use remove`)
  return { op, path, value: slotToStorage(slot, value, path) as Value }
}

const listing = <O extends 'append' | 'prepend'>(
  slot: Slot,
  { op, path, values }: { readonly op: O; readonly path: Path; readonly values: readonly Value[] },
): Change => {
  if (slot.type.kind !== 'array') throw refused(path, `${op} is for lists; the field is of kind ${slot.type.kind}`)
  if (!Array.isArray(values)) throw refused(path, `${op} takes a list of items, as in ${op}(o.field, [item])`)
  const { item } = slot.type
  return {
    op,
    path,
    values: Object.freeze(values.map((value, at) => slotToStorage(item, value, [...path, at]) as Value)),
  }
}

const membership = <O extends 'addToSet' | 'deleteFromSet'>(
  slot: Slot,
  { op, path, values }: { readonly op: O; readonly path: Path; readonly values: ReadonlySet<string | number | bigint> },
): Change => {
  if (slot.type.kind !== 'set') throw refused(path, `${op} is for z.set; the field is of kind ${slot.type.kind}`)
  if (!(values instanceof Set))
    throw refused(path, `${op} takes a Set of members, as in ${op}(o.field, new Set([member]))`)
  const { item } = slot.type
  const members = [...values].map((value) => slotToStorage(item, value, path) as string | number | bigint)
  return { op, path, values: new Set(members) }
}

const binders: Binders = {
  set: setting,
  setIfAbsent: setting,
  append: listing,
  prepend: listing,
  addToSet: membership,
  deleteFromSet: membership,
  remove: (slot, change, { parent }) => {
    if (parent.kind === 'tuple') throw refused(change.path, 'an element of a tuple cannot be removed; set the tuple')
    if (parent.kind === 'object' && (!slot.optional || slot.defaulted)) {
      throw refused(
        change.path,
        'the field is required or has a default, so every entity has it; only optional fields can be removed',
      )
    }
    return { op: 'remove', path: change.path }
  },
  add: ({ type, converts }, { op, path, value }) => {
    if (converts) {
      throw refused(path, "add would count in the codec's storage form; read the entity and set the value you mean")
    }
    if (type.kind === 'bigint') {
      if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return { op, path, value }
      throw refused(path, 'add on a bigint field takes a bigint of 64 bits, as in add(o.field, 1n)')
    }
    if (type.kind !== 'number')
      throw refused(path, `add is for number and bigint fields; this one is of kind ${type.kind}`)
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw refused(path, 'add takes a finite number, as in add(o.field, 1)')
    if (type.int && !Number.isSafeInteger(value))
      throw refused(path, `add on an integer field takes a safe integer, not ${value}`)
    return { op, path, value: value + 0 }
  },
}

function refuseOverlaps(changes: readonly Change[]): void {
  const paths = changes.map((change) => change.path)
  for (const [at, path] of paths.entries()) {
    for (const other of paths.slice(at + 1)) {
      const shorter = Math.min(path.length, other.length)
      if (path.slice(0, shorter).every((step, depth) => step === other[depth])) {
        throw refused(
          other,
          `two changes of one update meet at ${formatPath(path.slice(0, shorter))}; give each its own path, or set the whole field once`,
        )
      }
    }
  }
}

function refused(path: Path, message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'VALIDATION', path })
}
