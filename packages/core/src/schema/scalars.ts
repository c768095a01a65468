import { type $ZodCustom, type $ZodType, util } from 'zod/v4/core'
import { type Bounds, bigintBounds, numberBounds } from './bounds.js'
import type { Compiler, Handlers } from './compiler.js'
import type { Node, Run } from './node.js'
import { checksOf, decode, fill } from './refine.js'
import { mismatch, scalarRun, scalars } from './sound.js'
import type { EnumType, ValueType } from './type.js'
import { Walk } from './walk.js'

export const scalarHandlers: Handlers<
  'string' | 'template_literal' | 'number' | 'bigint' | 'boolean' | 'date' | 'null' | 'enum' | 'literal' | 'custom'
> = {
  string: (schema, node) => scalar(schema, node, { kind: 'string' }),
  boolean: (schema, node) => scalar(schema, node, { kind: 'boolean' }),
  date: (schema, node) => scalar(schema, node, { kind: 'date' }),
  number: (schema, node, compiler) => {
    scalar(schema, node, { kind: 'number', ...refuseEmpty(numberBounds(checksOf(schema)), compiler) })
  },
  bigint: (schema, node, compiler) => {
    scalar(schema, node, { kind: 'bigint', ...refuseEmpty(bigintBounds(checksOf(schema)), compiler) })
  },
  null: (schema, node) => {
    node.nullable = true
    scalar(schema, node, { kind: 'null' })
  },
  custom: (schema, node, compiler) => {
    if (!isBytes(schema)) {
      compiler.refuse(
        'is a z.custom or z.instanceof of its own, which no store knows',
        'say how it is stored with z.codec(stored, this, { decode, encode }); bytes are z.instanceof(Uint8Array)',
      )
    }
    scalar(schema, node, { kind: 'bytes' })
  },
  template_literal: (schema, node) => {
    node.type = { kind: 'string' }
    const text = scalarRun(schema, 'string')
    const run: Run = (value, walk) =>
      walk.chain(
        value,
        (given) => text(given, walk),
        (sound) => decode(schema, sound, walk),
      )
    fill(node, run, checksOf(schema))
  },
  enum: (schema, node, compiler) => oneOf(schema, node, compiler, util.getEnumValues(schema._zod.def.entries)),
  literal: (schema, node, compiler) => oneOf(schema, node, compiler, schema._zod.def.values),
}

function scalar(schema: $ZodType, node: Node, type: Extract<ValueType, { kind: keyof typeof scalars }>): void {
  node.type = type
  fill(node, scalarRun(schema, type.kind), checksOf(schema))
}

function refuseEmpty<B extends Bounds<number> | Bounds<bigint>>(bounds: B, compiler: Compiler): B {
  if (bounds.min > bounds.max)
    compiler.refuse('has bounds that no value fits', 'give it a min that is not above its max')
  return bounds
}

/**
 * Whether a custom schema is `z.instanceof(Uint8Array)`. Zod notes the class on the schema, but a copy that `refine` or
 * `brand` makes has only the predicate, which then is asked.
 */
function isBytes({ _zod }: $ZodCustom): boolean {
  if (_zod.bag.Class !== undefined) return _zod.bag.Class === Uint8Array
  const { fn } = _zod.def
  try {
    return fn(new Uint8Array()) === true && ['', {}, [], new ArrayBuffer(0)].every((value) => !fn(value))
  } catch {
    // A predicate that expects something else of its argument.
    return false
  }
}

const MOST_LISTED = 20

/** `z.enum` and `z.literal`: null and undefined among the values become properties of the place. */
function oneOf(schema: $ZodType, node: Node, compiler: Compiler, listed: readonly unknown[]): void {
  const values = new Set(listed.map((value) => (value === 0 ? 0 : value)))
  node.nullable = values.has(null)
  node.optional = values.has(undefined)
  const types = (['string', 'number', 'bigint', 'boolean'] as const).flatMap((of): EnumType[] => {
    const members = [...values].filter((value) => typeof value === of) as EnumType['values'][number][]
    return members.length === 0 ? [] : [{ kind: 'enum', of, values: members }]
  })
  refuseUnsound(types, compiler)
  const [first] = types
  if (first === undefined && !node.nullable) compiler.refuse('has no values', 'give it at least one')
  if (first === undefined) node.type = { kind: 'null' }
  else node.type = types.length === 1 ? first : { kind: 'union', options: types, discriminator: undefined }
  const words = listing(values)
  const run: Run = (value, walk) => {
    if (values.has(value)) return value === 0 ? 0 : value
    return mismatch(schema, value, words, walk, 'another value')
  }
  fill(node, run, checksOf(schema))
}

function refuseUnsound(types: readonly EnumType[], compiler: Compiler): void {
  const walk = new Walk('check')
  for (const { of, values } of types) for (const value of values) scalars[of].take(value as never, walk)
  const [problem] = walk.problems
  if (problem !== undefined) compiler.refuse(`has a value that ${problem.message}`, 'use another value')
}

function listing(values: ReadonlySet<unknown>): string {
  const words = [...values].map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)))
  const rest = words.splice(MOST_LISTED).length
  return `${words.length > 1 ? 'one of ' : ''}${words.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}`
}
