import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import type { CaseContext } from '../context.js'

const Order = defineEntity({
  name: 'P7Order',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    status: z.enum(['placed', 'paid', 'shipped']).nullable().optional(),
    at: z.date().nullable().optional(),
    total: z.number().optional(),
    rank: z.int().optional(),
    points: z.bigint().optional(),
    flag: z.boolean().optional(),
    note: z.string().optional(),
    inner: z.object({ n: z.int() }).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: {
    byStatus: { partition: ['group', 'status'], sort: ['at'] },
    byTotal: { partition: ['group'], sort: ['total', 'rank'] },
    byRank: { partition: ['group'], sort: ['rank'], scope: 'local' },
    byPoints: { partition: ['group', 'flag'], sort: ['points'] },
    byPartition: { partition: ['group', 'note'] },
  },
})

type OrderFields = z.output<typeof Order.schema>
type Repo = import('@isomodel/core').Repository<typeof Order>
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n))

/** Demands that every index of the group holds exactly what these entities say, and in their order. */
async function indexed(t: CaseContext, orders: Repo, entities: readonly OrderFields[], what: string): Promise<void> {
  const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id)
  const group = t.id
  for (const status of ['placed', 'paid', 'shipped'] as const) {
    const there = entities.filter((one) => one.status === status && one.at instanceof Date)
    const expected = there.toSorted((a, b) => Number(a.at) - Number(b.at) || (a.id < b.id ? -1 : 1))
    await t.settled(() => orders.query('byStatus', { group, status }).all(), expected, `${what}: byStatus ${status}`)
  }
  const number = (one: number | bigint | undefined): number => Number(one)
  const byTotal = entities.filter((one) => one.total !== undefined && one.rank !== undefined)
  const totals = byTotal.toSorted(
    (a, b) => number(a.total) - number(b.total) || number(a.rank) - number(b.rank) || (a.id < b.id ? -1 : 1),
  )
  await t.settled(async () => ids(await orders.query('byTotal', { group }).all()), ids(totals), `${what}: byTotal`)
  const byRank = entities
    .filter((one) => one.rank !== undefined)
    .toSorted((a, b) => number(a.rank) - number(b.rank) || (a.id < b.id ? -1 : 1))
  await t.settled(async () => ids(await orders.query('byRank', { group }).all()), ids(byRank), `${what}: byRank`)
  for (const flag of [true, false]) {
    const points = entities
      .filter((one) => one.flag === flag && one.points !== undefined)
      .toSorted((a, b) => number(a.points) - number(b.points))
    await t.settled(
      async () => ids(await orders.query('byPoints', { group, flag }).all()),
      ids(points),
      `${what}: byPoints ${flag}`,
    )
  }
  for (const note of ['x', 'y']) {
    const noted = entities.filter((one) => one.note === note).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    await t.settled(
      async () => ids(await orders.query('byPartition', { group, note }).all()),
      ids(noted),
      `${what}: byPartition ${note}`,
    )
  }
}

const sample = (group: string): OrderFields[] => [
  { group, id: '1', status: 'placed', at: day(1), total: 10, rank: 1, points: 5n, flag: true, note: 'x' },
  { group, id: '2', status: 'placed', at: day(2), total: 9, rank: 2, points: 50n, flag: true, note: 'x' },
  { group, id: '3', status: 'paid', at: day(1), total: 9, rank: 1, points: -5n, flag: false, note: 'y' },
  { group, id: '4' },
]

