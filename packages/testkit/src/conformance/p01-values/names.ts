import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { roundTrip } from './round-trip.js'

const text = z.string().optional()

/** Field names that are operators, paths, separators, prototypes or a store's own attributes somewhere. */
const Odd = defineEntity({
  name: 'P1Odd',
  schema: z.object({
    pk: z.string(),
    sk: z.string(),
    ttl: text,
    _id: text,
    id: text,
    '': text,
    '.': text,
    'a.b': z.string(),
    a: z.object({ b: text, 'b.c': text, $set: text, '': text, '0': text }).optional(),
    $: text,
    $set: text,
    $where: text,
    '#': text,
    '#name': text,
    ':value': text,
    gsi1pk: text,
    gsi1sk: text,
    v: text,
    t: text,
    e: text,
    x: text,
    _t: text,
    $t: text,
    __t: text,
    token: text,
    type: text,
    key: text,
    values: text,
    0: text,
    '-1': text,
    'with space': text,
    'new\nline': text,
    'nul\0nul': text,
    'naïve 😀': text,
    ÿ: text,
    '"quoted"': text,
    "it's": text,
    'a[0]': text,
    length: text,
    size: text,
    constructor: text,
    prototype: text,
    toString: text,
    hasOwnProperty: text,
    // biome-ignore lint/suspicious/noThenProperty: an entity may have a field of this name, and then it must come back.
    then: text,
    ['__proto__']: text,
    __index: text,
    select: text,
    order: text,
  }),
  key: { partition: ['pk'], sort: ['sk', 'a.b'] },
  indexes: { byOdd: { partition: ['pk'], sort: ['$set', '#'] } },
})

