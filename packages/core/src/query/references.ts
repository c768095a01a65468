import { StoreError } from '../errors/store-error.js'
import { dynamicSlot } from '../schema/dynamic-slot.js'
import type { ObjectType, Slot, ValueType } from '../schema/type.js'
import { formatPath, type Path } from '../schema/value.js'

/** What a reference stands for; kept beside it so that no property of the reference can meet a user's field. */
interface Target {
  readonly path: Path
  readonly slot: Slot | undefined
}

const targets = new WeakMap<object, Target>()

/**
 * References to the fields of an object type. They are made when first touched, and a name that the schema does not have
 * throws an error that lists the names it has.
 */
export function references(type: ObjectType, path: Path = [], slot?: Slot): object {
  const made = new Map<string, object>()
  const proxy = new Proxy(Object.freeze(Object.create(null) as object), {
    get(_, name) {
      if (typeof name === 'symbol') return symbolOf(name)
      const known = made.get(name)
      if (known !== undefined) return known
      const field = fieldIn(type, name, path)
      const reference = referenceTo(field, [...path, name])
      made.set(name, reference)
      return reference
    },
  })
  targets.set(proxy, { path: Object.freeze([...path]), slot })
  return proxy
}

/** The path a reference stands for; refuses anything that is no reference, in words for the operator's caller. */
export function pathOf(reference: unknown, operator: string): Path {
  const target = typeof reference === 'object' && reference !== null ? targets.get(reference) : undefined
  if (target === undefined) {
    throw new StoreError(
      `${operator}(...) takes a field reference first, like o.status; it got ${describe(reference)}. References come from the callback's first argument.`,
      { code: 'VALIDATION' },
    )
  }
  return target.path
}

/** The reference to an element of a list or the value of a record's key. */
export function elementOf(reference: unknown, step: number | string): never {
  const path = pathOf(reference, 'at')
  const slot = targets.get(reference as object)?.slot
  const item = slot === undefined ? undefined : itemOf(slot.type, step)
  if (item === undefined) {
    throw new StoreError(`at(..., ${JSON.stringify(step)}) ${whyNot(slot?.type, step)}`, { code: 'VALIDATION', path })
  }
  return referenceTo(item, [...path, step]) as never
}

function whyNot(type: ValueType | undefined, step: number | string): string {
  if (type?.kind === 'tuple' && typeof step === 'number') {
    return `is beyond the tuple, which has ${type.items.length} elements from 0.`
  }
  const want = typeof step === 'number' ? 'a list' : 'a record'
  const found = type === undefined ? 'an entity' : `of kind ${type.kind}`
  return `needs ${want}; the field is ${found}. A list takes an index from 0, a record a key.`
}

function itemOf(type: ValueType, step: number | string): Slot | undefined {
  if (type.kind === 'dynamic') return dynamicSlot
  if (type.kind === 'union') return unionStep(type.options, step)
  if (typeof step === 'string') return type.kind === 'record' ? type.value : undefined
  if (!Number.isSafeInteger(step) || step < 0) return undefined
  if (type.kind === 'array') return type.item
  if (type.kind === 'tuple') return type.items[step] ?? type.rest
  return undefined
}

function unionStep(options: readonly ValueType[], step: number | string): Slot | undefined {
  for (const option of options) {
    const item = option.kind === 'object' && typeof step === 'string' ? option.fields.get(step) : itemOf(option, step)
    if (item !== undefined) return dynamicSlot
  }
  return undefined
}

function referenceTo(slot: Slot, path: Path): object {
  if (slot.type.kind === 'object') return references(slot.type, path, slot)
  const { type } = slot
  if (type.kind !== 'union' && type.kind !== 'dynamic') return leaf(slot, path)
  const proxy = new Proxy(Object.freeze(Object.create(null) as object), {
    get(_, name) {
      if (typeof name === 'symbol') return symbolOf(name)
      const found = type.kind === 'dynamic' ? dynamicSlot : unionStep(type.options, name)
      if (found === undefined) {
        throw new StoreError(`No member of the union has a field ${JSON.stringify(name)}.`, {
          code: 'VALIDATION',
          path,
        })
      }
      return referenceTo(found, [...path, name])
    },
  })
  targets.set(proxy, { path: Object.freeze([...path]), slot })
  return proxy
}

/** `o.total > 5` in untyped code: a reference stands for a field, and has no value of its own. */
function refuseValue(): never {
  throw new StoreError(
    'A field reference has no value to compare or to calculate with; use an operator, as in (o, { gt }) => gt(o.total, 5).',
    { code: 'VALIDATION' },
  )
}

const withoutValue = Object.freeze(
  Object.defineProperty(Object.create(null) as object, Symbol.toPrimitive, { value: refuseValue }),
)

function symbolOf(name: symbol): unknown {
  return name === Symbol.toPrimitive ? refuseValue : undefined
}

function leaf(slot: Slot, path: Path): object {
  const reference = Object.freeze(Object.create(withoutValue) as object)
  targets.set(reference, { path: Object.freeze([...path]), slot })
  return reference
}

function fieldIn(type: ObjectType, name: string, path: Path): Slot {
  const field = type.fields.get(name) ?? type.catchall ?? (type.unknown === 'keep' ? dynamicSlot : undefined)
  if (field !== undefined) return field
  const of = path.length === 0 ? 'the entity' : formatPath(path)
  throw new StoreError(
    `There is no field ${JSON.stringify(name)} in ${of}. Its fields are ${[...type.fields.keys()].join(', ')}.`,
    {
      code: 'VALIDATION',
    },
  )
}

function describe(value: unknown): string {
  return value === null
    ? 'null'
    : typeof value === 'object'
      ? 'an object'
      : typeof value === 'function'
        ? 'a function'
        : `a ${typeof value}`
}
