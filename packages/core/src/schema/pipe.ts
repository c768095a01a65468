import { $ZodTransform, type $ZodType } from 'zod/v4/core'
import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import type { Node, Take } from './node.js'
import { checksOf, decode, encode } from './refine.js'
import { mismatch, thenCheck } from './take.js'
import type { Walk } from './walk.js'

type Pipe = SchemaOf<'pipe'>

export const pipes: Handlers<'pipe'> = {
  pipe: (schema, node, compiler) => {
    const { in: from, out: to, transform, reverseTransform } = schema._zod.def
    if (from._zod.def.type === 'transform') {
      compiler.refuse(
        'is a z.preprocess, which only parses',
        'prepare the value before the call, or use z.codec with both directions',
      )
    }
    if (to._zod.def.type === 'transform') {
      compiler.refuse(
        'is a one-way transform: what it gives cannot be stored and come back',
        'use z.codec with both directions',
      )
    }
    if (transform === undefined || reverseTransform === undefined) plainPipe(schema, node, compiler)
    else
      codec(
        schema,
        node,
        compiler,
        new $ZodTransform({ type: 'transform', transform }),
        new $ZodTransform({ type: 'transform', transform: reverseTransform }),
      )
  },
}

/** `a.pipe(b)`: a value that fits both; what is stored is what either converts it to. */
function plainPipe(schema: Pipe, node: Node, compiler: Compiler): void {
  const { in: from, out: to } = schema._zod.def
  const output = compiler.inner(node, to)
  const { type } = from._zod.def
  const input = type === 'any' || type === 'unknown' ? undefined : compiler.inner(node, from)
  Object.assign(node, {
    type: (input ?? output).type,
    optional: output.optional,
    nullable: output.nullable,
    defaulted: output.defaulted,
  })
  const take: Take = (value, walk) => {
    const taken = output.take(value, walk)
    return input === undefined || node.converts || taken === undefined || taken === null
      ? taken
      : input.take(taken, walk)
  }
  node.take = thenCheck(take, checksOf(schema))
  node.convert = (value, form, walk) => {
    if (form === 'storage') {
      const stored = output.converts ? output.convert(value, form, walk) : value
      return input?.converts ? input.convert(stored, form, walk) : stored
    }
    const made = input?.converts ? input.convert(value, form, walk) : value
    return output.converts ? output.convert(made, form, walk) : made
  }
}

function codec(schema: Pipe, node: Node, compiler: Compiler, decoding: $ZodTransform, encoding: $ZodTransform): void {
  const { in: from, out: to } = schema._zod.def
  const stored = compiler.inner(node, from)
  if (stored.optional)
    compiler.refuse(
      'is a codec that stores nothing for some values',
      'make the codec optional: z.codec(...).optional()',
    )
  if (isOneWay(to, new Set())) {
    compiler.refuse(
      'is a codec whose value side holds a one-way transform',
      'use z.codec with both directions there too',
    )
  }
  Object.assign(node, { type: stored.type, nullable: stored.nullable, defaulted: stored.defaulted, converts: true })

  const sound = (walk: Walk, steps: readonly ((value: unknown) => unknown)[], first: unknown): unknown => {
    const before = walk.problems.length
    let value = first
    for (const step of steps) {
      value = step(value)
      if (walk.problems.length !== before) return undefined
    }
    return value
  }
  const toStorage = (value: unknown, walk: Walk): unknown =>
    sound(
      walk,
      [
        (output) => encode(to, output, walk),
        (output) => guarded(encoding, output, walk, 'encoded'),
        (input) => stored.take(input, walk),
        (input) => (stored.converts ? stored.convert(input, 'storage', walk) : input),
      ],
      value,
    )
  const toOutput = (value: unknown, walk: Walk): unknown =>
    sound(
      walk,
      [
        (kept) => (stored.converts ? stored.convert(kept, 'output', walk) : kept),
        (input) => stored.take(input, walk),
        (input) => guarded(decoding, input, walk, 'decoded'),
        (output) => decode(to, output, walk),
      ],
      value,
    )
  const take: Take = (value, walk) => {
    if (value !== undefined) return sound(walk, [(output) => encode(to, output, walk), () => value], value)
    if (!stored.defaulted || walk.stored) return mismatch(to, value, 'a value', walk)
    return sound(walk, [(none) => stored.take(none, walk), (input) => guarded(decoding, input, walk, 'decoded')], value)
  }
  node.take = thenCheck(take, checksOf(schema))
  node.convert = (value, form, walk) => (form === 'storage' ? toStorage(value, walk) : toOutput(value, walk))
}

/** Runs one direction of a codec: what its author's code throws is this value's problem, and the error its cause. */
function guarded(step: $ZodTransform, value: unknown, walk: Walk, done: string): unknown {
  try {
    return decode(step, value, walk)
  } catch (error) {
    walk.cause ??= error
    return walk.fail(`cannot be ${done}: its codec threw an error (see the cause)`)
  }
}

/** Whether a schema, at any depth, has a step that cannot be undone. */
function isOneWay(schema: $ZodType, seen: Set<unknown>): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  const { def } = schema._zod
  if (def.type === 'transform' || def.type === 'promise') return true
  return parts(schema).some((part) => isOneWay(part, seen))
}

function parts(schema: $ZodType): $ZodType[] {
  const { def } = schema._zod
  if (def.type === 'lazy') return [(schema as SchemaOf<'lazy'>)._zod.innerType]
  const shape = 'shape' in def ? Object.values(def.shape as object) : []
  return [...Object.values(def).flat(), ...shape].filter(isSchema)
}

function isSchema(value: unknown): value is $ZodType {
  return (
    typeof value === 'object' && value !== null && '_zod' in value && (value as $ZodType)._zod.def?.type !== undefined
  )
}
