import { dynamicSlot } from './dynamic-slot.js'
import { describe, type Node } from './node.js'
import { isObject, LONE_SURROGATE, takeInto } from './take.js'
import type { Walk } from './walk.js'

/** The node of a place that holds any portable value: what a `z.looseObject` keeps. */
export const dynamicNode: Node = {
  schema: dynamicSlot.schema,
  type: dynamicSlot.type,
  optional: true,
  nullable: true,
  defaulted: false,
  converts: false,
  below: [],
  take: takeAny,
  convert: (value) => value,
}

const PORTABLE = 'a string, number, bigint, boolean, null, Date, Uint8Array, list, Set or plain object'

function takeAny(value: unknown, walk: Walk): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.isWellFormed() ? value : walk.fail(LONE_SURROGATE)
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? value + 0
      : walk.fail(`is ${value}, which no store can hold; give a finite number or null`)
  }
  if (typeof value === 'bigint') {
    return BigInt.asIntN(64, value) === value
      ? value
      : walk.fail('is beyond 64 bits, which no store can hold; store it as a string')
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? walk.fail('is an invalid Date; give a Date that holds a moment')
      : new Date(value)
  }
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (value instanceof Set) return takeMembers(value, walk)
  if (Array.isArray(value)) return takeItems(value, walk)
  if (isPlain(value)) return takeEntries(value, walk)
  return walk.fail(`expects ${PORTABLE}, not ${describe(value)}`)
}

function takeMembers(value: ReadonlySet<unknown>, walk: Walk): unknown {
  const kinds = new Set([...value].map((member) => typeof member))
  const [kind] = kinds
  if (kinds.size > 1 || (kind !== undefined && kind !== 'string' && kind !== 'number' && kind !== 'bigint')) {
    return walk.fail('is a Set of what sets do not hold; give it strings, numbers or bigints, all of one kind')
  }
  const members = new Set<unknown>()
  for (const member of value) {
    if (walk.over) break
    members.add(takeAny(member, walk))
  }
  return members
}

function takeItems(value: readonly unknown[], walk: Walk): unknown {
  if (!walk.enter()) return undefined
  const items: unknown[] = []
  for (let at = 0; at < value.length && !walk.over; at++) {
    const before = walk.problems.length
    const item = takeAny(value[at], walk)
    if (item === undefined && walk.problems.length === before)
      walk.fail('is an absent item, and a list has no gaps; give null')
    walk.within(before, at)
    items.push(item)
  }
  walk.leave()
  return items
}

function takeEntries(value: { readonly [name: string]: unknown }, walk: Walk): unknown {
  if (!walk.enter()) return undefined
  const entries = {}
  for (const name of Object.keys(value)) {
    if (walk.over) break
    if (name.isWellFormed()) takeInto(entries, name, dynamicNode, value[name], walk)
    else walk.fail(`has a field whose name ${LONE_SURROGATE}`)
  }
  walk.leave()
  return entries
}

/** An object literal, of whatever realm, or one without a prototype: an instance of a class would not come back as one. */
function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
