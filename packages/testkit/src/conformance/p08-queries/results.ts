import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { idsOf } from './fixtures.js'

const Row = defineEntity({
  name: 'P8Row',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    n: z.int(),
    text: z.string().optional(),
    object: z.object({ a: z.int() }).optional(),
    flag: z.boolean(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
  revision: true,
})

const rows = (group: string, count = 10) =>
  Array.from({ length: count }, (_, id) => ({
    group,
    id,
    n: (id * 7) % 10,
    flag: id % 2 === 0,
    ...(id % 3 === 0 ? { text: `t${id}` } : {}),
  }))

export const results: readonly Case[] = cases(
  'P8',
  'results',
  { Row },
  {
    'select gives the fields that were asked for, and no others': async (t, db) => {
      const stored = await db.Row.putMany([
        { ...rows(t.id, 1)[0], group: t.id, id: 0, n: 1, flag: true, object: { a: 1 } },
        { group: t.id, id: 1, n: 2, flag: false },
      ])
      const query = db.Row.query({ group: t.id })
      same(await query.select('text', 'n').all(), [{ text: 't0', n: 1 }, { n: 2 }], 'fields of which one is absent')
      same(await query.select('id').all(), [{ id: 0 }, { id: 1 }], 'a key field')
      same(
        await query.select('object', 'group').all(),
        [{ object: { a: 1 }, group: t.id }, { group: t.id }],
        'an object',
      )
      same(
        await query.select('revision').all(),
        stored.map(({ revision }) => ({ revision })),
        'the revision',
      )
      same(
        await query
          .select('n')
          .where((o, { eq }) => eq(o.flag, true))
          .all(),
        [{ n: 1 }],
        'with a filter on another field',
      )
      same(
        await query
          .where((o, { exists }) => exists(o.text))
          .select('flag')
          .reverse()
          .all(),
        [{ flag: true }],
        'after a filter',
      )
      same(await query.select('n').page(), { items: [{ n: 1 }, { n: 2 }], cursor: undefined }, 'a page')
      same(await query.select('n').first(), { n: 1 }, 'the first')
      same(await query.select('text').count(), 2, 'a count')
      await t.settled(
        () => db.Row.query('byN', { group: t.id }).select('id', 'flag').all(),
        [
          { id: 0, flag: true },
          { id: 1, flag: false },
        ],
        'by an index',
      )
      await refused(() => query.select('nothing' as never).all(), 'VALIDATION', { says: ['nothing'] })
    },

    'count counts, and stops at the limit': async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const query = db.Row.query({ group: t.id })
      same(await query.count(), 10, 'all')
      same(await query.where((o, { eq }) => eq(o.flag, true)).count(), 5, 'with a filter')
      same(await query.where((o, { gte }) => gte(o.id, 7)).count(), 3, 'with a range')
      same(await query.limit(4).count(), 4, 'with a limit below')
      same(await query.limit(40).count(), 10, 'with a limit above')
      same(
        await query
          .where((o, { eq }) => eq(o.flag, false))
          .limit(2)
          .count(),
        2,
        'with a filter and a limit',
      )
      same(await db.Row.query({ group: `${t.id}-none` }).count(), 0, 'of an empty partition')
      await t.settled(
        () =>
          db.Row.query('byN', { group: t.id })
            .where((o, { lt }) => lt(o.n, 5))
            .count(),
        5,
        'by an index',
      )
    },

    "first gives the first in the query's order, or undefined": async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const query = db.Row.query({ group: t.id })
      same((await query.first())?.id, 0, 'forward')
      same((await query.reverse().first())?.id, 9, 'in reverse')
      same((await query.where((o, { eq }) => eq(o.text, 't6')).first())?.id, 6, 'with a filter')
      same(await query.where((o, { gt }) => gt(o.id, 99)).first(), undefined, 'of nothing')
      await t.settled(async () => (await db.Row.query('byN', { group: t.id }).first())?.id, 0, 'by an index')
    },

    'one gives the only result, and says when there is none or more': async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const query = db.Row.query({ group: t.id })
      same((await query.where((o, { eq }) => eq(o.text, 't6')).one()).id, 6, 'one')
      await refused(query.where((o, { eq }) => eq(o.text, 'none')).one(), 'NOT_FOUND')
      await refused(query.one(), 'NOT_UNIQUE')
      await refused(query.where((o, { eq }) => eq(o.flag, true)).one(), 'NOT_UNIQUE')
      same((await query.limit(1).one()).id, 0, 'the only one that a limit leaves')
    },

    'reverse turns order, limits and pages around': async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const query = db.Row.query({ group: t.id }).reverse()
      same(await idsOf(query), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 'all')
      same(await idsOf(query.limit(3)), [9, 8, 7], 'a limit')
      same(await idsOf(query.where((o, { lt }) => lt(o.id, 5)).limit(2)), [4, 3], 'a range and a limit')
      same(await idsOf(query.where((o, { eq }) => eq(o.flag, true))), [8, 6, 4, 2, 0], 'a filter')
      const page = await query.page({ size: 4 })
      same(
        page.items.map(({ id }) => id),
        [9, 8, 7, 6],
        'a page',
      )
      same(
        (await query.page({ size: 4, cursor: page.cursor })).items.map(({ id }) => id),
        [5, 4, 3, 2],
        'the next',
      )
      await t.settled(
        async () => (await db.Row.query('byN', { group: t.id }).reverse().limit(3).all()).map(({ n }) => n),
        [9, 8, 7],
        'by an index',
      )
    },

    'a query is a value: branching and running it again change nothing': async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const base = db.Row.query({ group: t.id }).where((o, { gte }) => gte(o.id, 4))
      const even = base.where((o, { eq }) => eq(o.flag, true))
      const last = base.reverse().limit(2)
      const narrow = base.select('n')
      same(await Promise.all([idsOf(base), idsOf(even), idsOf(last), idsOf(base)]), [
        [4, 5, 6, 7, 8, 9],
        [4, 6, 8],
        [9, 8],
        [4, 5, 6, 7, 8, 9],
      ])
      same((await narrow.all()).length, 6, 'a narrowed branch')
      same(Object.keys((await base.first()) ?? {}).includes('flag'), true, 'that the base is as wide as before')
      same(await even.count(), 3, 'a count of a branch')
      same(await idsOf(even), [4, 6, 8], 'the branch again')
    },

    'a query is iterated item by item, and may be left early': async (t, db) => {
      await db.Row.putMany(rows(t.id))
      const query = db.Row.query({ group: t.id })
      const seen: number[] = []
      for await (const row of query) seen.push(row.id)
      same(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'all')
      const some: number[] = []
      for await (const { id } of query.limit(5)) {
        some.push(id)
        if (id === 2) break
      }
      same(some, [0, 1, 2], 'those until the break')
      const again: number[] = []
      for await (const { id } of query.where((o, { gt }) => gt(o.id, 7)).iterate()) again.push(id)
      same(again, [8, 9], 'by iterate()')
    },

    'a partition that is not there gives nothing': async (t, db) => {
      const query = db.Row.query({ group: `${t.id}-none` })
      same(await query.all(), [], 'all')
      same(await query.page(), { items: [], cursor: undefined }, 'a page')
      same(await query.reverse().first(), undefined, 'the first')
      same(await db.Row.query('byN', { group: `${t.id}-none` }).all(), [], 'by an index')
    },

    'what cannot be asked is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(() => db.Row.query({} as never).all(), 'VALIDATION', { says: ['group'] })
        await refused(() => db.Row.query({ group: 1 } as never).all(), 'VALIDATION', { says: ['group'] })
        await refused(() => db.Row.query({ group: { $gt: '' } } as never).all(), 'VALIDATION')
        await refused(() => db.Row.query({ group: null } as never).all(), 'VALIDATION')
        await refused(() => db.Row.query('byNothing' as never, { group: t.id } as never).all(), 'VALIDATION', {
          says: ['byNothing', 'byN'],
        })
        await refused(() => db.Row.query('byN', {} as never).all(), 'VALIDATION', { says: ['group'] })
        for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5']) {
          await refused(
            () =>
              db.Row.query({ group: t.id })
                .limit(limit as number)
                .all(),
            'VALIDATION',
          )
          await refused(() => db.Row.query({ group: t.id }).page({ size: limit as number }), 'VALIDATION')
        }
        await refused(
          () =>
            db.Row.query({ group: t.id })
              .consistency('weak' as never)
              .all(),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
