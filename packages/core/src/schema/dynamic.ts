import { entriesRun, isEntries, listRun, setRun } from './containers.js'
import { anything, dynamicSlot } from './dynamic-slot.js'
import { emptyNode, type Node, type Run } from './node.js'
import { describe, scalars } from './sound.js'
import type { Value } from './value.js'
import { type ValueKind, valueKind } from './value-kind.js'
import type { Walk } from './walk.js'

/** The name of a field or a record's key that the schema says no more of. */
export const nameNode: Node = { ...emptyNode(anything), run: scalars.string.take as Run }

/** A place that holds any portable value: what a `z.looseObject` keeps. */
export const dynamicNode: Node = { ...emptyNode(anything), type: dynamicSlot.type, optional: true, nullable: true, run }

const entries = entriesRun(anything, [], 'keep', nameNode, dynamicNode)
const members = setRun(anything, dynamicNode)

const runs: { readonly [K in ValueKind]: Run } = {
  ...(Object.fromEntries(Object.entries(scalars).map(([kind, { take }]) => [kind, take])) as {
    readonly [K in keyof typeof scalars]: Run
  }),
  array: listRun(anything, [], dynamicNode),
  set: (value, walk) => {
    const kinds = [...new Set([...(value as Set<unknown>)].map((member) => typeof member))]
    const sound = kinds.length === 0 || (kinds.length === 1 && /^(string|number|bigint)$/.test(kinds[0] ?? ''))
    return sound
      ? members(value, walk)
      : walk.fail('is a Set of what sets do not hold; give it strings, numbers or bigints, all of one kind')
  },
  object: (value, walk) => (isPlain(value) ? entries(value, walk) : refuse(value, walk)),
}

function run(value: unknown, walk: Walk): unknown {
  if (value === undefined) return undefined
  const kind = valueKind(value as Value)
  return Object.hasOwn(runs, kind) ? runs[kind](value, walk) : refuse(value, walk)
}

function refuse(value: unknown, walk: Walk): undefined {
  return walk.fail(`expects a plain value, list, Set or object, not ${describe(value)}`)
}

/** An object literal, of whatever realm, or one without a prototype: an instance of a class would not come back as one. */
function isPlain(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return isEntries(value) && (prototype === null || Object.getPrototypeOf(prototype) === null)
}
