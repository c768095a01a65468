import { $ZodTransform, type $ZodType } from 'zod/v4/core'
import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import { emptyNode, type Node, type Run } from './node.js'
import { checksOf, decode, encode, fill } from './refine.js'
import { mismatch } from './sound.js'
import type { Mode, Walk } from './walk.js'

type Pipe = SchemaOf<'pipe'>

export const pipeHandlers: Handlers<'pipe'> = {
  pipe: (schema, node, compiler) => {
    const { in: from, out: to, transform, reverseTransform } = schema._zod.def
    const remedy = 'use z.codec with both directions'
    if (from._zod.def.type === 'transform') compiler.refuse('is a z.preprocess, which only parses', remedy)
    const isCodec = transform !== undefined && reverseTransform !== undefined
    if (to._zod.def.type === 'transform' || (isCodec && isOneWay(to, new Set()))) {
      compiler.refuse('has a one-way transform: what that gives cannot be stored and come back', remedy)
    }
    if (isCodec) codec(schema, node, compiler, step('decoded', transform), step('encoded', reverseTransform))
    else plainPipe(schema, node, compiler)
  },
}

/** `a.pipe(b)`: what is stored is what b, and then a, make of a value. */
function plainPipe(schema: Pipe, node: Node, compiler: Compiler): void {
  const { in: from, out: to } = schema._zod.def
  const output = compiler.inner(to)
  const open = from._zod.def.type === 'any' || from._zod.def.type === 'unknown'
  const input = open ? emptyNode(from) : compiler.inner(from)
  const { optional, nullable, defaulted, opaque } = output
  Object.assign(node, {
    type: open ? output.type : input.type,
    optional,
    nullable,
    defaulted,
    opaque: opaque || input.opaque,
  })
  const run: Run = (value, walk) => {
    const [first, second] = walk.mode === 'decode' ? [input, output] : [output, input]
    return walk.chain(
      value,
      (given) => walk.turn(walk.mode, first, given),
      // Before it is encoded, a value is not in the form that the other side checks.
      (made) =>
        made === undefined || (walk.mode === 'check' && node.converts) ? made : walk.turn(walk.mode, second, made),
    )
  }
  fill(node, run, checksOf(schema))
}

type Step = (value: unknown, walk: Walk) => unknown

function codec(schema: Pipe, node: Node, compiler: Compiler, decoded: Step, encoded: Step): void {
  const { in: from, out: to } = schema._zod.def
  const stored = compiler.inner(from)
  if (stored.optional)
    compiler.refuse(
      'is a codec that stores nothing for some values',
      'make the codec optional: z.codec(...).optional()',
    )
  const { type, nullable, defaulted } = stored
  Object.assign(node, { type, nullable, defaulted, converts: true, opaque: true })
  const run: { readonly [M in Mode]: Run } = {
    check: (value, walk) => {
      if (value === undefined && !(defaulted && !walk.stored)) return mismatch(to, value, 'a value', walk)
      if (value !== undefined)
        return walk.chain(
          value,
          (output) => encode(to, output, walk),
          () => value,
        )
      return walk.chain(
        value,
        (none) => stored.run(none, walk),
        (input) => decoded(input, walk),
      )
    },
    encode: (value, walk) =>
      walk.chain(
        value,
        (output) => encode(to, output, walk),
        (output) => encoded(output, walk),
        (input) => walk.turn('check', stored, input),
        (input) => walk.turn('encode', stored, input),
      ),
    decode: (value, walk) =>
      walk.chain(
        value,
        (input) => walk.turn('decode', stored, input),
        (input) => walk.turn('check', stored, input),
        (input) => decoded(input, walk),
        (output) => decode(to, output, walk),
      ),
  }
  fill(node, (value, walk) => run[walk.mode](value, walk), checksOf(schema))
}

/** One direction of a codec: what its author's code throws is this value's problem, and the error its cause. */
function step(done: string, transform: NonNullable<Pipe['_zod']['def']['transform']>): Step {
  const schema = new $ZodTransform({ type: 'transform', transform })
  return (value, walk) => {
    try {
      return decode(schema, value, walk)
    } catch (error) {
      walk.cause ??= error
      return walk.fail(`cannot be ${done}: its codec threw an error (see the cause)`)
    }
  }
}

/** Whether a schema, at any depth, has a step that cannot be undone. */
function isOneWay(schema: $ZodType, seen: Set<unknown>): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  const { def } = schema._zod
  if (def.type === 'transform') return true
  const inner = 'innerType' in schema._zod ? schema._zod.innerType : undefined
  const shape = 'shape' in def ? Object.values(def.shape as object) : []
  return [inner, ...shape, ...Object.values(def).flat()].some((part) => isSchema(part) && isOneWay(part, seen))
}

function isSchema(value: unknown): value is $ZodType {
  return (value as Partial<$ZodType> | null | undefined)?._zod?.def?.type !== undefined
}
