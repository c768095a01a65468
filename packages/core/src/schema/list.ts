import type { Handlers } from './compiler.js'
import { listRun, setRun } from './containers.js'
import { checksOf, fill } from './refine.js'
import type { Slot } from './type.js'

export const listHandlers: Handlers<'array' | 'tuple' | 'set'> = {
  array: (schema, node, compiler) => {
    const type: { kind: 'array'; item?: Slot } = { kind: 'array' }
    node.type = type as { kind: 'array'; item: Slot }
    const item = compiler.below(schema._zod.def.element, '[]')
    type.item = compiler.slot(item)
    compiler.later(() => {
      if (item.optional)
        compiler.refuse('is a list of what may be absent', 'make its items nullable instead of optional')
    })
    fill(node, listRun(schema, [], item), checksOf(schema))
  },
  tuple: (schema, node, compiler) => {
    const { items, rest } = schema._zod.def
    const type = { kind: 'tuple' as const, items: [] as Slot[], rest: undefined as Slot | undefined }
    node.type = type
    const fixed = items.map((item, at) => compiler.below(item, `[${at}]`))
    type.items.push(...fixed.map((item) => compiler.slot(item)))
    const others = rest ? compiler.below(rest, '[]') : undefined
    if (others !== undefined) type.rest = compiler.slot(others)
    fill(node, listRun(schema, fixed, others), checksOf(schema))
  },
  set: (schema, node, compiler) => {
    const item = compiler.inner(schema._zod.def.valueType, '[]')
    const of = item.type?.kind === 'enum' ? item.type.of : item.type?.kind
    if (item.optional || item.nullable || (of !== 'string' && of !== 'number' && of !== 'bigint')) {
      return compiler.refuse(
        'is a set of what sets do not hold',
        'give it string, number or bigint members (or an enum of them), or use z.array',
      )
    }
    node.type = { kind: 'set', of, item: compiler.slot(item) }
    fill(node, setRun(schema, item), checksOf(schema))
  },
}
