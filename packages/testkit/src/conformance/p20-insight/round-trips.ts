import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Trip = defineEntity({
  name: 'P20Trip',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    status: z.enum(['a', 'b', 'c']).optional(),
    rank: z.int().optional(),
    at: z.date().optional(),
    n: z.int().optional(),
    big: z.bigint().optional(),
    float: z.number().optional(),
    text: z.string().optional(),
    list: z.array(z.int()).optional(),
    tags: z.set(z.string()).optional(),
    any: z.union([z.string(), z.int()]).optional(),
    object: z.object({ a: z.int().optional() }).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: {
    byStatus: { partition: ['group', 'status'], sort: ['rank'] },
    byTime: { partition: ['group'], sort: ['at'] },
  },
  revision: true,
})

const full = (group: string) => ({
  group,
  id: 1,
  status: 'a' as const,
  rank: 1,
  at: new Date(1),
  n: 1,
  big: 1n,
  float: 0.5,
  text: 'x',
  list: [1, 2, 3],
  tags: new Set(['t']),
  any: 'x' as string | number,
  object: { a: 1 },
})

export const roundTrips: readonly Case[] = cases(
  'P20',
  'round trips',
  { Trip },
  {
    'get, put, create, delete, a guarded update and a counter take one': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const one = async (what: string, work: () => Promise<unknown>): Promise<void> =>
        same((await t.trips(work)).requests.length, 1, `the round trips of ${what}`)
      await one('get of nothing', () => db.Trip.get(key))
      await one('create', () => db.Trip.create(full(t.id)))
      await one('get', () => db.Trip.get(key))
      await one('put', () => db.Trip.put(full(t.id)))
      await one('put without indexes', () => db.Trip.put({ group: t.id, id: 2 }))
      await one('put that gives the old', () => db.Trip.put(full(t.id), { return: 'old' }))
      await one('put under a guard', () => db.Trip.put(full(t.id), { if: (o, { eq }) => eq(o.n, 1) }))
      await one('an update', () => db.Trip.update(key, { text: 'y' }))
      await one('an update under a guard', () =>
        db.Trip.update(key, { text: 'z' }, { if: (o, { eq, and, gt }) => and(eq(o.text, 'y'), gt(o.n, 0)) }),
      )
      await one('a counter', () => db.Trip.update(key, (o, { add }) => add(o.n, 1)))
      await one('a counter of int64', () => db.Trip.update(key, (o, { add }) => add(o.big, 1n), { return: 'none' }))
      const { revision } = (await db.Trip.get(key)) ?? { revision: '' }
      await one('an update under a revision', () => db.Trip.update(key, { text: 'w' }, { ifRevision: revision }))
      await one('an update that gives the old', () => db.Trip.update(key, { text: 'v' }, { return: 'old' }))
      await one('getMany', () => db.Trip.getMany([key, { group: t.id, id: 2 }, { group: t.id, id: 3 }]))
      await one('putMany', () => db.Trip.putMany([full(t.id), { group: t.id, id: 2 }]))
      await one('deleteMany', () =>
        db.Trip.deleteMany([
          { group: t.id, id: 2 },
          { group: t.id, id: 3 },
        ]),
      )
      await one('delete that gives the old', () => db.Trip.delete(key, { return: 'old' }))
      await one('delete of nothing', () => db.Trip.delete(key))
    },

    'a write that is refused takes at most two': async (t, db) => {
      await db.Trip.create(full(t.id))
      const key = { group: t.id, id: 1 }
      const none = { group: t.id, id: 9 }
      const two = async (
        what: string,
        work: () => Promise<unknown>,
        code: Parameters<typeof refused>[1],
      ): Promise<void> => {
        const { requests } = await t.trips(() => refused(work(), code))
        holds(requests.length >= 1 && requests.length <= 2, `${what} took ${requests.length} round trips`)
      }
      await two('create of a taken key', () => db.Trip.create(full(t.id)), 'ALREADY_EXISTS')
      await two('an update of nothing', () => db.Trip.update(none, { n: 1 }), 'NOT_FOUND')
      await two(
        'a guarded delete of nothing',
        () => db.Trip.delete(none, { if: (o, { eq }) => eq(o.n, 1) }),
        'NOT_FOUND',
      )
      await two(
        'an update under a wrong guard',
        () => db.Trip.update(key, { n: 9 }, { if: (o, { eq }) => eq(o.n, 7) }),
        'CONDITION_FAILED',
      )
      await two(
        'a put under a wrong guard',
        () => db.Trip.put(full(t.id), { if: (o, { eq }) => eq(o.n, 7) }),
        'CONDITION_FAILED',
      )
      await two(
        'a delete under a wrong guard',
        () => db.Trip.delete(key, { if: (o, { eq }) => eq(o.n, 7) }),
        'CONDITION_FAILED',
      )
      await two(
        'an update under an old revision',
        () => db.Trip.update(key, { n: 9 }, { ifRevision: 'x' }),
        'REVISION_MISMATCH',
      )
      await two(
        'an update beyond a list',
        () => db.Trip.update(key, (o, { set, at }) => set(at(o.list, 9), 1)),
        'INVALID_PATH',
      )
      await two(
        'a counter out of range',
        () => db.Trip.update(key, (o, { add }) => add(o.n, Number.MAX_SAFE_INTEGER)),
        'INVALID_VALUE',
      )
    },

    'explain says what a get then takes': async (t, db) => {
      const key = { group: t.id, id: 1 }
      for (const options of [undefined, { consistency: 'eventual' as const }]) {
        const { answer, requests: sent } = await t.trips(async () => db.Trip.explain.get(key, options))
        same(sent.length, 0, 'the round trips of explain itself')
        holds(answer.request !== undefined, 'no request is shown')
        const { requests } = await t.trips(() => db.Trip.get(key, options))
        same(requests.length, answer.roundTrips, 'the round trips, against what explain said')
      }
      await refused(() => db.Trip.explain.get({ group: t.id } as never), 'VALIDATION', { says: ['id'] })
    },

    'explain says what every write then takes': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Trip.create(full(t.id))
      type Changes = Parameters<typeof db.Trip.update>[1]
      type Guard = Parameters<typeof db.Trip.explain.update>[2]
      const updates: readonly (readonly [what: string, changes: Changes, guard?: Guard])[] = [
        ['nothing', {}],
        ['a field', { text: 'y' }],
        ['an int', (o, { add }) => add(o.n, 1)],
        ['a bigint', (o, { add }) => add(o.big, 1n)],
        ['a double', (o, { add }) => add(o.float, 0.1)],
        ['the whole of an index', { status: 'b', rank: 2 }],
        ['a part of an index', { rank: 3 }],
        ['the partition of an index', { status: 'c' }],
        ['an index of one field', { at: new Date(5) }],
        ['an index field that is removed', (o, { remove }) => remove(o.rank)],
        ['an index field that is counted', (o, { add }) => add(o.rank, 1)],
        ['an append', (o, { append }) => append(o.list, [4])],
        ['a prepend', (o, { prepend }) => prepend(o.list, [0])],
        ['an element', (o, { set, at }) => set(at(o.list, 0), 9)],
        ['a removed element', (o, { remove, at }) => remove(at(o.list, 0))],
        ['a member', (o, { addToSet }) => addToSet(o.tags, new Set(['u']))],
        ['a removed member', (o, { deleteFromSet }) => deleteFromSet(o.tags, new Set(['t']))],
        ['a nested field', (o, { set }) => set(o.object.a, 2)],
        ['what may be absent', (o, { setIfAbsent }) => setIfAbsent(o.text, 'z')],
        ['a union', { any: 5 }],
        ['a field under a guard', { text: 'w' }, { if: (o, { eq }) => eq(o.group, t.id) }],
        ['a field under a guard on a union', { text: 'v' }, { if: (o, { eq }) => eq(o.any, 5) }],
        ['a field under a guard on a list', { text: 'u' }, { if: (o, { exists }) => exists(o.list) }],
      ]
      for (const [what, changes, guard] of updates) {
        const plan = db.Trip.explain.update(key, changes, guard)
        const { requests } = await t.trips(() => db.Trip.update(key, changes, guard))
        same(requests.length, plan.roundTrips, `the round trips of an update of ${what}, against explain`)
        holds(
          plan.roundTrips === 1 || (plan.roundTrips === 2 && (plan.reason ?? '') !== ''),
          `explain gives ${plan.roundTrips} round trips for an update of ${what}, and the reason ${String(plan.reason)}`,
        )
      }
      const put = db.Trip.explain.put(full(t.id))
      same((await t.trips(() => db.Trip.put(full(t.id)))).requests.length, put.roundTrips, 'put, against explain')
      const remove = db.Trip.explain.delete(key)
      same((await t.trips(() => db.Trip.delete(key))).requests.length, remove.roundTrips, 'delete, against explain')
      const create = db.Trip.explain.create(full(t.id))
      same(
        (await t.trips(() => db.Trip.create(full(t.id)))).requests.length,
        create.roundTrips,
        'create, against explain',
      )
      const upsert = db.Trip.explain.upsert(full(t.id))
      same(
        (await t.trips(() => db.Trip.upsert(full(t.id)))).requests.length,
        upsert.roundTrips,
        'upsert, against explain',
      )
    },

    'explain says what a page takes': async (t, db) => {
      await db.Trip.putMany(Array.from({ length: 40 }, (_, id) => ({ ...full(t.id), id, rank: id })))
      const byKey = db.Trip.query({ group: t.id })
      const byIndex = db.Trip.query('byStatus', { group: t.id, status: 'a' })
      await t.settled(() => byIndex.count(), 40, 'how many the index holds')
      for (const [what, query] of [
        ['the key', byKey],
        ['a range of the key', byKey.where((o, { gt }) => gt(o.id, 10))],
        ['an index', byIndex],
        ['a range of an index, in reverse', byIndex.where((o, { between }) => between(o.rank, 5, 30)).reverse()],
        ['the key with a filter that all pass', byKey.where((o, { eq }) => eq(o.n, 1))],
      ] as const) {
        const { answer, requests } = await t.trips(() => query.page({ size: 10 }))
        same(answer.items.length, 10, `the page by ${what}`)
        same(requests.length, query.explain().roundTrips, `the round trips of a page by ${what}, against explain`)
        holds(requests.length <= 2, `a page by ${what} took ${requests.length} round trips`)
      }
    },

    'explain sends nothing, and shows the request and where each condition goes': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const { requests } = await t.trips(async () => {
        for (const plan of [
          db.Trip.explain.create(full(t.id)),
          db.Trip.explain.put(full(t.id)),
          db.Trip.explain.upsert(full(t.id)),
          db.Trip.explain.update(key, { n: 2 }),
          db.Trip.explain.delete(key),
        ]) {
          holds(typeof plan.request === 'object' && plan.request !== null, 'explain shows no request')
        }
        const query = db.Trip.query('byStatus', { group: t.id, status: 'a' })
          .where((o, { gte }) => gte(o.rank, 5))
          .where((o, { eq }) => eq(o.text, 'x'))
        const plan = query.explain()
        same([plan.entity, plan.access, plan.index], ['P20Trip', 'index', 'byStatus'], 'the access path')
        same(plan.range, [{ op: 'gte', path: ['rank'], value: 5 }], 'the range')
        const filters = [plan.pushed, plan.residual].filter((part) => part !== undefined)
        holds(filters.length > 0, 'the filter is neither pushed down nor residual')
        holds(typeof plan.request === 'object' && plan.request !== null, 'explain shows no request')
        same(query.explain(), plan, 'the plan, asked again')
        same(db.Trip.query({ group: t.id }).explain().access, 'key', 'the access path of the key')
        same(
          db.Trip.query({ group: t.id })
            .where((_, { or }) => or())
            .explain().access,
          'none',
          'the access path of what cannot be',
        )
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Trip.get(key), undefined, 'what is stored')
      await refused(() => db.Trip.explain.create({ group: t.id } as never), 'VALIDATION')
    },
  },
)
