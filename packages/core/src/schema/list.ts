import type { $ZodType } from 'zod/v4/core'
import type { Handlers } from './compiler.js'
import type { Form, Node, Take } from './node.js'
import { checksOf } from './refine.js'
import { mismatch, thenCheck } from './take.js'
import type { Slot, ValueType } from './type.js'
import type { Walk } from './walk.js'

export const lists: Handlers<'array' | 'tuple' | 'set'> = {
  array: (schema, node, compiler) => {
    const type = { kind: 'array' as const, item: undefined as unknown as Slot }
    node.type = type
    const item = compiler.below(node, schema._zod.def.element, '[]')
    compiler.later(() => {
      if (item.optional)
        compiler.refuse('is a list of what may be absent', 'make its items nullable instead of optional')
    })
    type.item = compiler.slot(item)
    Object.freeze(type)
    node.take = thenCheck(takeList(schema, [], item), checksOf(schema))
    node.convert = (value, to, walk) => convertItems(schema, value, () => item, to, walk)
  },
  tuple: (schema, node, compiler) => {
    const { items, rest } = schema._zod.def
    const type = { kind: 'tuple' as const, items: [] as Slot[], rest: undefined as Slot | undefined }
    node.type = type
    const nodes = items.map((item, at) => compiler.below(node, item, `[${at}]`))
    const restNode = rest === null || rest === undefined ? undefined : compiler.below(node, rest, '[]')
    type.items.push(...nodes.map((item) => compiler.slot(item)))
    if (restNode !== undefined) type.rest = compiler.slot(restNode)
    Object.freeze(Object.freeze(type).items)
    node.take = thenCheck(takeList(schema, nodes, restNode), checksOf(schema))
    node.convert = (value, to, walk) => convertItems(schema, value, (at) => nodes[at] ?? restNode, to, walk)
  },
  set: (schema, node, compiler) => {
    const item = compiler.inner(node, schema._zod.def.valueType, '[]')
    const of = item.optional || item.nullable ? undefined : memberKind(item.type)
    if (of === undefined) {
      return compiler.refuse(
        'is a set of what sets do not hold',
        'give it string, number or bigint members (or an enum of them), or use z.array',
      )
    }
    node.type = Object.freeze({ kind: 'set', of, item: compiler.slot(item) })
    const take: Take = (value, walk) => {
      if (!(value instanceof Set)) return mismatch(schema, value, 'a Set', walk)
      const members = new Set<unknown>()
      let at = 0
      for (const member of value) {
        if (walk.over) break
        const before = walk.problems.length
        members.add(item.take(member, walk))
        walk.within(before, at++)
      }
      return members
    }
    node.take = thenCheck(take, checksOf(schema))
    node.convert = (value, to, walk) => {
      if (!(value instanceof Set)) return mismatch(schema, value, 'a Set', walk)
      return new Set([...value].map((member) => item.convert(member, to, walk)))
    }
  },
}

function memberKind(type: ValueType | undefined): 'string' | 'number' | 'bigint' | undefined {
  const kind = type?.kind === 'enum' ? type.of : type?.kind
  return kind === 'string' || kind === 'number' || kind === 'bigint' ? kind : undefined
}

/** A list: first the `fixed` items, which may be left out at the end where they are optional, then any number of `rest`. */
function takeList(schema: $ZodType, fixed: readonly Node[], rest: Node | undefined): Take {
  return (value, walk) => {
    if (!Array.isArray(value)) return mismatch(schema, value, 'a list', walk)
    if (rest === undefined && value.length > fixed.length) {
      return walk.fail(`has ${value.length} items where its schema has ${fixed.length}; leave the others out`)
    }
    if (!walk.enter()) return undefined
    const items: unknown[] = []
    for (let at = 0; at < value.length || at < fixed.length; at++) {
      const item = fixed[at] ?? rest
      if (item === undefined || walk.over) break
      takeItem(items, at, item, value[at], walk)
    }
    walk.leave()
    return items
  }
}

function takeItem(items: unknown[], at: number, item: Node, given: unknown, walk: Walk): void {
  const before = walk.problems.length
  const taken = item.take(given, walk)
  if (taken !== undefined && items.length < at && walk.problems.length === 0) {
    walk.fail('comes after an absent item; a list has no gaps, so give that one too, or make it nullable')
  }
  if (walk.problems.length !== before) walk.within(before, at)
  else if (taken !== undefined) items.push(taken)
}

function convertItems(
  schema: $ZodType,
  value: unknown,
  nodeOf: (at: number) => Node | undefined,
  to: Form,
  walk: Walk,
): unknown {
  // What lies in the store may be anything.
  if (!Array.isArray(value)) return mismatch(schema, value, 'a list', walk)
  return value.map((item, at) => {
    const node = nodeOf(at)
    if (!node?.converts) return item
    const before = walk.problems.length
    const converted = node.convert(item, to, walk)
    walk.within(before, at)
    return converted
  })
}
