import { isOrderable, type OrderableType, orderedKind } from './orderable.js'
import type { EnumType, ValueType } from './type.js'

/**
 * The one scalar type that several are: a union of them then is no union to the stores, has an order, and can be a key.
 * undefined when they are not of one kind.
 */
export function mergeScalars(types: readonly ValueType[]): ValueType | undefined {
  const scalars = types.filter(isOrderable)
  const [first] = scalars
  if (first === undefined || scalars.length !== types.length) return undefined
  const kind = orderedKind(first)
  if (scalars.some((type) => orderedKind(type) !== kind)) return undefined
  if (scalars.every((type) => type.kind === 'enum')) {
    const values = new Set(scalars.flatMap((type) => type.values))
    return { kind: 'enum', of: (first as EnumType).of, values: Object.freeze([...values]) }
  }
  if (kind === 'number') return { kind, int: scalars.every(isWhole), ...rangeOf<number>(scalars) }
  if (kind === 'bigint') return { kind, ...rangeOf<bigint>(scalars) }
  return { kind }
}

function isWhole(type: OrderableType): boolean {
  return type.kind === 'number' ? type.int : type.kind === 'enum' && type.values.every(Number.isSafeInteger)
}

function rangeOf<T extends number | bigint>(types: readonly OrderableType[]): { readonly min: T; readonly max: T } {
  const ends = types.flatMap((type) =>
    'min' in type ? [type.min, type.max] : 'values' in type ? type.values : [],
  ) as T[]
  ends.sort((a, b) => Number(a > b) - Number(a < b))
  return { min: ends[0] as T, max: ends.at(-1) as T }
}
