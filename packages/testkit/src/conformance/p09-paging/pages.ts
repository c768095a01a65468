import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, same } from '../check.js'
import { pagesOf } from './walk.js'

const Item = defineEntity({
  name: 'P9Item',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    rare: z.boolean(),
    n: z.int().optional(),
    load: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
})

const items = (group: string, count: number) =>
  Array.from({ length: count }, (_, id) => ({ group, id, rare: id % 50 === 49, n: id % 10 }))
const idsOf = (found: readonly { readonly id: number }[]): number[] => found.map(({ id }) => id)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

export const pages: readonly Case[] = cases(
  'P9',
  'limits and pages',
  { Item },
  {
    'limit(n) means n results, however many rows a filter passes over': async (t, db) => {
      await db.Item.putMany(items(t.id, 600))
      const rare = db.Item.query({ group: t.id }).where((o, { eq }) => eq(o.rare, true))
      const expected = upTo(12).map((n) => n * 50 + 49)
      same(idsOf(await rare.limit(7).all()), expected.slice(0, 7), 'seven of twelve')
      same(idsOf(await rare.limit(12).all()), expected, 'twelve of twelve')
      same(idsOf(await rare.limit(13).all()), expected, 'thirteen of twelve')
      same(idsOf(await rare.reverse().limit(2).all()), [599, 549], 'two in reverse')
      same(await rare.limit(3).count(), 3, 'a count')
      const seen: number[] = []
      for await (const { id } of rare.limit(5)) seen.push(id)
      same(seen, expected.slice(0, 5), 'five, iterated')
      same(
        idsOf(
          await rare
            .where((o, { gt }) => gt(o.id, 100))
            .limit(2)
            .all(),
        ),
        [149, 199],
        'with a range',
      )
    },

    'a page is full unless the results end': async (t, db) => {
      await db.Item.putMany(items(t.id, 203))
      const query = db.Item.query({ group: t.id })
      for (const size of [1, 50, 100, 202, 203, 204, 1000]) {
        const found =
          size === 1
            ? await pagesOf(
                query.where((o, { lt }) => lt(o.id, 12)),
                size,
              )
            : await pagesOf(query, size)
        const count = size === 1 ? 12 : 203
        same(idsOf(found.flat()), upTo(count), `all of them in pages of ${size}`)
        const full = found.slice(0, Math.floor(count / size))
        holds(
          full.every((page) => page.length === size),
          `a page of ${size} came short: ${found.map((page) => page.length).join()}`,
        )
        holds(
          found.length <= full.length + 1,
          `pages of ${size} are too many: ${found.map((page) => page.length).join()}`,
        )
      }
      const rare = await pagesOf(
        query.where((o, { eq }) => eq(o.rare, true)),
        3,
      )
      same(rare.map(idsOf).slice(0, 2), [[49, 99, 149], [199]], 'pages of three with a filter')
      holds(rare.slice(2).flat().length === 0, 'there is more behind the last page')
    },

    'without a size a page holds a hundred': async (t, db) => {
      await db.Item.putMany(items(t.id, 120))
      const first = await db.Item.query({ group: t.id }).page()
      same(first.items.length, 100, 'the first')
      const second = await db.Item.query({ group: t.id }).page({ cursor: first.cursor })
      same([second.items.length, second.cursor], [20, undefined], 'the second')
    },

    'pages by an index and in reverse hold each entity once': async (t, db) => {
      await db.Item.putMany(items(t.id, 100))
      const byN = db.Item.query('byN', { group: t.id })
      await t.settled(() => byN.count(), 100, 'how many the index holds')
      // By n, which is id % 10, and ties by the key.
      const expected = upTo(10).flatMap((n) => upTo(10).map((at) => at * 10 + n))
      for (const size of [1, 7, 10, 99]) {
        const range = size === 1 ? byN.where((o, { lt }) => lt(o.n, 2)) : byN
        const wanted = size === 1 ? expected.slice(0, 20) : expected
        same(idsOf((await pagesOf(range, size)).flat()), wanted, `in pages of ${size}`)
        same(
          idsOf((await pagesOf(range.reverse(), size)).flat()),
          wanted.toReversed(),
          `in pages of ${size}, in reverse`,
        )
      }
      const some = byN.where((o, { between }) => between(o.n, 3, 5)).where((o, { eq }) => eq(o.rare, false))
      same(idsOf((await pagesOf(some, 4)).flat()), expected.slice(30, 60), 'a range with a filter')
    },

    "results larger than a store's page come whole": async (t, db) => {
      const load = 'x'.repeat(45_000)
      const large = upTo(60).map((id) => ({ group: t.id, id, rare: id === 58, n: 1, load: `${id}${load}` }))
      await db.Item.putMany(large)
      const query = db.Item.query({ group: t.id })
      same(await query.all(), large, 'all')
      same(await query.count(), 60, 'the count')
      same(idsOf(await query.where((o, { eq }) => eq(o.rare, true)).all()), [58], 'the only one that fits a filter')
      same(await query.where((o, { eq }) => eq(o.load, 'none')).all(), [], 'none that fits a filter')
      same(
        await query.where((o, { eq }) => eq(o.load, 'none')).page({ size: 5 }),
        { items: [], cursor: undefined },
        'a page of none',
      )
      same(
        (await pagesOf(query.select('id'), 25)).map((page) => page.length),
        [25, 25, 10],
        'pages of a few fields',
      )
      same(idsOf(await query.reverse().limit(30).all()), upTo(60).toReversed().slice(0, 30), 'thirty in reverse')
      await t.settled(async () => idsOf(await db.Item.query('byN', { group: t.id }).all()), upTo(60), 'by an index')
    },

    'pages under inserts and deletes neither repeat nor skip what was there throughout': async (t, db) => {
      const stay = upTo(120).map((n) => n * 10)
      await db.Item.putMany(stay.map((id) => ({ group: t.id, id, rare: false })))
      for (const reverse of [false, true]) {
        const query = reverse ? db.Item.query({ group: t.id }).reverse() : db.Item.query({ group: t.id })
        const gone = new Set<number>()
        const found = await pagesOf(query, 15, async (page, at) => {
          const last = page.at(-1)?.id ?? 0
          const side = reverse ? -1 : 1
          // New ones behind and before the cursor; and the entity at the cursor itself goes.
          await db.Item.putMany(
            [last + 3 * side, last + 5 * side, last - 3 * side, last - 27 * side].map((id) => ({
              group: t.id,
              id,
              rare: true,
            })),
          )
          if (at % 2 === 0) {
            await db.Item.delete({ group: t.id, id: last })
            gone.add(last)
          }
        })
        const seen = idsOf(found.flat())
        same(seen, [...new Set(seen)], 'that none was repeated')
        same(
          seen,
          seen.toSorted((a, b) => (reverse ? b - a : a - b)),
          'that they came in order',
        )
        const there = stay.filter((id) => !gone.has(id))
        same(
          there.filter((id) => !seen.includes(id)),
          [],
          'those that were skipped',
        )
        await db.Item.deleteMany(seen.map((id) => ({ group: t.id, id })))
        await db.Item.putMany(stay.map((id) => ({ group: t.id, id, rare: false })))
      }
    },

    'a walk under concurrent writers neither repeats nor skips what was there throughout': async (t, db) => {
      const stay = upTo(200).map((n) => n * 5)
      await db.Item.putMany(stay.map((id) => ({ group: t.id, id, rare: false })))
      const writer = await t.connect({ Item })
      let writing = true
      const busy = (async () => {
        for (let n = 0; writing && n < 400; n += 1) {
          const id = (n * 37) % 1_000
          if (id % 5 !== 0) await writer.Item.put({ group: t.id, id, rare: true })
          else await writer.Item.update({ group: t.id, id }, { n }, { return: 'none' })
          if (n % 3 === 0) await writer.Item.delete({ group: t.id, id: ((n * 37) % 1_000) - ((n * 37) % 5) + 1 })
        }
      })()
      try {
        for (let round = 0; round < 3; round += 1) {
          const seen = idsOf((await pagesOf(db.Item.query({ group: t.id }), 23)).flat())
          same(
            seen,
            [...new Set(seen)].toSorted((a, b) => a - b),
            'that they came in order, each once',
          )
          same(
            stay.filter((id) => !seen.includes(id)),
            [],
            'those that were skipped',
          )
        }
      } finally {
        writing = false
        await busy
      }
    },
  },
)
