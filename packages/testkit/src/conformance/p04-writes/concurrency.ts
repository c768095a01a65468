import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

const Counter = defineEntity({
  name: 'P4Counter',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    int: z.int().optional(),
    big: z.bigint().optional(),
    float: z.number().optional(),
    list: z.array(z.int()).optional(),
    set: z.set(z.int()).optional(),
    fields: z.record(z.string(), z.int()).optional(),
    score: z.int().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byScore: { partition: ['group'], sort: ['score'] } },
})

const fifty = Array.from({ length: 50 }, (_, n) => n)
const key = (group: string) => ({ group, id: '1' })

export const concurrency: readonly Case[] = cases(
  'P4',
  'concurrent updates',
  { Counter },
  {
    'fifty additions to an int lose none': async (t, db) => {
      await db.Counter.create({ ...key(t.id), int: 0 })
      const seen = await Promise.all(
        fifty.map(async () => (await db.Counter.update(key(t.id), (o, { add }) => add(o.int, 1))).int),
      )
      same(
        seen.sort((a, b) => Number(a) - Number(b)),
        fifty.map((n) => n + 1),
        'what the updates saw',
      )
      same((await db.Counter.get(key(t.id)))?.int, 50, 'the sum')
    },

    'fifty additions to a bigint lose none, over two handles': async (t, db) => {
      const other = await t.connect({ Counter })
      await db.Counter.create({ ...key(t.id), big: 2n ** 60n })
      await Promise.all(
        fifty.map((n) =>
          (n % 2 === 0 ? db : other).Counter.update(key(t.id), (o, { add }) => add(o.big, 3n), { return: 'none' }),
        ),
      )
      same((await db.Counter.get(key(t.id)))?.big, 2n ** 60n + 150n, 'the sum')
    },

    'fifty additions to a double lose none': async (t, db) => {
      await db.Counter.create({ ...key(t.id), float: 0 })
      await Promise.all(
        fifty.map(() => db.Counter.update(key(t.id), (o, { add }) => add(o.float, 0.25), { return: 'none' })),
      )
      same((await db.Counter.get(key(t.id)))?.float, 12.5, 'the sum')
    },

    'fifty first additions with orCreate lose none': async (t, db) => {
      await Promise.all(
        fifty.map(() =>
          db.Counter.update(key(t.id), (o, { add }) => add(o.int, 2), { orCreate: true, return: 'none' }),
        ),
      )
      same((await db.Counter.get(key(t.id)))?.int, 100, 'the sum')
    },

    'fifty appends and fifty set members lose none': async (t, db) => {
      await db.Counter.create(key(t.id))
      await Promise.all(
        fifty.map((n) =>
          db.Counter.update(
            key(t.id),
            (o, { append, addToSet }) => [append(o.list, [n]), addToSet(o.set, new Set([n]))],
            { return: 'none' },
          ),
        ),
      )
      const found = await db.Counter.get(key(t.id))
      same(
        found?.list?.toSorted((a, b) => a - b),
        fifty,
        'the list',
      )
      same(found?.set, new Set(fifty), 'the set')
    },

    'updates of different fields keep each other': async (t, db) => {
      await db.Counter.create({ ...key(t.id), fields: {}, list: [], int: 0 })
      await Promise.all(
        fifty.map((n) => {
          if (n % 5 === 0) return db.Counter.update(key(t.id), (o, { add }) => add(o.int, 1), { return: 'none' })
          return db.Counter.update(key(t.id), (o, { set, at }) => set(at(o.fields, `f${n}`), n), { return: 'none' })
        }),
      )
      const found = await db.Counter.get(key(t.id))
      same(found?.int, 10, 'the counter')
      same(found?.fields, Object.fromEntries(fifty.filter((n) => n % 5 !== 0).map((n) => [`f${n}`, n])), 'the fields')
    },

    'removals of elements at once close every gap': async (t, db) => {
      await db.Counter.create({ ...key(t.id), list: fifty })
      await Promise.all(
        Array.from({ length: 20 }, () =>
          db.Counter.update(key(t.id), (o, { remove, at }) => remove(at(o.list, 0)), { return: 'none' }),
        ),
      )
      same((await db.Counter.get(key(t.id)))?.list, fifty.slice(20))
    },

    'an index follows concurrent updates of its field': async (t, db) => {
      await db.Counter.create({ ...key(t.id), score: 0 })
      await Promise.all(
        fifty.slice(0, 20).map(() => db.Counter.update(key(t.id), (o, { add }) => add(o.score, 1), { return: 'none' })),
      )
      await t.settled(
        () => db.Counter.query('byScore', { group: t.id }).all(),
        [{ ...key(t.id), score: 20 }],
        'what the index finds',
      )
      await t.settled(
        () =>
          db.Counter.query('byScore', { group: t.id })
            .where((o, { lt }) => lt(o.score, 20))
            .count(),
        0,
        'what the index keeps of before',
      )
    },
  },
)
