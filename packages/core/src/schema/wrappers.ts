import type { $ZodType } from 'zod/v4/core'
import type { Compiler, Handlers } from './compiler.js'
import type { Node, Take } from './node.js'
import { checksOf } from './refine.js'
import { mismatch, thenCheck } from './take.js'

export const wrappers: Handlers<
  'optional' | 'nonoptional' | 'nullable' | 'default' | 'prefault' | 'readonly' | 'lazy'
> = {
  optional: (schema, node, compiler) => {
    const inner = around(schema._zod.def.innerType, node, compiler)
    node.optional = true
    wrap(schema, node, (value, walk) => (value === undefined && !inner.defaulted ? undefined : inner.take(value, walk)))
  },
  nonoptional: (schema, node, compiler) => {
    const inner = around(schema._zod.def.innerType, node, compiler)
    node.optional = false
    wrap(schema, node, (value, walk) =>
      value === undefined && !inner.defaulted ? mismatch(schema, value, 'a value', walk) : inner.take(value, walk),
    )
  },
  nullable: (schema, node, compiler) => {
    const inner = around(schema._zod.def.innerType, node, compiler)
    node.nullable = true
    node.convert = (value, to, walk) => (value === null ? null : inner.convert(value, to, walk))
    wrap(schema, node, (value, walk) => (value === null ? null : inner.take(value, walk)))
  },
  default: (schema, node, compiler) => {
    const { def } = schema._zod
    const inner = around(def.innerType, node, compiler)
    node.optional = false
    node.defaulted = true
    wrap(schema, node, (value, walk) => {
      if (value !== undefined) return inner.take(value, walk)
      return walk.stored ? walk.fail(DEFAULT_MISSING) : inner.take(def.defaultValue, walk)
    })
  },
  prefault: (schema, node, compiler) => {
    const { def } = schema._zod
    const inner = around(def.innerType, node, compiler)
    node.optional = false
    node.defaulted = true
    wrap(schema, node, (value, walk) => {
      if (value !== undefined) return inner.take(value, walk)
      if (walk.stored) return walk.fail(DEFAULT_MISSING)
      const before = walk.problems.length
      // A prefault is given in input form, which is the form of storage.
      const made = inner.converts ? inner.convert(def.defaultValue, 'output', walk) : def.defaultValue
      return walk.problems.length === before ? inner.take(made, walk) : undefined
    })
  },
  readonly: (schema, node, compiler) => {
    const inner = around(schema._zod.def.innerType, node, compiler)
    wrap(schema, node, (value, walk) => inner.take(value, walk))
  },
  lazy: (schema, node, compiler) => {
    const inner = around(schema._zod.innerType, node, compiler)
    wrap(schema, node, (value, walk) => inner.take(value, walk))
  },
}

const DEFAULT_MISSING =
  'is absent in the store, where its default should have been written (an entity from before the default?); write the entity again, or make the field optional'

/** Makes a node that is another one but for what the wrapper changes. */
function around(innerType: $ZodType, node: Node, compiler: Compiler): Node {
  const inner = compiler.inner(node, innerType)
  node.type = inner.type
  node.optional = inner.optional
  node.nullable = inner.nullable
  node.defaulted = inner.defaulted
  node.convert = (value, to, walk) => inner.convert(value, to, walk)
  return inner
}

function wrap(schema: $ZodType, node: Node, take: Take): void {
  node.take = thenCheck(take, checksOf(schema))
}
