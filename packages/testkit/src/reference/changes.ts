import type { Change, Path } from '@isomodel/core'
import { lookUp } from './condition.js'
import { kindOf } from './order.js'

/** What a number field can hold. */
export interface NumberRange {
  readonly kind: 'int' | 'double' | 'bigint'
  readonly min?: number | bigint
  readonly max?: number | bigint
}

/** Why the changes cannot be, and the path of the change that cannot. */
export interface ChangeFault {
  readonly fault: 'INVALID_PATH' | 'INVALID_VALUE'
  readonly path: Path
}

/** The entity after the changes, all of which see it as it was; or the first fault, in the order of the changes. */
export function changed(
  entity: object,
  changes: readonly Change[],
  rangeOf: (path: Path) => NumberRange,
): { readonly entity: object } | ChangeFault {
  const results: { readonly path: Path; readonly value: unknown }[] = []
  for (const change of changes) {
    const result = resultOf(entity, change, rangeOf)
    if (result === 'INVALID_PATH' || result === 'INVALID_VALUE') return { fault: result, path: change.path }
    if (result !== KEEP) results.push({ path: change.path, value: result })
  }
  const next = structuredClone(entity)
  // Removed elements are marked first and taken out last, so that every index means one of the old list.
  for (const { path, value } of results) place(next, path, value)
  return { entity: swept(next) as object }
}

const KEEP: unique symbol = Symbol('keep')
const GONE: unique symbol = Symbol('gone')

function resultOf(entity: object, change: Change, rangeOf: (path: Path) => NumberRange): unknown {
  const parent = lookUp(entity, change.path.slice(0, -1))
  const last = change.path.at(-1)
  if (kindOf(parent ?? null) !== (typeof last === 'number' ? 'list' : 'object')) return 'INVALID_PATH'
  if (typeof last === 'number' && last >= (parent as unknown[]).length) return 'INVALID_PATH'
  const old = lookUp(entity, change.path)
  switch (change.op) {
    case 'set':
      return wrap(change.value)
    case 'setIfAbsent':
      return old === undefined ? wrap(change.value) : KEEP
    case 'remove':
      return old === undefined ? KEEP : GONE
    case 'add':
      return sum(old, change.value, rangeOf(change.path))
    case 'append':
    case 'prepend': {
      if (old !== undefined && !Array.isArray(old)) return 'INVALID_VALUE'
      const items: readonly unknown[] = old ?? []
      return wrap(change.op === 'append' ? items.concat(change.values) : [...change.values, ...items])
    }
    case 'addToSet':
    case 'deleteFromSet': {
      if (old === undefined) return change.op === 'addToSet' ? wrap(new Set(change.values)) : KEEP
      if (!(old instanceof Set)) return 'INVALID_VALUE'
      const given: ReadonlySet<unknown> = change.values
      return wrap(change.op === 'addToSet' ? old.union(given) : old.difference(given))
    }
  }
}

/** A text can be a value, so that values travel in a box. */
function wrap(value: unknown): { readonly box: unknown } {
  return { box: value }
}

function sum(old: unknown, by: number | bigint, range: NumberRange): unknown {
  if (old === null) return 'INVALID_VALUE'
  if (range.kind === 'bigint') {
    const total = BigInt((old as bigint | undefined) ?? 0n) + BigInt(by)
    const [min, max] = [range.min ?? -(2n ** 63n), range.max ?? 2n ** 63n - 1n]
    return total >= min && total <= max ? wrap(total) : 'INVALID_VALUE'
  }
  const total = Number(old ?? 0) + Number(by)
  const edge = range.kind === 'int' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  const [min, max] = [range.min ?? -edge, range.max ?? edge]
  return total >= min && total <= max ? wrap(total === 0 ? 0 : total) : 'INVALID_VALUE'
}

function place(entity: object, path: Path, value: unknown): void {
  const parent = lookUp(entity, path.slice(0, -1)) as { [step: string | number]: unknown }
  const last = path.at(-1) as string | number
  if (value === GONE) parent[last] = GONE
  else parent[last] = structuredClone((value as { readonly box: unknown }).box)
}

/** A copy without what was marked as gone. */
function swept(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== GONE).map(swept)
  if (kindOf(value) !== 'object' || typeof value === 'symbol') return value
  return Object.fromEntries(
    Object.entries(value as object)
      .filter(([, field]) => field !== GONE)
      .map(([name, field]) => [name, swept(field)]),
  )
}
