import type { $ZodType } from 'zod/v4/core'
import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import { dynamicNode } from './dynamic.js'
import type { Form, Node, Take } from './node.js'
import { checksOf } from './refine.js'
import { isObject, LONE_SURROGATE, mismatch, takeInto, thenCheck } from './take.js'
import type { ObjectType, Slot } from './type.js'
import { setOwn } from './value.js'
import type { Walk } from './walk.js'

interface Field {
  readonly name: string
  readonly node: Node
  /** What every object inherits is no data: such a name is read only where the object itself has it. */
  readonly inherited: boolean
}

export const objects: Handlers<'object' | 'record'> = {
  object: (schema, node, compiler) => {
    const { shape, catchall } = schema._zod.def
    const unknown = catchall === undefined ? 'strip' : catchall._zod.def.type === 'never' ? 'refuse' : 'keep'
    const named = new Map<string, $ZodType>()
    for (const name of Reflect.ownKeys(shape)) {
      if (typeof name === 'symbol') return compiler.refuse('has a field named by a symbol', 'name fields by strings')
      named.set(name, shape[name] as $ZodType)
    }
    const rest = unknown !== 'keep' || catchall === undefined ? undefined : restNode(node, catchall, compiler)
    fillObject(node, schema, named, unknown, rest, false, compiler)
  },
  record: (schema, node, compiler) => {
    const { keyType, valueType, mode } = schema._zod.def as SchemaOf<'record'>['_zod']['def'] & {
      readonly mode?: string
    }
    if (mode === 'loose') compiler.refuse('is a z.looseRecord', 'use z.record, or z.looseObject for what is not named')
    const keys = compiler.inner(node, keyType, '[key]')
    node.below.pop()
    const { type } = keys
    if (
      keys.converts ||
      keys.below.length > 0 ||
      (type?.kind !== 'string' && !(type?.kind === 'enum' && type.of === 'string'))
    ) {
      return compiler.refuse(
        'is a record whose keys are no strings',
        'key it by z.string(), a string format, or an enum of strings',
      )
    }
    if (type.kind === 'enum') {
      // Zod's own difference between z.record and z.partialRecord: whether the key schema still lists its values.
      const partial =
        keyType._zod.values === undefined || (schema._zod.def as { readonly partial?: boolean }).partial === true
      const named = new Map(type.values.map((key) => [String(key), valueType]))
      return fillObject(node, schema, named, 'refuse', undefined, partial, compiler)
    }
    fillRecord(node, schema, keys, valueType, compiler)
  },
}

/** The node for what a loose object or a catchall keeps. */
function restNode(node: Node, catchall: $ZodType, compiler: Compiler): Node {
  const { type } = catchall._zod.def
  return type === 'unknown' || type === 'any' ? dynamicNode : compiler.below(node, catchall, '[any other]')
}

function fillObject(
  node: Node,
  schema: $ZodType,
  named: ReadonlyMap<string, $ZodType>,
  unknown: ObjectType['unknown'],
  rest: Node | undefined,
  partial: boolean,
  compiler: Compiler,
): void {
  const slots = new Map<string, Slot>()
  const catchall = rest === undefined || rest === dynamicNode ? undefined : compiler.slot(rest, true)
  node.type = Object.freeze({ kind: 'object', fields: slots, unknown, catchall })
  const fields: Field[] = []
  for (const [name, child] of named) {
    if (!name.isWellFormed()) compiler.refuse(`has a field whose name ${LONE_SURROGATE}`, 'rename it')
    const below = compiler.below(node, child, name)
    fields.push({ name, node: below, inherited: name in Object.prototype })
    slots.set(name, compiler.slot(below, partial))
  }
  node.take = thenCheck(takeObject(schema, fields, unknown, rest, partial), checksOf(schema))
  const nodes = new Map(fields.map((field) => [field.name, field.node]))
  node.convert = (value, to, walk) => convertEntries(schema, value, walk, to, (name) => nodes.get(name) ?? rest)
}

function takeObject(
  schema: $ZodType,
  fields: readonly Field[],
  unknown: ObjectType['unknown'],
  rest: Node | undefined,
  partial: boolean,
): Take {
  const names = new Set(fields.map((field) => field.name))
  return (value, walk) => {
    if (!isObject(value)) return mismatch(schema, value, 'an object', walk)
    if (!walk.enter()) return undefined
    const taken = {}
    for (const { name, node, inherited } of fields) {
      const given = inherited && !Object.hasOwn(value, name) ? undefined : value[name]
      if (given !== undefined || !partial) takeInto(taken, name, node, given, walk)
      if (walk.over) break
    }
    if (unknown !== 'strip') {
      const strange: string[] = []
      for (const name of Object.keys(value)) {
        if (names.has(name) || value[name] === undefined || walk.over) continue
        if (rest === undefined) strange.push(name)
        else if (name.isWellFormed()) takeInto(taken, name, rest, value[name], walk)
        else walk.fail(`has a field whose name ${LONE_SURROGATE}`)
      }
      if (strange.length > 0)
        walk.fail(
          `does not have ${strange.map((name) => JSON.stringify(name)).join(', ')} in its schema; remove what it does not name, or name it`,
        )
    }
    walk.leave()
    return taken
  }
}

function fillRecord(node: Node, schema: $ZodType, keys: Node, valueType: $ZodType, compiler: Compiler): void {
  const type = { kind: 'record' as const, value: undefined as unknown as Slot }
  node.type = type
  const below = compiler.below(node, valueType, '[key]')
  type.value = compiler.slot(below, true)
  Object.freeze(type)
  const plain = checksOf(keys.schema as $ZodType).length === 0
  const take: Take = (value, walk) => {
    if (!isObject(value)) return mismatch(schema, value, 'an object', walk)
    if (!walk.enter()) return undefined
    const taken = {}
    for (const name of Object.keys(value)) {
      if (value[name] === undefined) continue
      if (walk.over) break
      const before = walk.problems.length
      const key = plain && name.isWellFormed() ? name : keys.take(name, walk)
      if (walk.problems.length === before) takeInto(taken, String(key), below, value[name], walk)
      else walk.within(before, name)
    }
    walk.leave()
    return taken
  }
  node.take = thenCheck(take, checksOf(schema))
  node.convert = (value, to, walk) => convertEntries(schema, value, walk, to, () => below)
}

function convertEntries(
  schema: $ZodType,
  value: unknown,
  walk: Walk,
  to: Form,
  nodeOf: (name: string) => Node | undefined,
): unknown {
  // What lies in the store may be anything.
  if (!isObject(value)) return mismatch(schema, value, 'an object', walk)
  const converted = {}
  for (const name of Object.keys(value)) {
    const node = nodeOf(name)
    const before = walk.problems.length
    setOwn(converted, name, node?.converts ? node.convert(value[name], to, walk) : value[name])
    walk.within(before, name)
  }
  return converted
}
