import type { $ZodType } from 'zod/v4/core'
import type { Run } from './node.js'
import { decode } from './refine.js'
import type { Value } from './value.js'
import { valueKind } from './value-kind.js'
import type { Walk } from './walk.js'

export type ScalarKind = 'string' | 'number' | 'bigint' | 'boolean' | 'null' | 'date' | 'bytes'

interface Scalar {
  readonly words: string
  /** A value of the kind as every store can hold it: a copy, where it could change. */
  readonly take: (value: never, walk: Walk) => Value | undefined
}

export const scalars: { readonly [K in ScalarKind]: Scalar } = {
  string: {
    words: 'a string',
    take: (value: string, walk) =>
      value.isWellFormed()
        ? value
        : walk.fail(
            'holds a lone surrogate, which no store can hold; use well-formed Unicode, as text.toWellFormed() gives',
          ),
  },
  number: {
    words: 'a number',
    take: (value: number, walk) =>
      // Adding zero turns -0 into 0: stores do not keep the difference.
      Number.isFinite(value)
        ? value + 0
        : walk.fail(`is ${value}, which no store can hold; give a finite number, or null`),
  },
  bigint: {
    words: 'a bigint',
    take: (value: bigint, walk) =>
      BigInt.asIntN(64, value) === value
        ? value
        : walk.fail('is beyond 64 bits, which no store can hold; store it as a string'),
  },
  boolean: { words: 'a boolean', take: (value: boolean) => value },
  null: { words: 'null', take: (value: null) => value },
  date: {
    words: 'a Date',
    take: (value: Date, walk) =>
      Number.isNaN(value.getTime()) ? walk.fail('is an invalid Date; give one that holds a moment') : new Date(value),
  },
  bytes: { words: 'a Uint8Array', take: (value: Uint8Array) => new Uint8Array(value) },
}

export function scalarRun(schema: $ZodType, kind: ScalarKind): Run {
  const { words, take } = scalars[kind]
  return (value, walk) =>
    valueKind(value as Value) === kind ? take(value as never, walk) : mismatch(schema, value, words, walk)
}

/** Says that a value is of another kind, in the words of the schema's author where there are such. */
export function mismatch(
  schema: $ZodType,
  value: unknown,
  expected: string,
  walk: Walk,
  got: string = describe(value),
): undefined {
  if (schema._zod.def.error !== undefined) {
    const before = walk.problems.length
    decode(schema, value, walk)
    if (walk.problems.length !== before) return undefined
  }
  return walk.fail(value === undefined ? `is required; give ${expected}` : `expects ${expected}, not ${got}`)
}

/** What a value is, in words. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'a list'
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object'
}
