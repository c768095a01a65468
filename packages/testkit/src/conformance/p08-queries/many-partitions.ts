import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { pagesOf } from '../p09-paging/walk.js'
import { idsOf } from './fixtures.js'

const Task = defineEntity({
  name: 'P8Task',
  schema: z.object({
    board: z.string(),
    id: z.int(),
    due: z.date(),
    owner: z.string().optional(),
    rank: z.string().optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['board'], sort: ['id'] },
  indexes: { byOwner: { partition: ['owner'], sort: ['rank'] } },
  ttl: 'until',
})

const boards = ['a', '#', '😀', 'empty'] as const
const count = 30

/** Tasks that go round the boards, so that each page has some of each. */
const tasks = (group: string) =>
  Array.from({ length: count }, (_, id) => ({
    board: `${group}/${boards[id % 3]}`,
    id,
    due: new Date(id),
    owner: `${group}/${['x', 'y'][id % 2]}`,
    rank: ['é', 'z', '', '#'][id % 4] as string,
  }))
const asked = (group: string) => boards.map((board) => ({ board: `${group}/${board}` }))
const all = Array.from({ length: count }, (_, id) => id)

export const manyPartitions: readonly Case[] = cases(
  'P8',
  'queries of several partitions',
  { Task },
  {
    'give one list in the order of the sort fields': async (t, db) => {
      await db.Task.putMany(tasks(t.id))
      const query = db.Task.queryMany(asked(t.id))
      same(await idsOf(query), all, 'the whole')
      same(await idsOf(query.reverse()), all.toReversed(), 'in reverse')
      same(await idsOf(query.limit(7)), all.slice(0, 7), 'a limit')
      same(await query.count(), count, 'the count')
      same(await query.limit(4).count(), 4, 'the count up to a limit')
      same((await query.first())?.id, 0, 'the first')
      await refused(query.one(), 'NOT_UNIQUE')
      same((await query.where((o, { eq }) => eq(o.id, 12)).one()).id, 12, 'the only one')
      const some = query.where((o, { and, gte, lt, gt }) => and(gte(o.id, 4), lt(o.id, 20), gt(o.due, new Date(9))))
      same(await idsOf(some), all.slice(10, 20), 'a range and a filter')
      const walked: number[] = []
      for await (const { id } of query.select('id')) walked.push(id)
      same(walked, all, 'a walk')
      same(await idsOf(db.Task.queryMany([...asked(t.id), ...asked(t.id)])), all, 'partitions given twice')
      same(await idsOf(db.Task.queryMany(asked(`${t.id}/none`))), [], 'partitions without entities')
      same(query.explain().partitions, 4, 'the partitions of explain')
    },

    'page through all of them, and go on from a cursor': async (t, db) => {
      await db.Task.putMany(tasks(t.id))
      const query = db.Task.queryMany(asked(t.id))
      for (const [each, expected] of [
        [query, all],
        [query.reverse(), all.toReversed()],
        [query.limit(11), all.slice(0, 11)],
      ] as const) {
        for (const size of [1, 4, 29, 30, 31]) {
          const pages = await pagesOf(each, size)
          same(
            pages.flat().map(({ id }) => id),
            expected,
            `pages of ${size}`,
          )
          const full = pages.slice(0, -1).every((page) => page.length === size)
          holds(full, `a page of ${size} is not full`)
        }
      }
      const { cursor = '' } = await query.page({ size: 5 })
      const others = [
        db.Task.queryMany(asked(t.id).slice(1)),
        db.Task.queryMany(asked(t.id).toReversed()),
        db.Task.query({ board: `${t.id}/a` }),
        query.reverse(),
        query.where((o, { gt }) => gt(o.id, 1)),
      ]
      for (const other of others) await refused(other.page({ cursor }), 'INVALID_CURSOR')
      const single = await db.Task.query({ board: `${t.id}/a` }).page({ size: 1 })
      await refused(query.page({ cursor: single.cursor }), 'INVALID_CURSOR')
    },

    'neither repeat nor skip what was there throughout': async (t, db) => {
      await db.Task.putMany(tasks(t.id))
      const query = db.Task.queryMany(asked(t.id))
      const pages = await pagesOf(query, 4, async (page, at) => {
        await db.Task.put({ board: `${t.id}/a`, id: 100 + at, due: new Date(0) })
        await db.Task.put({ board: `${t.id}/empty`, id: -1 - at, due: new Date(0) })
        // What the cursor stands on is gone when it is used.
        const last = page.at(-1)
        if (at === 2 && last !== undefined) await db.Task.delete(last)
      })
      same(
        pages
          .flat()
          .map(({ id }) => id)
          .filter((id) => id >= 0 && id < 100),
        all,
        'what was there',
      )
    },

    'merge partitions of an index, and leave out what has expired': async (t, db) => {
      await db.Task.putMany(tasks(t.id))
      await db.Task.put({
        ...tasks(t.id)[0],
        id: 50,
        board: `${t.id}/a`,
        due: new Date(0),
        until: new Date(t.clock.now()),
      })
      const owners = ['x', 'y', 'z'].map((owner) => ({ owner: `${t.id}/${owner}` }))
      const query = db.Task.queryMany('byOwner', owners)
      await t.settled(() => query.count(), count, 'the count')
      // Within a rank they are sorted by the key.
      const sorted = tasks(t.id).toSorted((a, b) => byText(a.rank, b.rank) || byText(a.board, b.board) || a.id - b.id)
      same(
        await idsOf(query),
        sorted.map(({ id }) => id),
        'the whole',
      )
      same(
        (await pagesOf(query.reverse(), 7)).flat().map(({ id }) => id),
        sorted.map(({ id }) => id).toReversed(),
        'its pages in reverse',
      )
    },

    'ask for a list of partitions': async (t, db) => {
      const query = db.Task.queryMany as (...given: unknown[]) => { all(): Promise<unknown> }
      for (const given of [
        [],
        [{}],
        [[]],
        ['byOwner'],
        ['byOwner', []],
        [[{ board: 'a' }, {}]],
        ['nope', [{ board: 'a' }]],
      ]) {
        await refused(() => query.call(db.Task, ...given).all(), 'VALIDATION')
      }
      const many = Array.from({ length: 101 }, (_, at) => ({ board: `${t.id}/${at}` }))
      await refused(() => query.call(db.Task, many).all(), 'VALIDATION')
      same(await idsOf(db.Task.queryMany(many.slice(1))), [], 'as many as there may be')
    },
  },
)

/** By code point. */
function byText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)].map((text) => text.map((char) => char.codePointAt(0) ?? 0))
  for (let at = 0; ; at++) {
    const [one, other] = [left?.[at], right?.[at]]
    if (one === undefined || other === undefined) return (one === undefined ? 0 : 1) - (other === undefined ? 0 : 1)
    if (one !== other) return one - other
  }
}
