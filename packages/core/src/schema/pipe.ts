import { $ZodTransform, type $ZodType } from 'zod/v4/core'
import type { Handlers, SchemaOf } from './compiler.js'
import { emptyNode, type Node, type Run } from './node.js'
import { checksOf, decode, encode, fill } from './refine.js'
import { mismatch } from './sound.js'
import type { Mode, Walk } from './walk.js'

type Pipe = SchemaOf<'pipe'>

/**
 * `a.pipe(b)` and `z.codec(a, b, ...)`: b is the side of values, a the stored one. Both sides of a pipe are walked here; the
 * value side of a codec may hold what no store can, so it is left to Zod.
 */
export const pipeHandlers: Handlers<'pipe'> = {
  pipe: (schema, node, compiler) => {
    const { in: from, out: to, transform, reverseTransform } = schema._zod.def
    const remedy = 'use z.codec with both directions'
    if (from._zod.def.type === 'transform') compiler.refuse('is a z.preprocess, which only parses', remedy)
    const codec = transform !== undefined && reverseTransform !== undefined
    if (to._zod.def.type === 'transform' || (codec && isOneWay(to, new Set()))) {
      compiler.refuse('has a one-way transform: what that gives cannot be stored and come back', remedy)
    }
    const open = from._zod.def.type === 'any' || from._zod.def.type === 'unknown'
    const stored = open && !codec ? emptyNode(from) : compiler.inner(from)
    const output = codec ? valueNode(to) : compiler.inner(to)
    if (codec && stored.optional) {
      compiler.refuse(
        'is a codec that stores nothing for some values',
        'make the codec optional: z.codec(...).optional()',
      )
    }
    node.type = stored.type ?? output.type
    node.optional = output.optional
    node.nullable = codec ? stored.nullable : output.nullable
    node.defaulted = stored.defaulted || output.defaulted
    node.opaque = stored.opaque || output.opaque
    node.converts = codec
    const decoded = codec ? step('decoded', transform) : same
    const encoded = codec ? step('encoded', reverseTransform) : same

    const check: Run = (value, walk) =>
      walk.chain(
        value,
        (given) => output.run(given, walk),
        (made) => (node.converts || made === undefined ? made : stored.run(made, walk)),
      )
    const run: { readonly [M in Mode]: Run } = {
      check: (value, walk) => {
        if (value !== undefined || !stored.defaulted || walk.stored) return check(value, walk)
        return walk.chain(
          value,
          (none) => stored.run(none, walk),
          (input) => decoded(input, walk),
          (made) => walk.turn('decode', output, made),
          (made) => check(made, walk),
        )
      },
      encode: (value, walk) =>
        walk.chain(
          value,
          (given) => walk.turn('encode', output, given),
          (made) => encoded(made, walk),
          (input) => walk.turn('check', stored, input),
          (input) => walk.turn('encode', stored, input),
        ),
      decode: (value, walk) =>
        walk.chain(
          value,
          (given) => walk.turn('decode', stored, given),
          (input) => walk.turn('check', stored, input),
          (input) => decoded(input, walk),
          (made) => walk.turn('decode', output, made),
        ),
    }
    fill(node, (value, walk) => run[walk.mode](value, walk), checksOf(schema))
  },
}

type Step = (value: unknown, walk: Walk) => unknown

const same: Step = (value) => value

/** The value side of a codec. */
function valueNode(schema: $ZodType): Node {
  const run: { readonly [M in Mode]: Run } = {
    check: (value, walk) => {
      if (value === undefined) return mismatch(schema, value, 'a value', walk)
      encode(schema, value, walk)
      return value
    },
    encode: (value, walk) => encode(schema, value, walk),
    decode: (value, walk) => decode(schema, value, walk),
  }
  return { ...emptyNode(schema), converts: true, opaque: true, run: (value, walk) => run[walk.mode](value, walk) }
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
