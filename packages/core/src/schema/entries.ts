import type { $ZodType } from 'zod/v4/core'
import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import { entriesRun, type Field } from './containers.js'
import { dynamicNode, nameNode } from './dynamic.js'
import type { Node } from './node.js'
import { checksOf, fill } from './refine.js'
import type { ObjectType, Slot } from './type.js'

export const entryHandlers: Handlers<'object' | 'record'> = {
  object: (schema, node, compiler) => {
    const { shape, catchall } = schema._zod.def
    const fields = Reflect.ownKeys(shape).map((name) => {
      if (typeof name === 'symbol') return compiler.refuse('has a field named by a symbol', 'name fields by strings')
      return [name, shape[name] as $ZodType] as const
    })
    const kind = catchall?._zod.def.type
    if (catchall === undefined || kind === 'never') {
      return objectNode(schema, node, compiler, fields, false, kind === 'never' ? 'refuse' : 'strip')
    }
    const rest = kind === 'unknown' || kind === 'any' ? dynamicNode : compiler.below(catchall, '[any other]')
    objectNode(schema, node, compiler, fields, false, 'keep', rest)
  },
  record: (schema, node, compiler) => {
    const { keyType, valueType, mode, partial } = schema._zod.def as RecordDef
    if (mode === 'loose') compiler.refuse('is a z.looseRecord', 'use z.record, or z.looseObject for what is not named')
    const keys = compiler.inner(keyType, '[key]')
    const { type } = keys
    if (keys.opaque || (type?.kind === 'enum' ? type.of : type?.kind) !== 'string') {
      compiler.refuse(
        'is a record whose keys are no strings',
        'key it by z.string(), a string format, or an enum of strings',
      )
    }
    if (type?.kind === 'enum') {
      // Zod tells z.partialRecord from z.record by a flag, or else by a key schema that lists no values.
      const absentable = partial === true || keyType._zod.values === undefined
      const fields = type.values.map((key) => [String(key), valueType] as const)
      return objectNode(schema, node, compiler, fields, absentable, 'refuse')
    }
    const made: { kind: 'record'; key: Slot; value: Slot } = {
      kind: 'record',
      key: compiler.slot(keys),
      value: compiler.slot(dynamicNode),
    }
    node.type = made
    const value = compiler.below(valueType, '[key]')
    made.value = compiler.slot(value, true)
    fill(node, entriesRun(schema, [], 'keep', keys, value), checksOf(schema))
  },
}

type RecordDef = SchemaOf<'record'>['_zod']['def'] & { readonly mode?: string; readonly partial?: boolean }

function objectNode(
  schema: $ZodType,
  node: Node,
  compiler: Compiler,
  named: readonly (readonly [name: string, schema: $ZodType])[],
  absentable: boolean,
  unknown: ObjectType['unknown'],
  rest?: Node,
): void {
  const slots = new Map<string, Slot>()
  const catchall = rest === undefined || rest === dynamicNode ? undefined : compiler.slot(rest, true)
  node.type = { kind: 'object', fields: slots, unknown, catchall }
  const fields = named.map(([name, child]): Field => {
    if (!name.isWellFormed()) compiler.refuse('has a field whose name holds a lone surrogate', 'rename it')
    const below = compiler.below(child, name)
    slots.set(name, compiler.slot(below, absentable))
    return { name, node: below, absentable }
  })
  fill(node, entriesRun(schema, fields, unknown, nameNode, rest), checksOf(schema))
}
