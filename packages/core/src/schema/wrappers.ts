import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import type { Node } from './node.js'
import { checksOf, fill } from './refine.js'
import { mismatch } from './sound.js'
import type { Walk } from './walk.js'

export const wrapperHandlers: Handlers<
  'optional' | 'nonoptional' | 'nullable' | 'default' | 'prefault' | 'readonly' | 'lazy'
> = {
  optional: (schema, node, compiler) => {
    around(schema, node, compiler, (value, walk, inner) =>
      value === undefined && !inner.defaulted ? undefined : inner.run(value, walk),
    )
    node.optional = true
  },
  nonoptional: (schema, node, compiler) => {
    around(schema, node, compiler, (value, walk, inner) =>
      value === undefined ? mismatch(schema, value, 'a value', walk) : inner.run(value, walk),
    )
    node.optional = false
    node.defaulted = false
  },
  nullable: (schema, node, compiler) => {
    around(schema, node, compiler, (value, walk, inner) => (value === null ? null : inner.run(value, walk)))
    node.nullable = true
  },
  default: (schema, node, compiler) => {
    standard(schema, node, compiler, (walk, inner) => inner.run(schema._zod.def.defaultValue, walk))
  },
  prefault: (schema, node, compiler) => {
    // A prefault is given in input form, which is the form of storage.
    standard(schema, node, compiler, (walk, inner) =>
      walk.chain(
        schema._zod.def.defaultValue,
        (given) => walk.turn('decode', inner, given),
        (made) => inner.run(made, walk),
      ),
    )
  },
  readonly: (schema, node, compiler) => around(schema, node, compiler, (value, walk, inner) => inner.run(value, walk)),
  lazy: (schema, node, compiler) => around(schema, node, compiler, (value, walk, inner) => inner.run(value, walk)),
}

type Wrapper = SchemaOf<keyof typeof wrapperHandlers>

/** Makes a node that is another one but for what the wrapper changes. */
function around(
  schema: Wrapper,
  node: Node,
  compiler: Compiler,
  run: (value: unknown, walk: Walk, inner: Node) => unknown,
): void {
  const { def } = schema._zod
  const inner = compiler.inner(def.type === 'lazy' ? (schema as SchemaOf<'lazy'>)._zod.innerType : def.innerType)
  const { type, optional, nullable, defaulted, opaque } = inner
  Object.assign(node, { type, optional, nullable, defaulted, opaque })
  fill(node, (value, walk) => run(value, walk, inner), checksOf(schema))
}

function standard(schema: Wrapper, node: Node, compiler: Compiler, make: (walk: Walk, inner: Node) => unknown): void {
  around(schema, node, compiler, (value, walk, inner) => {
    if (value !== undefined) return inner.run(value, walk)
    if (!walk.stored) return make(walk, inner)
    return walk.fail(
      'is absent in the store, where its default should have been written (an entity from before the default?); write the entity again, or make the field optional',
    )
  })
  node.optional = false
  node.defaulted = true
}
