import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  type Change,
  formatPath,
  indexWork,
  type Path,
  slotAt,
  type UpdateOp,
  type ValueType,
} from '@isomodel/core/driver'
import { addition } from './addition.js'
import { Clauses } from './clauses.js'
import { membersOnly } from './codec.js'
import type { Placeholders } from './expression.js'
import { anyOf } from './guard.js'
import { type EntityLayout, encodeAt, type IndexLayout, ttlSeconds } from './layout.js'
import { checkIndexKey, fitsLists } from './limits.js'
import { TOKEN, TTL } from './names.js'

/** An update that is being written in DynamoDB's words. */
export interface Draft {
  readonly layout: EntityLayout
  readonly op: UpdateOp
  readonly placeholders: Placeholders
  readonly clauses: Clauses
  /** What the changes ask of a present entity, so that DynamoDB refuses what `judge` refuses. */
  readonly demands: Set<string>
}

/** Why something cannot be said natively; undefined when it was. */
export type Reason = string | undefined

export function draft(layout: EntityLayout, op: UpdateOp, placeholders: Placeholders): Draft {
  return { layout, op, placeholders, clauses: new Clauses(), demands: new Set() }
}

/** Writes the changes of a present entity, its index entries, its expiry and its token. */
export function writeUpdate(update: Draft): Reason {
  const { layout, op, placeholders, clauses } = update
  clauses.set(placeholders.name(TOKEN), placeholders.value({ S: op.token }))
  const mixed = mixedList(op.changes)
  if (mixed !== undefined) return mixed
  for (const change of lastElementsFirst(op.changes)) {
    const reason = writeChange(update, change) ?? writeExpiry(update, change)
    if (reason !== undefined) return reason
  }
  for (const index of layout.indexes) {
    const reason = writeIndex(update, index)
    if (reason !== undefined) return reason
  }
  return undefined
}

function writeChange(update: Draft, change: Change): Reason {
  const { layout, placeholders, clauses, demands } = update
  const place = slotAt(layout.entity.type, change.path)
  if (place === undefined || place.dynamic)
    return `${formatPath(change.path)} lies in a value without a type of its own`
  if (!fitsLists(change.path)) return `${formatPath(change.path)} is an element that no list of DynamoDB has`
  const at = placeholders.path(layout.codec.wirePath(change.path))
  const { type } = place.slot
  const wire = (value: Parameters<typeof encodeAt>[2]): AttributeValue => encodeAt(layout, change.path, value)
  const operand = (value: AttributeValue): string => placeholders.value(value)
  demandPlace(update, change.path)

  switch (change.op) {
    case 'set':
      clauses.set(at, operand(wire(change.value)))
      return undefined
    case 'setIfAbsent':
      clauses.set(at, `if_not_exists(${at}, ${operand(wire(change.value))})`)
      return undefined
    case 'remove':
      clauses.remove(at)
      return undefined
    case 'add': {
      const sum = addition(type, change.value)
      if ('reason' in sum) return `${formatPath(change.path)}: ${sum.reason}`
      const bounds = `${at} >= ${operand(sum.low)} AND ${at} <= ${operand(sum.high)}`
      const start = sum.fromNothing ? `if_not_exists(${at}, ${operand({ N: '0' })})` : at
      demands.add(sum.fromNothing ? absentOr(at, bounds) : bounds)
      clauses.set(at, `${start} + ${operand(sum.amount)}`)
      return undefined
    }
    case 'append':
    case 'prepend': {
      if (type.kind !== 'array') return `${formatPath(change.path)} is no plain list`
      const given = operand(wire(change.values))
      const old = `if_not_exists(${at}, ${operand({ L: [] })})`
      demands.add(absentOr(at, isOfType(at, 'L', placeholders)))
      clauses.set(at, change.op === 'append' ? `list_append(${old}, ${given})` : `list_append(${given}, ${old})`)
      return undefined
    }
    case 'addToSet':
    case 'deleteFromSet': {
      if (type.kind !== 'set') return `${formatPath(change.path)} is no plain set`
      if (change.path.length > 1)
        return `${formatPath(change.path)}: DynamoDB changes sets in place only as whole fields`
      const set = wire(change.values)
      demands.add(absentOr(at, isOfType(at, setType(type), placeholders)))
      // The set travels with the member that keeps it there: adding it makes an empty set, deleting must spare it.
      if (change.op === 'addToSet') clauses.add(at, operand(set))
      else if (change.values.size > 0) clauses.delete(at, operand(membersOnly(set)))
      return undefined
    }
  }
}

