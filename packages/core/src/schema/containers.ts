import type { $ZodType } from 'zod/v4/core'
import type { Node, Run } from './node.js'
import { mismatch } from './sound.js'
import type { ObjectType } from './type.js'
import { setOwn, type Value } from './value.js'
import { valueKind } from './value-kind.js'

/** A field of an object in its walk. */
export interface Field {
  readonly name: string
  readonly node: Node
  /** May be missing whatever its schema says. */
  readonly absentable: boolean
}

type Entries = { readonly [name: string]: unknown }

/** Whether a value can have fields: plain objects and instances of classes, but nothing that is a value of another kind. */
export function isEntries(value: unknown): value is Entries {
  return valueKind(value as Value) === 'object' && !(value instanceof Map || ArrayBuffer.isView(value))
}

/** The walk of an object or a record: its `fields`, then the others, whose names are `keys` and whose values are `rest`. */
export function entriesRun(
  schema: $ZodType,
  fields: readonly Field[],
  unknown: ObjectType['unknown'],
  keys: Node,
  rest: Node | undefined,
): Run {
  const names = new Set(fields.map(({ name }) => name))
  // What every object inherits is no data: such a name is read only where the object itself has it.
  const known = fields.map((field) => ({ ...field, inherited: field.name in Object.prototype }))
  return (value, walk) => {
    if (!isEntries(value)) return mismatch(schema, value, 'an object', walk)
    return walk.inside(() => {
      const checking = walk.mode === 'check'
      const made = {}
      for (const { name, node, absentable, inherited } of known) {
        const given = inherited && !Object.hasOwn(value, name) ? undefined : value[name]
        if (given !== undefined || (checking && !absentable)) put(made, name, walk.into(name, node, given))
      }
      if (checking && unknown === 'strip') return made
      const strange: string[] = []
      for (const name of Object.keys(value)) {
        const given = value[name]
        if (names.has(name) || given === undefined) continue
        const key = checking ? walk.into(name, keys, name) : name
        if (rest !== undefined) put(made, String(key), walk.into(name, rest, given))
        else if (checking) strange.push(JSON.stringify(name))
        // The library's own fields lie beside those of the schema.
        else put(made, name, given)
      }
      if (strange.length > 0)
        walk.fail(`does not have ${strange.join(', ')} in its schema; leave that out, or name it there`)
      return made
    })
  }
}

function put(target: object, name: string, value: unknown): void {
  if (value !== undefined) setOwn(target, name, value)
}

/** The walk of a list: first `fixed` items, which may be left out at the end where they are optional, then any of `rest`. */
export function listRun(schema: $ZodType, fixed: readonly Node[], rest: Node | undefined): Run {
  return (value, walk) => {
    if (!Array.isArray(value)) return mismatch(schema, value, 'a list', walk)
    if (rest === undefined && value.length > fixed.length) {
      return walk.fail(`has ${value.length} items where its schema has ${fixed.length}; leave the others out`)
    }
    return walk.inside(() => {
      const items: unknown[] = []
      const before = walk.problems.length
      const length = walk.mode === 'check' ? Math.max(value.length, fixed.length) : value.length
      for (let at = 0; at < length; at++) {
        const item = walk.into(at, (fixed[at] ?? rest) as Node, value[at])
        if (item !== undefined) items.push(item)
        const gap = items.length <= at && (item !== undefined || at >= fixed.length)
        if (gap && walk.problems.length === before) {
          walk.fail('comes after or is an absent item; a list has no gaps, so give null where the schema allows it', [
            at,
          ])
        }
      }
      return items
    })
  }
}

/** The walk of a set. */
export function setRun(schema: $ZodType, member: Node): Run {
  return (value, walk) => {
    if (!(value instanceof Set)) return mismatch(schema, value, 'a Set', walk)
    return new Set([...value].map((each, at) => walk.into(at, member, each)))
  }
}
