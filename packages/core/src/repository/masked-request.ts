import type { WriteOp } from '../driver/contract.js'
import type { EntityModel } from '../model/model.js'
import type { Condition, OrderedValue } from '../query/condition.js'
import { type LeafCondition, mapCondition } from '../query/simplify.js'
import { slotAt } from '../schema/slot-at.js'
import { type Path, setOwn, type Value, type Values } from '../schema/value.js'
import { type ValueKind, valueKind } from '../schema/value-kind.js'
import type { Change } from '../write/change.js'

const REDACTED = '[redacted]'

/**
 * What `explain` shows in the place of a sensitive value: of its kind, since a driver encodes it. Containers keep one member,
 * where they have any: a plan may depend on that.
 */
const MASKS: { readonly [K in ValueKind]: (value: never) => Value } = {
  string: () => REDACTED,
  number: () => 0,
  bigint: () => 0n,
  boolean: () => false,
  null: () => null,
  date: () => new Date(0),
  bytes: () => new Uint8Array(),
  set: (members: ReadonlySet<string | number | bigint>) => new Set([...members].slice(0, 1).map(mask)),
  array: (items: readonly Value[]) => items.slice(0, 1).map(mask),
  object: () => ({}),
}

function mask<V extends Value>(value: V): V {
  return MASKS[valueKind(value)](value as never) as V
}

/** The fields of an entity, of its key or of a partition, the sensitive ones masked. */
export function maskedValues({ sensitive }: EntityModel, values: Values): Values {
  const masked = {}
  for (const [name, value] of Object.entries(values)) setOwn(masked, name, sensitive.has(name) ? mask(value) : value)
  return masked
}

/** A write as `explain` may show it. */
export function maskedOp<Op extends WriteOp>(op: Op): Op {
  const { entity, guard } = op
  return {
    ...op,
    key: maskedValues(entity, op.key),
    ...(guard.condition === undefined
      ? {}
      : { guard: { ...guard, condition: maskedCondition(entity, guard.condition) } }),
    ...(op.kind === 'put' ? { values: maskedValues(entity, op.values) } : {}),
    ...(op.kind === 'update' ? { changes: op.changes.map((change) => maskedChange(entity, change)) } : {}),
    ...(op.kind === 'update' && op.orCreate !== undefined ? { orCreate: maskedValues(entity, op.orCreate) } : {}),
  }
}

interface Planned {
  readonly access: string
  readonly request: unknown
}

/** The request of a plan as `explain` may show it: that of the masked query, unless masks make it another query. */
export function maskedRequest(plan: Planned, masked: Planned): unknown {
  return plan.access === masked.access ? masked.request : REDACTED
}

/** A condition as `explain` may show it. */
export function maskedCondition(entity: EntityModel, condition: Condition): Condition {
  return mapCondition(condition, (leaf) => (isSensitive(entity, leaf.path) ? maskedLeaf(entity, leaf) : leaf))
}

function maskedLeaf(entity: EntityModel, leaf: LeafCondition): LeafCondition {
  const path = maskedPath(entity, leaf.path)
  switch (leaf.op) {
    case 'exists':
    case 'notExists':
      return { ...leaf, path }
    case 'between':
      return { ...leaf, path, low: mask<OrderedValue>(leaf.low), high: mask<OrderedValue>(leaf.high) }
    case 'in':
      return { ...leaf, path, values: leaf.values.map(mask) }
    case 'beginsWith':
      return { ...leaf, path, value: REDACTED }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { ...leaf, path, value: mask<OrderedValue>(leaf.value) }
    case 'eq':
    case 'ne':
    case 'contains':
      return { ...leaf, path, value: mask(leaf.value) }
  }
}

function maskedChange(entity: EntityModel, change: Change): Change {
  if (!isSensitive(entity, change.path)) return change
  const path = maskedPath(entity, change.path)
  switch (change.op) {
    case 'set':
    case 'setIfAbsent':
      return { ...change, path, value: mask(change.value) }
    case 'remove':
      return { ...change, path }
    case 'add':
      return { ...change, path, value: mask<number | bigint>(change.value) }
    case 'append':
    case 'prepend':
      return { ...change, path, values: mask(change.values) }
    case 'addToSet':
    case 'deleteFromSet':
      return { ...change, path, values: mask(change.values) }
  }
}

const isSensitive = ({ sensitive }: EntityModel, path: Path): boolean => sensitive.has(String(path[0]))

/** The keys of a record are values, too; the names that a schema declares are not. */
function maskedPath({ type }: EntityModel, path: Path): Path {
  const masked: (string | number)[] = []
  for (const step of path) {
    const isKey = masked.length > 0 && typeof step === 'string' && slotAt(type, [...masked, REDACTED]) !== undefined
    masked.push(isKey ? REDACTED : step)
  }
  return masked
}
