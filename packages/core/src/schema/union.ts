import type { Handlers, SchemaOf } from './compiler.js'
import { isEntries } from './containers.js'
import { mergeScalars } from './merge-scalars.js'
import type { Node, Run } from './node.js'
import { checksOf, fill } from './refine.js'
import { mismatch } from './sound.js'
import type { ValueType } from './type.js'
import type { Value } from './value.js'
import { type ValueKind, valueKind } from './value-kind.js'
import type { Mode } from './walk.js'

export const unionHandlers: Handlers<'union'> = {
  union: (schema, node, compiler) => {
    const { options, discriminator, inclusive } = schema._zod.def as UnionDef
    const nodes = options.map((option, at) => compiler.inner(option, `|${at + 1}`))
    node.type = unionType(nodes, discriminator)
    for (const flag of ['optional', 'nullable', 'defaulted', 'opaque'] as const)
      node[flag] = nodes.some((each) => each[flag])
    let members: readonly Member[] = []
    compiler.later(() => {
      members = nodes.map((each) => memberOf(each, discriminator))
      if (members.some((one) => one.node.converts && members.some((other) => one !== other && areAlike(one, other)))) {
        compiler.refuse(
          'is a union with a codec whose stored values look like those of another alternative',
          'use z.discriminatedUnion, or put one codec around the whole union',
        )
      }
    })
    const exclusive = discriminator === undefined && inclusive === false
    const run: Run = (value, walk) => {
      const able = members.filter((member) => canBe(member, value, walk.mode, discriminator))
      const [only] = able
      if (only === undefined) {
        if (discriminator === undefined || !isEntries(value))
          return mismatch(schema, value, `one of ${kindsOf(members)}`, walk)
        return walk.fail(`decides which alternative this is; give one of ${tagsOf(members)}`, [discriminator])
      }
      // What is stored tells the members apart, as far as they convert.
      if (able.length === 1 || walk.mode === 'decode') return walk.turn(walk.mode, only.node, value)
      let found: { readonly node: Node; readonly result: unknown } | undefined
      for (const { node: each } of able) {
        const fit = walk.attempt(() => walk.turn('check', each, value))
        if ('result' in fit) {
          if (found !== undefined)
            return walk.fail('fits more than one alternative of a union that allows one; give what fits one')
          found = { node: each, result: fit.result }
          if (!exclusive) break
        } else if (walk.over) {
          walk.problems.push(...fit.problems)
          return undefined
        }
      }
      if (found === undefined) return walk.fail('fits none of its alternatives; give what fits one of them')
      return walk.mode === 'check' ? found.result : walk.turn(walk.mode, found.node, value)
    }
    fill(node, run, checksOf(schema))
  },
}

type UnionDef = SchemaOf<'union'>['_zod']['def'] & { readonly discriminator?: string; readonly inclusive?: boolean }

/** An alternative, and how to tell it from the others before its fields are looked at. */
interface Member {
  readonly node: Node
  /** The kinds that its stored values have. */
  readonly kinds: ReadonlySet<ValueKind>
  /** The values that the discriminator has in it, where it is an object that says so. */
  readonly tags: ReadonlySet<unknown> | undefined
}

function memberOf(node: Node, discriminator: string | undefined): Member {
  const { type } = node
  const types = type?.kind === 'union' ? type.options : [type]
  const kinds = new Set(types.flatMap((each) => (each === undefined ? [] : storedKind(each))))
  if (node.nullable) kinds.add('null')
  const slot = type?.kind === 'object' && discriminator !== undefined ? type.fields.get(discriminator) : undefined
  const tagged =
    slot?.type.kind === 'enum' && !(slot.optional || slot.nullable || slot.converts) ? slot.type : undefined
  return { node, kinds, tags: tagged && new Set(tagged.values) }
}

function storedKind(type: ValueType): ValueKind | [] {
  if (type.kind === 'enum') return type.of
  if (type.kind === 'record') return 'object'
  if (type.kind === 'tuple') return 'array'
  // Unions are opened where they are made, and dynamic values are no alternatives.
  return type.kind === 'union' || type.kind === 'dynamic' ? [] : type.kind
}

function canBe({ node, kinds, tags }: Member, value: unknown, mode: Mode, discriminator: string | undefined): boolean {
  if (value === undefined) return node.optional || node.defaulted
  if (node.opaque && mode !== 'decode') return true
  if (!kinds.has(valueKind(value as Value))) return false
  return tags === undefined || !isEntries(value) || tags.has(value[discriminator ?? ''])
}

function areAlike(one: Member, other: Member): boolean {
  return !one.kinds.isDisjointFrom(other.kinds) && (one.tags === undefined || other.tags === undefined)
}

function kindsOf(members: readonly Member[]): string {
  return [...new Set(members.flatMap(({ kinds }) => [...kinds]))].join(', ')
}

function tagsOf(members: readonly Member[]): string {
  return members.flatMap(({ tags }) => [...(tags ?? [])].map((tag) => JSON.stringify(tag))).join(', ')
}

function unionType(members: readonly Node[], discriminator: string | undefined): ValueType | undefined {
  const all = members.flatMap(({ type }) => (type === undefined ? [] : type.kind === 'union' ? type.options : [type]))
  const options = [...new Set(all)].filter((type) => type.kind !== 'null')
  if (options.length < 2) return options[0] ?? all[0]
  return mergeScalars(options) ?? { kind: 'union', options: Object.freeze(options), discriminator }
}