function setType(type: ValueType & { readonly kind: 'set' }): 'SS' | 'NS' {
  return type.of === 'string' ? 'SS' : 'NS'
}

/** A path below the top needs its parent; DynamoDB would fail on a missing one, and append beyond a list's end. */
function demandPlace({ layout, placeholders, demands }: Draft, path: Path): void {
  if (path.length === 1) return
  const wire = layout.codec.wirePath(path)
  if (typeof path.at(-1) === 'number') demands.add(`attribute_exists(${placeholders.path(wire)})`)
  else demands.add(isOfType(placeholders.path(wire.slice(0, -1)), 'M', placeholders))
}

function absentOr(at: string, demand: string): string {
  return anyOf([`attribute_not_exists(${at})`, demand])
}

function isOfType(at: string, type: string, placeholders: Placeholders): string {
  return `attribute_type(${at}, ${placeholders.constant(type)})`
}

/** The TTL attribute follows the ttl field. */
function writeExpiry({ layout, placeholders, clauses }: Draft, change: Change): Reason {
  const { ttl } = layout.entity
  if (ttl === undefined || change.path[0] !== ttl) return undefined
  const attribute = placeholders.name(TTL)
  if (change.op === 'remove') clauses.remove(attribute)
  else if (change.op === 'set') {
    const seconds = ttlSeconds(layout.entity, { [ttl]: change.value })
    if (seconds === undefined) clauses.remove(attribute)
    else clauses.set(attribute, placeholders.value(seconds))
  } else return `${ttl} is the expiry, and whether it changes depends on what is stored`
  return undefined
}

function writeIndex({ layout, op, placeholders, clauses }: Draft, at: IndexLayout): Reason {
  const work = indexWork(layout.entity, at.index, op)
  switch (work.kind) {
    case 'untouched':
      return undefined
    case 'needs-read':
      return `index ${at.index.name} is made of fields that are neither in the key nor in the call`
    case 'known':
      if (work.text !== undefined) checkIndexKey(at.index, work.text)
      for (const [attribute, text] of indexAttributes(at, work.text)) {
        if (text === undefined) clauses.remove(placeholders.name(attribute))
        else clauses.set(placeholders.name(attribute), placeholders.value({ S: text }))
      }
      return undefined
  }
}

/** The attributes of an entity's place in an index; a local index lies in the partition of the key. */
export function indexAttributes(
  { index, partition, sort }: IndexLayout,
  text: { readonly partition: string; readonly sort: string } | undefined,
): readonly (readonly [attribute: string, text: string | undefined])[] {
  const own = [sort, text?.sort] as const
  return index.scope === 'local' ? [own] : [[partition, text?.partition] as const, own]
}

/**
 * DynamoDB does not say how the removal of an element and another change in its list go together.
 */
function mixedList(changes: readonly Change[]): Reason {
  for (const removal of changes) {
    if (!removesElement(removal)) continue
    const list = removal.path.slice(0, -1)
    const other = changes.find(
      (change) =>
        list.every((step, depth) => change.path[depth] === step) &&
        !(removesElement(change) && change.path.length === removal.path.length),
    )
    if (other !== undefined) {
      return `${formatPath(list)} loses elements and changes otherwise at once, which DynamoDB leaves undefined`
    }
  }
  return undefined
}

function removesElement(change: Change): boolean {
  return change.op === 'remove' && typeof change.path.at(-1) === 'number'
}

/** Removals of a list from its end, so that it does not matter whether an engine counts by the old list or the new. */
function lastElementsFirst(changes: readonly Change[]): readonly Change[] {
  const rank = (change: Change): number => (removesElement(change) ? Number(change.path.at(-1)) : -1)
  return changes.toSorted((a, b) => rank(b) - rank(a))
}