export const indexes: readonly Case[] = cases(
  'P7',
  'indexes',
  { Order },
  {
    'follow create, putMany and delete': async (t, db) => {
      const orders = sample(t.id)
      for (const order of orders.slice(0, 2)) await db.Order.create(order)
      await indexed(t, db.Order, orders.slice(0, 2), 'after create')
      await db.Order.putMany(orders)
      await indexed(t, db.Order, orders, 'after putMany')
      await db.Order.delete({ group: t.id, id: '1' })
      await indexed(t, db.Order, orders.slice(1), 'after delete')
      await db.Order.deleteMany(orders.slice(1, 3))
      await indexed(t, db.Order, orders.slice(3), 'after deleteMany')
    },

    'follow a put that changes, drops and adds their fields': async (t, db) => {
      await db.Order.putMany(sample(t.id))
      const next: OrderFields[] = [
        { group: t.id, id: '1', status: 'paid', at: day(1), total: 10, note: 'y' },
        { group: t.id, id: '2', note: 'x' },
        { group: t.id, id: '3', status: 'paid', at: day(1), total: 9, rank: 1, points: -5n, flag: false, note: 'y' },
        {
          group: t.id,
          id: '4',
          status: 'shipped',
          at: day(4),
          total: 0.5,
          rank: -3,
          points: 1n,
          flag: true,
          note: 'y',
        },
      ]
      for (const order of next.slice(0, 2)) await db.Order.put(order)
      await db.Order.putMany(next.slice(2))
      await indexed(t, db.Order, next, 'after put')
    },

    'follow an update of each of their fields': async (t, db) => {
      const [one] = sample(t.id)
      if (one === undefined) return
      await db.Order.create(one)
      let now = one
      const step = async (
        what: string,
        changes: Parameters<Repo['update']>[1],
        next: Partial<OrderFields>,
      ): Promise<void> => {
        now = { ...now, ...next }
        same(await db.Order.update(one, changes), now, `what ${what} gave`)
        await indexed(t, db.Order, [now], `after ${what}`)
      }
      await step('a new partition field', { status: 'paid' }, { status: 'paid' })
      await step('a new sort field', { at: day(9) }, { at: day(9) })
      await step('both at once', { status: 'shipped', at: day(3) }, { status: 'shipped', at: day(3) })
      await step('a field of no index', { inner: { n: 1 } }, { inner: { n: 1 } })
      await step('add to a number', (o, { add }) => add(o.total, 0.25), { total: 10.25 })
      await step('add to an integer of two indexes', (o, { add }) => add(o.rank, -5), { rank: -4 })
      await step('add to a bigint', (o, { add }) => add(o.points, 2n ** 60n), { points: 2n ** 60n + 5n })
      await step('a flag', { flag: false }, { flag: false })
      await step(
        'setIfAbsent of what is there',
        (o, { setIfAbsent }) => [setIfAbsent(o.rank, 99), setIfAbsent(o.note, 'y')],
        {},
      )
      await step('a partition of one field', (o, { set }) => set(o.note, 'y'), { note: 'y' })
      await step(
        'fields of several indexes and of none',
        (o, { set, add }) => [set(o.status, 'placed'), add(o.rank, 1), set(o.inner.n, 2), set(o.note, 'x')],
        {
          status: 'placed',
          rank: -3,
          note: 'x',
          inner: { n: 2 },
        },
      )
      await step('no change', {}, {})
    },

    'are sparse: an entity without a field, or with null in it, is not in them': async (t, db) => {
      const bare = { group: t.id, id: '1' }
      await db.Order.create(bare)
      await indexed(t, db.Order, [bare], 'without any')
      await db.Order.update(bare, { status: 'paid' })
      await indexed(t, db.Order, [{ ...bare, status: 'paid' }], 'with the partition field alone')
      await db.Order.update(bare, { at: null })
      await indexed(t, db.Order, [{ ...bare, status: 'paid', at: null }], 'with a sort field of null')
      await db.Order.update(bare, (o, { setIfAbsent }) => [setIfAbsent(o.at, day(1)), setIfAbsent(o.rank, 0)])
      await indexed(t, db.Order, [{ ...bare, status: 'paid', at: null, rank: 0 }], 'with null that setIfAbsent leaves')
      await db.Order.update(bare, { at: day(2), total: 0, note: '' })
      await indexed(
        t,
        db.Order,
        [{ ...bare, status: 'paid', at: day(2), rank: 0, total: 0, note: '' }],
        'with all of them',
      )
      await t.settled(
        () => db.Order.query('byPartition', { group: t.id, note: '' }).count(),
        1,
        'how many have an empty string',
      )
      await db.Order.update(bare, { status: null })
      await indexed(
        t,
        db.Order,
        [{ ...bare, status: null, at: day(2), rank: 0, total: 0, note: '' }],
        'with a partition field of null',
      )
      await db.Order.update(bare, (o, { remove }) => [remove(o.rank), remove(o.status), remove(o.note)])
      await indexed(t, db.Order, [{ ...bare, at: day(2), total: 0 }], 'with fields removed')
      await db.Order.update(bare, (o, { add }) => [add(o.rank, 7), add(o.points, 1n)])
      await indexed(t, db.Order, [{ ...bare, at: day(2), total: 0, rank: 7, points: 1n }], 'with fields that add made')
    },

    'follow upsert and orCreate': async (t, db) => {
      const one = { group: t.id, id: '1', status: 'placed' as const, at: day(1), rank: 1 }
      await db.Order.upsert(one)
      await indexed(t, db.Order, [one], 'after an upsert that creates')
      await db.Order.upsert({ group: t.id, id: '1', status: 'paid', total: 3 })
      await indexed(t, db.Order, [{ ...one, status: 'paid', total: 3 }], 'after an upsert that merges')
      const two = { group: t.id, id: '2', rank: 4, total: 1 }
      await db.Order.update(two, (o, { add, set }) => [add(o.rank, 4), set(o.total, 1)], { orCreate: true })
      await indexed(t, db.Order, [{ ...one, status: 'paid', total: 3 }, two], 'after an update that creates')
      await db.Order.update(two, (o, { add, set }) => [add(o.rank, 4), set(o.total, 2)], { orCreate: true })
      await indexed(
        t,
        db.Order,
        [
          { ...one, status: 'paid', total: 3 },
          { ...two, rank: 8, total: 2 },
        ],
        'after an update of what it created',
      )
    },

    'are left alone by a write that is refused': async (t, db) => {
      const [one] = sample(t.id)
      if (one === undefined) return
      await db.Order.create(one)
      const no = { if: { op: 'eq', path: ['rank'], value: 99 } } as const
      await refused(db.Order.create({ ...one, status: 'shipped' }), 'ALREADY_EXISTS')
      await refused(db.Order.put({ ...one, status: 'shipped', rank: 9 }, no), 'CONDITION_FAILED')
      await refused(db.Order.update(one, { status: 'shipped', rank: 9 }, no), 'CONDITION_FAILED')
      await refused(
        db.Order.update(one, (o, { set, add }) => [set(o.status, 'paid'), add(o.rank, Number.MAX_SAFE_INTEGER)]),
        'INVALID_VALUE',
      )
      await refused(db.Order.update({ group: t.id, id: '2' }, { status: 'paid', at: day(1) }), 'NOT_FOUND')
      await refused(db.Order.delete(one, no), 'CONDITION_FAILED')
      await indexed(t, db.Order, [one], 'after all of them')
    },

    'give whole entities, and by the index what a get gives': async (t, db) => {
      const orders = sample(t.id).map((order, n) => ({ ...order, inner: { n } }))
      await db.Order.putMany(orders)
      await t.settled(() => db.Order.query('byStatus', { group: t.id, status: 'placed' }).all(), orders.slice(0, 2))
      const [first] = await db.Order.query('byTotal', { group: t.id }).limit(1).all()
      same(first, await db.Order.get({ group: t.id, id: '3' }), 'the least total')
    },

    'break ties by the key': async (t, db) => {
      const ids = ['a', 'a#', 'b', '😀', '\uffff', '']
      await db.Order.putMany(ids.map((id) => ({ group: t.id, id, status: 'paid' as const, at: day(1) })))
      const sorted = ['', 'a', 'a#', 'b', '\uffff', '😀']
      const query = db.Order.query('byStatus', { group: t.id, status: 'paid' })
      await t.settled(async () => (await query.all()).map(({ id }) => id), sorted, 'forward')
      same(
        (await query.reverse().all()).map(({ id }) => id),
        sorted.toReversed(),
        'in reverse',
      )
      const walked: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await query.page({ size: 2, cursor })
        walked.push(...page.items.map(({ id }) => id))
        cursor = page.cursor
        if (cursor === undefined) break
      }
      same(walked, sorted, 'in pages of two')
    },

    'keep partitions apart': async (t, db) => {
      const mine = { group: t.id, id: '1', status: 'paid' as const, at: day(1), rank: 1 }
      const other = { ...mine, group: `${t.id}#`, id: '2' }
      await db.Order.putMany([mine, other])
      await t.settled(() => db.Order.query('byStatus', { group: t.id, status: 'paid' }).all(), [mine], 'a global index')
      await t.settled(() => db.Order.query('byRank', { group: `${t.id}#` }).all(), [other], 'a local index')
    },

    'answer at once where they are strong': {
      requires: 'index:strong',
      run: async (t, db) => {
        for (let n = 0; n < 30; n += 1) {
          await db.Order.put({ group: t.id, id: '1', status: 'paid', at: day(n) })
          const found = await db.Order.query('byStatus', { group: t.id, status: 'paid' }).consistency('strong').all()
          same(
            found.map(({ at }) => at),
            [day(n)],
            `after write ${n}`,
          )
        }
      },
    },
  },
)
