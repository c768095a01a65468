import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import { idsOf } from './fixtures.js'

const Entry = defineEntity({
  name: 'P8Entry',
  schema: z.object({ group: z.string(), id: z.int(), name: z.string(), score: z.number(), tag: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byName: { partition: ['group'], sort: ['name', 'score'] } },
})

const names = ['', 'a', 'ab', 'abc', 'b', 'ba', '#', 'é', '😀', 'z'] as const
const entries = (group: string) =>
  names.map((name, id) => ({ group, id, name, score: id % 3, ...(id % 2 === 0 ? { tag: 'even' } : {}) }))

export const ranges: readonly Case[] = cases(
  'P8',
  'ranges',
  { Entry },
  {
    'impossible ranges give no rows, no error, and cost nothing where the plan says so': async (t, db) => {
      await db.Entry.putMany(entries(t.id))
      const query = db.Entry.query({ group: t.id })
      const byName = db.Entry.query('byName', { group: t.id })
      const impossible = [
        query.where((o, { between }) => between(o.id, 5, 2)),
        query.where((o, { gt }) => gt(o.id, 5)).where((o, { lt }) => lt(o.id, 5)),
        query.where((o, { gt, lt, and }) => and(gt(o.id, 5), lt(o.id, 3))),
        query.where((o, { eq, and }) => and(eq(o.id, 1), eq(o.id, 2))),
        query.where((o, { in: among }) => among(o.id, [])),
        query.where((_, { or }) => or()),
        query.where((_, { not, and }) => not(and())),
        query.where((o, { eq, gt, and }) => and(eq(o.id, 1), gt(o.id, 1))),
        byName.where((o, { beginsWith, eq, and }) => and(beginsWith(o.name, 'a'), eq(o.name, 'b'))),
        byName.where((o, { beginsWith, gt, and }) => and(beginsWith(o.name, 'a'), gt(o.name, 'b'))),
        byName.where((o, { beginsWith, and }) => and(beginsWith(o.name, 'a'), beginsWith(o.name, 'b'))),
        byName.where((o, { between }) => between(o.name, 'z', 'a')),
        byName.where((o, { lt }) => lt(o.name, '')),
        byName.where((o, { gt }) => gt(o.name, '\u{10ffff}\u{10ffff}')),
      ]
      for (const [at, one] of impossible.entries()) {
        const { answer, requests } = await t.trips(() => one.all())
        same(answer, [], `query ${at}`)
        if (one.explain().access === 'none') same(requests.length, 0, `the round trips of query ${at}`)
        same(await one.count(), 0, `the count of query ${at}`)
        same(await one.reverse().limit(1).first(), undefined, `the first of query ${at}`)
      }
    },

    'several conditions on one sort field meet': async (t, db) => {
      await db.Entry.putMany(entries(t.id))
      const query = db.Entry.query({ group: t.id })
      same(
        await idsOf(
          query
            .where((o, { gt }) => gt(o.id, 1))
            .where((o, { gte }) => gte(o.id, 4))
            .where((o, { lt }) => lt(o.id, 8)),
        ),
        [4, 5, 6, 7],
        'the narrowest',
      )
      same(
        await idsOf(query.where((o, { between, gt, and }) => and(between(o.id, 2, 6), gt(o.id, 2)))),
        [3, 4, 5, 6],
        'a range and an open end',
      )
      same(
        await idsOf(query.where((o, { between, and }) => and(between(o.id, 2, 6), between(o.id, 5, 9)))),
        [5, 6],
        'two ranges',
      )
      same(
        await idsOf(query.where((o, { eq, gte, and }) => and(eq(o.id, 4), gte(o.id, 4)))),
        [4],
        'a value in its range',
      )
      same(await idsOf(query.where((o, { ne, gt, and }) => and(ne(o.id, 8), gt(o.id, 6)))), [7, 9], 'a range but one')
      same(
        await idsOf(query.where((o, { in: among, gt, and }) => and(among(o.id, [9, 1, 5, 1]), gt(o.id, 1)))),
        [5, 9],
        'some of a range',
      )
      same(await idsOf(query.where((o, { not, between }) => not(between(o.id, 1, 8)))), [0, 9], 'outside a range')
      same(await idsOf(query.where((o, { or, lt, gt }) => or(lt(o.id, 2), gt(o.id, 7)))), [0, 1, 8, 9], 'two ends')
      same(await idsOf(query.where((_, { and }) => and())), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'no condition')
    },

    'prefixes meet other conditions on their field': async (t, db) => {
      await db.Entry.putMany(entries(t.id))
      const query = db.Entry.query('byName', { group: t.id })
      await t.settled(() => query.count(), names.length, 'how many the index holds')
      const found = async (condition: Parameters<typeof query.where>[0]): Promise<string[]> =>
        (await query.where(condition).all()).map(({ name }) => name)
      same(await found((o, { beginsWith }) => beginsWith(o.name, 'a')), ['a', 'ab', 'abc'], 'a prefix')
      same(
        await found((o, { beginsWith }) => beginsWith(o.name, '')),
        ['', '#', 'a', 'ab', 'abc', 'b', 'ba', 'z', 'é', '😀'],
        'the empty prefix',
      )
      same(
        await found((o, { beginsWith, and }) => and(beginsWith(o.name, 'a'), beginsWith(o.name, 'ab'))),
        ['ab', 'abc'],
        'two prefixes',
      )
      same(
        await found((o, { beginsWith, gt, and }) => and(beginsWith(o.name, 'a'), gt(o.name, 'a'))),
        ['ab', 'abc'],
        'a prefix and more',
      )
      same(
        await found((o, { beginsWith, lte, and }) => and(beginsWith(o.name, 'a'), lte(o.name, 'ab'))),
        ['a', 'ab'],
        'a prefix and less',
      )
      same(
        await found((o, { beginsWith, eq, and }) => and(beginsWith(o.name, 'a'), eq(o.name, 'ab'))),
        ['ab'],
        'a prefix of a value',
      )
      same(
        await found((o, { beginsWith, not }) => not(beginsWith(o.name, 'a'))),
        ['', '#', 'b', 'ba', 'z', 'é', '😀'],
        'no prefix',
      )
      same(
        await found((o, { beginsWith, or, eq }) => or(beginsWith(o.name, 'ab'), eq(o.name, 'z'))),
        ['ab', 'abc', 'z'],
        'a prefix or a value',
      )
    },

    'key fields, of the partition too, may stand anywhere in a filter': async (t, db) => {
      await db.Entry.putMany(entries(t.id))
      const query = db.Entry.query({ group: t.id })
      same(
        await idsOf(query.where((o, { or, eq, and, gt }) => or(eq(o.id, 3), and(eq(o.group, t.id), gt(o.score, 1))))),
        [2, 3, 5, 8],
        'the partition and sort fields',
      )
      same(
        await idsOf(query.where((o, { eq }) => eq(o.group, t.id))),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        'the partition field, right',
      )
      same(await idsOf(query.where((o, { eq }) => eq(o.group, 'other'))), [], 'the partition field, wrong')
      same(
        await idsOf(query.where((o, { not, eq }) => not(eq(o.id, 3)))),
        [0, 1, 2, 4, 5, 6, 7, 8, 9],
        'not one sort value',
      )
      same(
        await idsOf(query.where((o, { beginsWith, exists, and }) => and(beginsWith(o.group, t.id), exists(o.id)))),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        'a prefix of the partition',
      )
      const byName = db.Entry.query('byName', { group: t.id })
      await t.settled(
        async () =>
          (await byName.where((o, { or, eq, gt }) => or(eq(o.name, 'z'), gt(o.score, 1))).all()).map(({ id }) => id),
        [2, 5, 9, 8],
        'fields of the index',
      )
      same(
        (await byName.where((o, { in: among }) => among(o.id, [1, 2])).all()).map(({ id }) => id),
        [1, 2],
        'fields of the key, by an index',
      )
    },

    'a range and a filter meet': async (t, db) => {
      await db.Entry.putMany(entries(t.id))
      const query = db.Entry.query({ group: t.id }).where((o, { between }) => between(o.id, 1, 8))
      same(await idsOf(query.where((o, { eq }) => eq(o.tag, 'even'))), [2, 4, 6, 8], 'a filter')
      same(
        await idsOf(query.where((o, { notExists }) => notExists(o.tag)).reverse()),
        [7, 5, 3, 1],
        'a filter in reverse',
      )
      same(
        await idsOf(query.where((o, { eq, or, gt }) => or(eq(o.tag, 'even'), gt(o.score, 0))).limit(3)),
        [1, 2, 4],
        'a filter and a limit',
      )
      same(await query.where((o, { eq }) => eq(o.tag, 'even')).count(), 4, 'a count')
    },
  },
)
