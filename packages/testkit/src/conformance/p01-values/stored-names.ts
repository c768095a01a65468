import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const schema = z.object({
  group: z.string(),
  id: z.int(),
  a: z.int(),
  b: z.string().optional(),
  raw: z.instanceof(Uint8Array).optional(),
  list: z.array(z.object({ a: z.int() })).optional(),
  tags: z.set(z.string()).optional(),
  email: z.string().optional(),
  until: z.date().optional(),
})
const definition = {
  name: 'P1Named',
  schema,
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byRaw: { partition: ['group'], sort: ['raw'] }, byB: { partition: ['group', 'b'], sort: ['a'] } },
  ttl: 'until',
  revision: true,
} as const

/** Names that change places, and names that mean something to a store. */
const Named = defineEntity({
  ...definition,
  names: {
    group: '_id',
    id: 'pk',
    a: 'b',
    b: 'a',
    raw: '$set',
    list: 'l.0',
    tags: '#',
    email: '__proto__',
    until: '7',
  },
})
/** The same data under other names. */
const renamed = {
  name: 'P1Renamed',
  schema: z.object({ id: z.string(), a: z.int() }),
  key: { partition: ['id'] },
} as const
const Renamed = defineEntity({ ...renamed, names: { a: 'x' } })
const Plain = defineEntity(renamed)

type One = z.output<typeof schema>

const ones = (group: string): [One, One, One] => [
  { group, id: 1, a: 1, b: 'x', raw: Uint8Array.of(2), list: [{ a: 1 }], tags: new Set(['t']), email: 'e' },
  { group, id: 2, a: 2, b: 'x', raw: Uint8Array.of(1, 255) },
  { group, id: 3, a: 3, b: 'y', raw: Uint8Array.of(1) },
]
const idsOf = (found: readonly { readonly id: number }[]): number[] => found.map(({ id }) => id)

export const storedNames: readonly Case[] = cases(
  'P1',
  'stored names',
  { Named },
  {
    'fields that are called otherwise in the store are written, found and changed as ever': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [first, second, third] = ones(t.id)
        await db.Named.putMany([first, second, third])
        const all = async (): Promise<One[]> =>
          (await db.Named.query({ group: t.id }).all()).map(({ revision: _, ...rest }) => rest)
        same(await all(), [first, second, third], 'what was written')
        await t.settled(async () => idsOf(await db.Named.query('byRaw', { group: t.id }).all()), [3, 2, 1], 'by bytes')
        await t.settled(
          async () => idsOf(await db.Named.query('byB', { group: t.id, b: 'x' }).all()),
          [1, 2],
          'by index',
        )
        const some = db.Named.query({ group: t.id }).where((o, { or, eq, contains, gt }) =>
          or(eq(o.a, 3), contains(o.tags, 't'), gt(o.b, 'z')),
        )
        same(idsOf(await some.select('id', 'a').all()), [1, 3], 'by a filter')
        same(await db.Named.query({ group: t.id }).select('b').all(), [{ b: 'x' }, { b: 'x' }, { b: 'y' }], 'a field')

        await db.Named.update(
          first,
          (o, { add, set, addToSet, remove, at }) => [
            add(o.a, 10),
            set(o.b, 'z'),
            remove(o.raw),
            set(at(o.list, 0).a, 7),
            addToSet(o.tags, new Set(['u'])),
            set(o.email, 'f'),
          ],
          { if: (o, { and, eq, notExists }) => and(eq(o.a, 1), notExists(o.until)) },
        )
        await db.Named.upsert({ group: t.id, id: 2, a: 20, email: 'g' })
        await db.transact((x) => [
          x.Named.update(third, (o, { add, remove }) => [add(o.a, 1), remove(o.b)]),
          x.Named.check({ group: t.id, id: 2 }, { if: (o, { eq }) => eq(o.email, 'g') }),
        ])
        const { b: _, ...rest } = third
        const changed = [
          { group: t.id, id: 1, a: 11, b: 'z', list: [{ a: 7 }], tags: new Set(['t', 'u']), email: 'f' },
          { ...second, a: 20, email: 'g' },
          { ...rest, a: 4 },
        ]
        same(await all(), changed, 'what was changed')
        await t.settled(
          async () => idsOf(await db.Named.query('byRaw', { group: t.id }).all()),
          [3, 2],
          'by bytes, after',
        )
        await t.settled(
          async () => idsOf(await db.Named.query('byB', { group: t.id, b: 'z' }).all()),
          [1],
          'by index, after',
        )
        await db.Named.update(second, { until: new Date(t.clock.now() + 1_000) })
        t.clock.advance(1_000)
        same(idsOf(await db.Named.query({ group: t.id }).all()), [1, 3], 'when one has expired')
      },
    },

    'other names than those that are recorded are refused': async (t) => {
      const namespace = t.fresh()
      const db = await namespace.connect({ Renamed })
      await db.setup()
      const other = await namespace.connect({ Plain })
      const { message } = await refused(other.setup(), 'MODEL_MISMATCH', { says: ['stored name of a'] })
      holds(message.includes('names: {'), `the message ${JSON.stringify(message)} does not say what to declare`)
      const { problems } = await other.check()
      holds(
        problems.some(({ what }) => what === 'the stored name of a of P1Renamed'),
        'check finds no name that differs',
      )
      same((await db.check()).ok, true, 'whether the model that was set up fits')
    },
  },
)
