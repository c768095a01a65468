import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { checkedPath } from '../schema/check-path.js'
import { slotAt } from '../schema/slot-at.js'
import type { Slot, ValueType } from '../schema/type.js'
import type { Path, Value } from '../schema/value.js'
import { argumentValue } from './argument-value.js'
import type { Condition, OrderedValue } from './condition.js'
import { isLeaf } from './simplify.js'

type Op = Condition['op']
type Binders = {
  readonly [O in Op]: (model: EntityModel, condition: Extract<Condition, { op: O }>, depth: number) => Condition
}

/** Conditions inside each other; what is deeper was made by a mistake, or to harm. */
const DEEPEST = 1_000

/**
 * Checks a condition against the model and brings its values into storage form. What cannot be meant (an unknown field, a
 * comparison with another type, an order where there is none) throws `VALIDATION`, naming the field and the remedy.
 */
export function bindCondition(model: EntityModel, condition: Condition, depth = 0): Condition {
  if (depth > DEEPEST) {
    throw new StoreError(
      `The condition is more than ${DEEPEST} conditions deep. Flatten it: and, or and in take lists.`,
      {
        code: 'VALIDATION',
      },
    )
  }
  const bind = (
    binders as {
      readonly [op: string]: ((model: EntityModel, condition: never, depth: number) => Condition) | undefined
    }
  )[condition?.op]
  if (bind === undefined || !Object.hasOwn(binders, condition.op)) {
    throw new StoreError(
      `A condition is made by an operator, as in (o, { eq }) => eq(o.status, 'paid'); this is ${condition === undefined || condition === null ? String(condition) : typeof condition === 'object' ? 'an object without a known op' : `a ${typeof condition}`}.`,
      { code: 'VALIDATION' },
    )
  }
  return Object.freeze(bind(model, ownPath(condition) as never, depth + 1))
}

/** The condition with a path that its giver can no longer change. */
function ownPath(condition: Condition): Condition {
  return isLeaf(condition) ? { ...condition, path: checkedPath(condition.path, condition.op) } : condition
}

const equality = (model: EntityModel, { op, path, value }: Extract<Condition, { op: 'eq' | 'ne' }>): Condition => {
  const slot = slotOf(model, path, op)
  return { op, path, value: argumentValue(slot, value, path, op) }
}

const order = (
  model: EntityModel,
  { op, path, value }: Extract<Condition, { op: 'lt' | 'lte' | 'gt' | 'gte' }>,
): Condition => {
  const slot = orderedSlot(model, path, op)
  return { op, path, value: argumentValue(slot, value, path, op) as OrderedValue }
}

const presence = (model: EntityModel, { op, path }: Extract<Condition, { op: 'exists' | 'notExists' }>): Condition => {
  slotOf(model, path, op)
  return { op, path }
}

const group = (
  model: EntityModel,
  { op, conditions }: Extract<Condition, { op: 'and' | 'or' }>,
  depth: number,
): Condition => {
  if (!Array.isArray(conditions)) {
    throw new StoreError(`${op} takes conditions, as in ${op}(eq(o.a, 1), eq(o.b, 2)).`, { code: 'VALIDATION' })
  }
  return { op, conditions: Object.freeze(conditions.map((each) => bindCondition(model, each, depth))) }
}

const binders: Binders = {
  eq: equality,
  ne: equality,
  lt: order,
  lte: order,
  gt: order,
  gte: order,
  between: (model, { op, path, low, high }) => {
    const slot = orderedSlot(model, path, op)
    return {
      op,
      path,
      low: argumentValue(slot, low, path, op) as OrderedValue,
      high: argumentValue(slot, high, path, op) as OrderedValue,
    }
  },
  in: (model, { op, path, values }) => {
    const slot = slotOf(model, path, op)
    if (!Array.isArray(values)) throw refused(path, "in takes a list of values, as in in(o.status, ['placed', 'paid'])")
    return { op, path, values: Object.freeze(values.map((value) => argumentValue(slot, value, path, op))) }
  },
  beginsWith: (model, { op, path, value }) => {
    const slot = slotOf(model, path, op)
    if (!couldBe(slot.type, (type) => type.kind === 'string' || (type.kind === 'enum' && type.of === 'string'))) {
      throw refused(path, `beginsWith is for strings; the field is of kind ${slot.type.kind}`)
    }
    return { op, path, value: prefix(value, path) }
  },
  contains: (model, { op, path, value }) => {
    const slot = slotOf(model, path, op)
    return { op, path, value: member(slot, value, path) }
  },
  exists: presence,
  notExists: presence,
  and: group,
  or: group,
  not: (model, { op, condition }, depth) => ({ op, condition: bindCondition(model, condition, depth) }),
}

function prefix(value: unknown, path: Path): string {
  if (typeof value !== 'string') throw refused(path, `beginsWith takes a string as the prefix, not ${typeof value}`)
  if (!value.isWellFormed())
    throw refused(path, 'the prefix holds a lone surrogate, which no store can hold; use well-formed Unicode')
  return value
}

function member(slot: Slot, value: unknown, path: Path): Value {
  const { type } = slot
  switch (type.kind) {
    case 'string':
    case 'enum':
      return prefix(value, path)
    case 'array':
      return argumentValue(type.item, value, path, 'contains')
    case 'set':
      return argumentValue(
        { ...slot, type: setMember(type.of), nullable: false, converts: false },
        value,
        path,
        'contains',
      )
    case 'union':
    case 'dynamic':
    case 'tuple':
      return argumentValue({ ...slot, type: { kind: 'dynamic' }, converts: false }, value, path, 'contains')
    default:
      throw refused(path, `contains is for strings, lists and sets; the field is of kind ${type.kind}`)
  }
}

function setMember(of: 'string' | 'number' | 'bigint'): ValueType {
  if (of === 'string') return { kind: 'string' }
  if (of === 'number') return { kind: 'number', int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE }
  return { kind: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n }
}

function slotOf(model: EntityModel, path: Path, op: string): Slot {
  const found = path.length === 0 ? undefined : slotAt(model.type, path)
  if (found !== undefined) return found.slot
  const fields = [...model.type.fields.keys()].join(', ')
  throw refused(path, `${op} names a field that ${model.name} does not have; its fields are ${fields}`)
}

const ordered: { readonly [K in ValueType['kind']]: boolean } = {
  string: true,
  number: true,
  bigint: true,
  boolean: true,
  date: true,
  bytes: true,
  enum: true,
  dynamic: true,
  union: true,
  null: false,
  object: false,
  record: false,
  array: false,
  tuple: false,
  set: false,
}

function orderedSlot(model: EntityModel, path: Path, op: string): Slot {
  const slot = slotOf(model, path, op)
  if (ordered[slot.type.kind]) return slot
  throw refused(
    path,
    `${op} needs a field that has an order (string, number, bigint, boolean, Date, bytes); it is of kind ${slot.type.kind}`,
  )
}

function couldBe(type: ValueType, test: (type: ValueType) => boolean): boolean {
  if (type.kind === 'dynamic') return true
  return type.kind === 'union' ? type.options.some((option) => couldBe(option, test)) : test(type)
}

function refused(path: Path, message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'VALIDATION', path })
}
