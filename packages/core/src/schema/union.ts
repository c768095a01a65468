import type { Compiler, Handlers, SchemaOf } from './compiler.js'
import { mergeScalars } from './merge-scalars.js'
import { describe, type Node, type Take } from './node.js'
import { checksOf } from './refine.js'
import { isObject, thenCheck } from './take.js'
import type { Kind, Slot, ValueType } from './type.js'
import type { Value } from './value.js'
import { type ValueKind, valueKind } from './value-kind.js'
import type { Problem, Walk } from './walk.js'

export const unions: Handlers<'union'> = {
  union: (schema, node, compiler) => {
    const { options } = schema._zod.def
    const members = options.map((option, at) => compiler.inner(node, option, `|${at + 1}`))
    const name = discriminatorOf(schema)
    node.type = unionType(members, name)
    node.optional = members.some((member) => member.optional)
    node.nullable = members.some((member) => member.nullable)
    node.defaulted = members.some((member) => member.defaulted)
    let choice: Choice | undefined
    compiler.later(() => {
      choice = name === undefined ? undefined : choiceBy(name, members)
      if (choice === undefined && node.converts) refuseLookalikes(members, compiler)
    })
    const exclusive = name === undefined && (schema._zod.def as { readonly inclusive?: boolean }).inclusive === false
    const take: Take = (value, walk) => {
      if (choice !== undefined && isObject(value)) return takeChosen(choice, value, walk)
      return takeFirst(members, exclusive, value, walk)
    }
    node.take = thenCheck(take, checksOf(schema))
    node.convert = (value, to, walk) => {
      const member =
        to === 'storage'
          ? members.find((each) => 'result' in walk.attempt(() => each.take(value, walk)))
          : ((isObject(value) ? choice?.members.get(value[choice.name]) : undefined) ??
            members.find((each) => kindsOf(each).has(valueKind(value as Value))))
      if (member === undefined) return walk.fail(NONE_FITS)
      return member.converts ? member.convert(value, to, walk) : value
    }
  },
}

const NONE_FITS = 'fits none of its alternatives; give what fits one of them'

/** How the members of a discriminated union are told apart. */
interface Choice {
  readonly name: string
  readonly members: ReadonlyMap<unknown, Node>
}

function discriminatorOf(schema: SchemaOf<'union'>): string | undefined {
  const { def } = schema._zod
  return 'discriminator' in def && typeof def.discriminator === 'string' ? def.discriminator : undefined
}

function unionType(members: readonly Node[], discriminator: string | undefined): ValueType | undefined {
  const all = members.flatMap(({ type }) => (type === undefined ? [] : type.kind === 'union' ? type.options : [type]))
  const [...options] = new Set(all.filter((type) => type.kind !== 'null'))
  const [only] = options
  if (only === undefined) return all[0]
  if (options.length === 1) return only
  return mergeScalars(options) ?? Object.freeze({ kind: 'union', options: Object.freeze(options), discriminator })
}

/** The members by their discriminator's values; undefined when those are not plain literals of plain objects. */
function choiceBy(name: string, members: readonly Node[]): Choice | undefined {
  const byValue = new Map<unknown, Node>()
  for (const member of members) {
    const slot: Slot | undefined = member.type?.kind === 'object' ? member.type.fields.get(name) : undefined
    if (
      slot?.type.kind !== 'enum' ||
      slot.optional ||
      slot.nullable ||
      slot.converts ||
      slot.defaulted ||
      member.nullable
    )
      return undefined
    for (const value of slot.type.values) byValue.set(value, member)
  }
  return { name, members: byValue }
}

function takeChosen({ name, members }: Choice, value: { readonly [name: string]: unknown }, walk: Walk): unknown {
  const member = members.get(Object.hasOwn(value, name) ? value[name] : undefined)
  if (member !== undefined) return member.take(value, walk)
  const known = [...members.keys()].map((each) => JSON.stringify(each)).join(', ')
  return walk.fail(`decides which alternative this is; give one of ${known}`, [name])
}

/** What the first member that fits makes of a value; an exclusive union (`z.xor`) wants no second one that fits. */
function takeFirst(members: readonly Node[], exclusive: boolean, value: unknown, walk: Walk): unknown {
  let found: { readonly result: unknown } | undefined
  const failed = new Map<Node, readonly Problem[]>()
  for (const member of members) {
    const fit = walk.attempt(() => member.take(value, walk))
    if ('problems' in fit) {
      failed.set(member, fit.problems)
      if (!walk.over) continue
      walk.problems.push(...fit.problems)
      return undefined
    }
    if (!exclusive) return fit.result
    if (found !== undefined)
      return walk.fail('fits more than one alternative of a union that allows one; give what fits one')
    found = fit
  }
  return found === undefined ? explain(failed, value, walk) : found.result
}

/** Says why no member fits: by the one member that is meant, where its kind makes that clear. */
function explain(failed: ReadonlyMap<Node, readonly Problem[]>, value: unknown, walk: Walk): undefined {
  const members = [...failed.keys()]
  const kind = value === undefined || value === null ? undefined : valueKind(value as Value)
  const meant = members.filter((member) => kind !== undefined && kindsOf(member).has(kind))
  const [only] = meant
  if (only !== undefined && meant.length === 1) {
    walk.problems.push(...(failed.get(only) ?? []))
    return undefined
  }
  if (meant.length > 1) return walk.fail(NONE_FITS)
  const known = [...new Set(members.flatMap((member) => [...kindsOf(member)]))].join(', ')
  return walk.fail(
    value === undefined ? `is required; give one of ${known}` : `expects one of ${known}, not ${describe(value)}`,
  )
}

/**
 * A stored value must say which member decodes it, and nothing but its kind does: a member that converts shares its kind
 * with no other.
 */
function refuseLookalikes(members: readonly Node[], compiler: Compiler): void {
  for (const member of members) {
    if (!member.converts) continue
    const kinds = kindsOf(member)
    if (members.some((other) => other !== member && !kinds.isDisjointFrom(kindsOf(other)))) {
      compiler.refuse(
        'is a union with a codec whose stored values look like those of another alternative',
        'use z.discriminatedUnion, or put one codec around the whole union',
      )
    }
  }
}

const everything: readonly ValueKind[] = [
  'string',
  'number',
  'bigint',
  'boolean',
  'null',
  'date',
  'bytes',
  'set',
  'array',
  'object',
]

const kinds: { readonly [K in Exclude<Kind, 'enum' | 'union'>]: readonly ValueKind[] } = {
  string: ['string'],
  number: ['number'],
  bigint: ['bigint'],
  boolean: ['boolean'],
  date: ['date'],
  bytes: ['bytes'],
  null: ['null'],
  object: ['object'],
  record: ['object'],
  array: ['array'],
  tuple: ['array'],
  set: ['set'],
  dynamic: everything,
}

/** The kinds that a member's stored values have. */
function kindsOf(member: Node): ReadonlySet<ValueKind> {
  const found = new Set<ValueKind>(member.nullable ? ['null'] : [])
  const add = (type: ValueType): void => {
    if (type.kind === 'enum') found.add(type.of)
    else if (type.kind === 'union') type.options.forEach(add)
    else for (const kind of kinds[type.kind]) found.add(kind)
  }
  if (member.type !== undefined) add(member.type)
  return found
}
