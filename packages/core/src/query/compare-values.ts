import { compareText } from '../driver/compare-text.js'
import type { Value, Values } from '../schema/value.js'
import { valueKind } from '../schema/value-kind.js'

/**
 * Orders two values: negative, zero or positive as `a` is before, equal to or after `b`; undefined when the two have no
 * order: kinds that differ, null, lists, sets, objects. Strings by code point, numbers, bigints and dates by value, bytes
 * unsigned with a prefix first, false before true.
 */
export function compareValues(a: Value, b: Value): number | undefined {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : undefined
  if (typeof a === 'number') return typeof b === 'number' ? order(a, b) : undefined
  if (typeof a === 'bigint') return typeof b === 'bigint' ? order(a, b) : undefined
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined
  if (a instanceof Date) return b instanceof Date ? order(a.getTime(), b.getTime()) : undefined
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? compareBytes(a, b) : undefined
  return undefined
}

/** Whether two values are the same value: of one kind, lists in order, sets and objects whatever their order. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const kind = valueKind(a)
  if (kind !== valueKind(b)) return false
  if (kind === 'array') return equalLists(a as readonly Value[], b as readonly Value[])
  if (kind === 'set') return equalSets(a as ReadonlySet<unknown>, b as ReadonlySet<unknown>)
  if (kind === 'object') return equalObjects(a as Values, b as Values)
  return compareValues(a, b) === 0
}

function order<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] as number) - (b[index] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equalValues(item, b[index] as Value))
}

function equalSets(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  if (a.size !== b.size) return false
  for (const member of a) if (!b.has(member)) return false
  return true
}

function equalObjects(a: Values, b: Values): boolean {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => Object.hasOwn(b, name) && equalValues(a[name] as Value, b[name] as Value))
}
