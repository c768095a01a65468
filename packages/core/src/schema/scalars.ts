import type { $ZodCheck, $ZodCustom, $ZodType } from 'zod/v4/core'
import { type Bounds, bigintBounds, numberBounds } from './bounds.js'
import type { Compiler, Handlers } from './compiler.js'
import type { Node, Take } from './node.js'
import { checker, checksOf, decode } from './refine.js'
import { LONE_SURROGATE, mismatch, thenCheck } from './take.js'
import type { EnumType, ValueType } from './type.js'

export const scalars: Handlers<
  'string' | 'template_literal' | 'number' | 'bigint' | 'boolean' | 'date' | 'null' | 'enum' | 'literal' | 'custom'
> = {
  string: (schema, node) => fill(node, { kind: 'string' }, takeString(schema), checksOf(schema)),
  template_literal: (schema, node) => {
    const text = takeString(schema)
    fill(node, { kind: 'string' }, (value, walk) => {
      const taken = text(value, walk)
      return taken === undefined ? undefined : decode(schema, taken, walk)
    })
  },
  number: (schema, node, compiler) => {
    const bounds = numberBounds(checksOf(schema))
    refuseEmpty(bounds, compiler)
    fill(
      node,
      { kind: 'number', int: bounds.int, min: bounds.min, max: bounds.max },
      takeNumber(schema, bounds),
      bounds.rest,
    )
  },
  bigint: (schema, node, compiler) => {
    const bounds = bigintBounds(checksOf(schema))
    refuseEmpty(bounds, compiler)
    fill(node, { kind: 'bigint', min: bounds.min, max: bounds.max }, takeBigint(schema, bounds), bounds.rest)
  },
  boolean: (schema, node) =>
    fill(node, { kind: 'boolean' }, (value, walk) =>
      typeof value === 'boolean' ? value : mismatch(schema, value, 'a boolean', walk),
    ),
  date: (schema, node) => fill(node, { kind: 'date' }, takeDate(schema), checksOf(schema)),
  null: (schema, node) => {
    node.nullable = true
    fill(node, { kind: 'null' }, (value, walk) => (value === null ? null : mismatch(schema, value, 'null', walk)))
  },
  enum: (schema, node, compiler) => oneOf(schema, node, compiler, [...schema._zod.values]),
  literal: (schema, node, compiler) => oneOf(schema, node, compiler, schema._zod.def.values),
  custom: (schema, node, compiler) => {
    if (!isBytes(schema)) {
      compiler.refuse(
        'is a z.custom or z.instanceof of its own, which no store knows',
        'describe how it is stored with z.codec(storedSchema, thisSchema, { decode, encode }); bytes are z.instanceof(Uint8Array)',
      )
    }
    fill(node, { kind: 'bytes' }, takeBytes(schema), schema._zod.def.checks)
  },
}

const noBytes = [undefined, null, '', 0, {}, [], new ArrayBuffer(0), new DataView(new ArrayBuffer(0))]

/**
 * Whether a custom schema is `z.instanceof(Uint8Array)`. Zod notes the class on the schema, but a copy that `refine` or
 * `brand` makes has only the predicate, which then is asked.
 */
function isBytes(schema: $ZodCustom): boolean {
  if (schema._zod.bag.Class !== undefined) return schema._zod.bag.Class === Uint8Array
  const { fn } = schema._zod.def
  try {
    return fn(new Uint8Array()) === true && noBytes.every((value) => fn(value) === false)
  } catch {
    // A predicate that expects something else of its argument.
    return false
  }
}

function fill(node: Node, type: ValueType, take: Take, checks: readonly $ZodCheck[] = []): void {
  node.type = Object.freeze(type)
  node.take = thenCheck(take, checks)
}

function takeString(schema: $ZodType): Take {
  return (value, walk) => {
    if (typeof value !== 'string') return mismatch(schema, value, 'a string', walk)
    return value.isWellFormed() ? value : walk.fail(LONE_SURROGATE)
  }
}