const Names = defineEntity({
  name: 'P1Names',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    record: z.record(z.string(), z.string()),
    deep: z.record(z.string(), z.record(z.string(), z.int())),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

/** An object with own fields of any name. */
function withNames<V>(names: readonly string[], value: (name: string) => V): { [name: string]: V } {
  const made: { [name: string]: V } = {}
  for (const name of names)
    Object.defineProperty(made, name, { value: value(name), enumerable: true, configurable: true, writable: true })
  return made
}

const names = Object.keys(Odd.schema.shape)
const keyNames = ['pk', 'sk', 'a.b']
const plain = names.filter((name) => name !== 'a' && !keyNames.includes(name))
type OddFields = z.output<typeof Odd.schema>

function odd(pk: string, sk: string, value: (name: string) => string, chosen: readonly string[] = plain): OddFields {
  const made = withNames<unknown>([...chosen], value)
  Object.assign(made, { pk, sk, 'a.b': `${sk}.b` })
  return made as OddFields
}

export const fieldNames: readonly Case[] = cases(
  'P1',
  'field names',
  { Odd, Names },
  {
    'every declared name holds its own value': async (t, db) => {
      holds(plain.includes('__proto__') && plain.includes('constructor'), 'the schema lost a name')
      const nested = { a: { b: '1', 'b.c': '2', $set: '3', '': '4', '0': '5' } }
      await roundTrip(db.Odd, [
        odd(t.id, 'all', (name) => `v-${name}`),
        Object.assign(
          odd(t.id, 'nested', (name) => name),
          nested,
        ),
        odd(t.id, 'bare', String, []),
      ])
    },

    'each name can be set, compared and removed by itself': async (t, db) => {
      const key = { pk: t.id, sk: 's', 'a.b': 's.b' }
      await db.Odd.create(odd(t.id, 's', () => 'old'))
      for (const name of plain) {
        const field = name as 'ttl'
        const others = plain.filter((other) => other !== name)
        const changed = odd(t.id, 's', (other) => (other === name ? 'new' : 'old'))
        same(
          await db.Odd.update(key, (o, { set }) => set(o[field], 'new'), { if: (o, { eq }) => eq(o[field], 'old') }),
          changed,
          `what set(${name}) gave`,
        )
        await refused(
          db.Odd.update(key, () => [], { if: (o, { eq }) => eq(o[field], 'old') }),
          'CONDITION_FAILED',
        )
        same(
          await db.Odd.query({ pk: t.id })
            .where((o, { eq }) => eq(o[field], 'new'))
            .all(),
          [changed],
          `what eq(${name}) found`,
        )
        same(
          await db.Odd.update(key, (o, { remove }) => remove(o[field])),
          odd(t.id, 's', () => 'old', others),
          `what remove(${name}) gave`,
        )
        same(
          await db.Odd.update(key, withNames([name], () => 'old') as never),
          odd(t.id, 's', () => 'old'),
          `what { ${name} } gave`,
        )
      }
    },

    'nested names are no paths': async (t, db) => {
      const key = { pk: t.id, sk: 'p', 'a.b': 'p.b' }
      await db.Odd.create(Object.assign(odd(t.id, 'p', String, []), { a: { b: 'b', 'b.c': 'b.c' } }))
      await db.Odd.update(key, (o, { set }) => [
        set(o.a['b.c'], 'x'),
        set(o.a.$set, 'y'),
        set(o.a['0'], 'z'),
        set(o.a[''], 'e'),
      ])
      same(await db.Odd.get(key), { ...key, a: { b: 'b', 'b.c': 'x', $set: 'y', '0': 'z', '': 'e' } })
      const found = (name: 'b' | 'b.c' | '$set' | '0' | '', value: string): Promise<number> =>
        db.Odd.query({ pk: t.id })
          .where((o, { eq }) => eq(o.a[name], value))
          .count()
      same(await found('b.c', 'x'), 1, 'a field with a dot')
      same(await found('b', 'x'), 0, 'the field before the dot')
      same(await found('$set', 'y'), 1, 'a field with a dollar')
      same(await found('0', 'z'), 1, 'a field that is a number')
      same(await found('', 'e'), 1, 'a field without a name')
    },

    'a key and an index of odd names work': async (t, db) => {
      const entities = ['1', '2', '3'].map((n) => odd(t.id, n, (name) => `${name}${n}`, ['$set', '#']))
      await db.Odd.putMany(entities)
      same(await db.Odd.query({ pk: t.id }).all(), entities, 'by the key')
      await t.settled(
        () => db.Odd.query('byOdd', { pk: t.id }).reverse().all(),
        [...entities].reverse(),
        'by the index',
      )
      await t.settled(
        () =>
          db.Odd.query('byOdd', { pk: t.id })
            .where((o, { eq }) => eq(o.$set, '$set2'))
            .all(),
        [entities[1]],
        'by the index and its sort field',
      )
    },

    'record keys hold their own values': async (t, db) => {
      const record = withNames(
        [...names, '$$', 'a.b.c', '.a', 'a.', '0', '1', '\ufffd', '😀', '\\', '%', '*', '?'],
        (name) => `v-${name}`,
      )
      const deep = withNames(['__proto__', 'constructor', '$a', 'a.b', ''], () =>
        withNames(['__proto__', 'toString', '.', ''], () => 7),
      )
      await roundTrip(db.Names, [
        { group: t.id, id: 1, record, deep },
        { group: t.id, id: 2, record: {}, deep: {} },
      ])
    },

    'each record key can be set, compared and removed by itself': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const keys = ['__proto__', 'constructor', 'toString', '', '.', 'a.b', '$set', '$', '#', '0', 'nul\0', '😀', '"']
      await db.Names.create({ ...key, record: withNames(keys, () => 'old'), deep: {} })
      for (const name of keys) {
        const left = withNames(keys, (other) => (other === name ? 'new' : 'old'))
        const one = await db.Names.update(key, (o, { set, at }) => set(at(o.record, name), 'new'), {
          if: (o, { eq, at }) => eq(at(o.record, name), 'old'),
        })
        same(one.record, left, `the record after set at ${name}`)
        same(
          await db.Names.query({ group: t.id })
            .where((o, { eq, at }) => eq(at(o.record, name), 'new'))
            .count(),
          1,
          `what eq at ${name} found`,
        )
        const gone = await db.Names.update(key, (o, { remove, at }) => remove(at(o.record, name)))
        same(
          gone.record,
          withNames(
            keys.filter((other) => other !== name),
            () => 'old',
          ),
          `the record after remove at ${name}`,
        )
        await db.Names.update(key, (o, { set, at }) => set(at(o.record, name), 'old'))
      }
    },

    'a name that is a prototype comes back as data': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Names.create({
        ...key,
        record: withNames(['__proto__', 'constructor'], (name) => name),
        deep: withNames(['__proto__'], () => ({ polluted: 1 })),
      })
      const found = await db.Names.get(key)
      holds(
        found !== undefined && Object.getPrototypeOf(found.deep) === Object.prototype,
        'the prototype of a record was replaced',
      )
      same(Object.keys(found.record).sort(), ['__proto__', 'constructor'], 'the own names')
      same((found.deep as { readonly polluted?: unknown }).polluted, undefined, 'what a prototype would give')
      same(({} as { readonly polluted?: unknown }).polluted, undefined, 'what all objects would have')
    },
  },
)
