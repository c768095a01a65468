import { isOrderable, orderedKind } from './orderable.js'
import type { BigintType, EnumType, NumberType, ValueType } from './type.js'

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
    return Object.freeze({ kind: 'enum', of: (first as EnumType).of, values: Object.freeze([...values]) })
  }
  if (kind === 'number') return mergeNumbers(scalars as readonly (NumberType | EnumType)[])
  if (kind === 'bigint') return mergeBigints(scalars as readonly (BigintType | EnumType)[])
  return Object.freeze({ kind })
}

function mergeNumbers(types: readonly (NumberType | EnumType)[]): NumberType {
  const ranges = types.map((type) => {
    if (type.kind === 'number') return type
    const values = type.values.map(Number)
    return { int: values.every(Number.isSafeInteger), min: Math.min(...values), max: Math.max(...values) }
  })
  return Object.freeze({
    kind: 'number',
    int: ranges.every((range) => range.int),
    min: Math.min(...ranges.map((range) => range.min)),
    max: Math.max(...ranges.map((range) => range.max)),
  })
}

function mergeBigints(types: readonly (BigintType | EnumType)[]): BigintType {
  const ends = types.flatMap((type) => (type.kind === 'bigint' ? [type.min, type.max] : type.values.map(BigInt)))
  ends.sort((a, b) => Number(a > b) - Number(a < b))
  const [least = 0n] = ends
  return Object.freeze({ kind: 'bigint', min: least, max: ends.at(-1) ?? least })
}