function takeNumber(schema: $ZodType, { min, max, int, covered }: Bounds<number> & { readonly int: boolean }): Take {
  const explain = outOfRange(covered, `expects a number from ${min} to ${max}`)
  return (value, walk) => {
    if (typeof value !== 'number') return mismatch(schema, value, 'a number', walk)
    if (!Number.isFinite(value)) {
      return walk.fail(`is ${value}, which no store can hold; give a finite number, or null where the schema allows it`)
    }
    // Adding zero turns -0 into 0: stores do not keep the difference.
    return value >= min && value <= max && (!int || Number.isInteger(value)) ? value + 0 : explain(value, walk)
  }
}

function takeBigint(schema: $ZodType, { min, max, covered }: Bounds<bigint>): Take {
  const explain = outOfRange(
    covered,
    'is beyond 64 bits, which no store can hold; keep it between -2^63 and 2^63 - 1, or store it as a string',
  )
  return (value, walk) => {
    if (typeof value !== 'bigint') return mismatch(schema, value, 'a bigint', walk)
    return value >= min && value <= max ? value : explain(value, walk)
  }
}

/** Refuses a value in Zod's words for the check that it fails, or in ours when it is the stores' limit that it passes. */
function outOfRange(covered: readonly $ZodCheck[], otherwise: string): Take {
  const check = covered.length === 0 ? undefined : checker(covered)
  return (value, walk) => {
    const before = walk.problems.length
    check?.(value, walk)
    return walk.problems.length === before ? walk.fail(otherwise) : undefined
  }
}

function refuseEmpty({ min, max }: Bounds<number> | Bounds<bigint>, compiler: Compiler): void {
  if (min > max) compiler.refuse('has bounds that no value fits', 'give it a min that is not above its max')
}

function takeDate(schema: $ZodType): Take {
  return (value, walk) => {
    if (!(value instanceof Date)) return mismatch(schema, value, 'a Date', walk)
    const time = value.getTime()
    return Number.isNaN(time) ? walk.fail('is an invalid Date; give a Date that holds a moment') : new Date(time)
  }
}

function takeBytes(schema: $ZodType): Take {
  return (value, walk) =>
    // A copy is no Buffer and shares nothing: what is checked is what is stored.
    value instanceof Uint8Array ? new Uint8Array(value) : mismatch(schema, value, 'a Uint8Array', walk)
}

const scalarKinds = ['string', 'number', 'bigint', 'boolean'] as const

/** `z.enum` and `z.literal`: null and undefined among the values become properties of the place. */
function oneOf(schema: $ZodType, node: Node, compiler: Compiler, listed: readonly unknown[]): void {
  const values = new Set(listed.map((value) => (typeof value === 'number' ? value + 0 : value)))
  node.nullable = values.delete(null)
  node.optional = values.delete(undefined)
  const types: EnumType[] = []
  for (const of of scalarKinds) {
    const members = [...values].filter((value) => typeof value === of) as (string | number | bigint | boolean)[]
    if (members.length > 0) types.push(Object.freeze({ kind: 'enum', of, values: Object.freeze(members) }))
  }
  refuseUnstorable(values, compiler)
  const options = listing(values)
  const take: Take = (value, walk) => {
    if (values.has(value)) return value === 0 ? 0 : value
    if ((value === null && node.nullable) || (value === undefined && node.optional)) return value
    return mismatch(schema, value, options, walk)
  }
  const [first] = types
  if (first === undefined && !node.nullable) compiler.refuse('has no values', 'give it at least one')
  const type: ValueType =
    first === undefined
      ? { kind: 'null' }
      : types.length === 1
        ? first
        : { kind: 'union', options: Object.freeze(types), discriminator: undefined }
  fill(node, type, take, schema._zod.def.checks)
}

const MOST_LISTED = 20

function listing(values: ReadonlySet<unknown>): string {
  const words = [...values].map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)))
  const rest = words.splice(MOST_LISTED).length
  return `${words.length > 1 ? 'one of ' : ''}${words.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}`
}

function refuseUnstorable(values: ReadonlySet<unknown>, compiler: Compiler): void {
  for (const value of values) {
    const sound =
      typeof value === 'string'
        ? value.isWellFormed()
        : typeof value === 'number'
          ? Number.isFinite(value)
          : typeof value === 'boolean' || (typeof value === 'bigint' && BigInt.asIntN(64, value) === value)
    if (!sound) {
      compiler.refuse(
        `has the value ${String(value)}, which no store can hold`,
        'use well-formed strings, finite numbers and 64-bit bigints',
      )
    }
  }
}
