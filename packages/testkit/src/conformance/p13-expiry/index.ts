import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const HOUR = 3_600_000

const Session = defineEntity({
  name: 'P13Session',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    user: z.string().optional(),
    visits: z.int().default(1),
    tags: z.set(z.string()).optional(),
    until: z.date().nullable().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byUser: { partition: ['group'], sort: ['user'] } },
  ttl: 'until',
  revision: true,
})

/** An entity without its revision. */
function bare<T extends { readonly revision: string }>(entity: T | undefined): Omit<T, 'revision'> | undefined {
  if (entity === undefined) return undefined
  const { revision: _, ...rest } = entity
  return rest
}

export const expiry: readonly Case[] = cases(
  'P13',
  'expiry',
  { Session },
  {
    'an entity is there to the millisecond before its ttl, and gone at it': async (t, db) => {
      // Not a whole second, which is all that some stores' own expiry can say.
      const until = t.clock.in(HOUR + 1)
      const one = { group: t.id, id: 1, user: 'ada', visits: 1, until }
      await db.Session.create(one)
      const there = async (): Promise<unknown> => ({
        get: (await db.Session.get(one)) !== undefined,
        getMany: (await db.Session.getMany([one]))[0] !== undefined,
        query: (await db.Session.query({ group: t.id }).all()).length,
        count: await db.Session.query({ group: t.id }).count(),
        first: (await db.Session.query({ group: t.id }).first()) !== undefined,
        filter: await db.Session.query({ group: t.id })
          .where((o, { eq }) => eq(o.user, 'ada'))
          .count(),
        page: (await db.Session.query({ group: t.id }).page({ size: 1 })).items.length,
      })
      const live = { get: true, getMany: true, query: 1, count: 1, first: true, filter: 1, page: 1 }
      const dead = { get: false, getMany: false, query: 0, count: 0, first: false, filter: 0, page: 0 }
      same(await there(), live, 'at first')
      t.clock.advance(HOUR)
      same(await there(), live, 'a millisecond before')
      await t.settled(
        () => db.Session.query('byUser', { group: t.id }).count(),
        1,
        'by the index, a millisecond before',
      )
      t.clock.advance(1)
      same(await there(), dead, 'at its ttl')
      await t.settled(() => db.Session.query('byUser', { group: t.id }).count(), 0, 'by the index, at its ttl')
      await refused(db.Session.query({ group: t.id }).one(), 'NOT_FOUND')
    },

    'null or no ttl never expires': async (t, db) => {
      await db.Session.putMany([
        { group: t.id, id: 1, until: null },
        { group: t.id, id: 2 },
      ])
      t.clock.advance(HOUR * 24 * 365 * 1000)
      same(
        (await db.Session.query({ group: t.id }).all()).map(({ id }) => id),
        [1, 2],
      )
    },

    'what has expired is absent to every guard and write': async (t, db) => {
      const one = { group: t.id, id: 1, user: 'ada', visits: 7, until: t.clock.in(HOUR) }
      const { revision } = await db.Session.create(one)
      t.clock.advance(HOUR)
      await refused(db.Session.update(one, { visits: 8 }), 'NOT_FOUND')
      await refused(
        db.Session.update(one, (o, { add }) => add(o.visits, 1)),
        'NOT_FOUND',
      )
      await refused(db.Session.update(one, {}, { ifRevision: revision }), 'NOT_FOUND')
      await refused(db.Session.update(one, {}, { if: (o, { eq }) => eq(o.visits, 7) }), 'NOT_FOUND')
      await refused(db.Session.put({ ...one, until: null }, { if: (o, { eq }) => eq(o.visits, 7) }), 'NOT_FOUND')
      await refused(db.Session.put({ ...one, until: null }, { ifRevision: revision }), 'NOT_FOUND')
      await refused(db.Session.delete(one, { if: (o, { eq }) => eq(o.visits, 7) }), 'NOT_FOUND')
      same(await db.Session.delete(one, { return: 'old' }), undefined, 'what an unguarded delete found')
      same(await db.Session.get(one), undefined, 'what is left')
    },

    'create over what has expired starts afresh': async (t, db) => {
      const one = { group: t.id, id: 1, user: 'ada', visits: 7, tags: new Set(['old']), until: t.clock.in(HOUR) }
      const { revision } = await db.Session.create(one)
      await refused(db.Session.create({ group: t.id, id: 1 }), 'ALREADY_EXISTS')
      t.clock.advance(HOUR)
      const created = await db.Session.create({ group: t.id, id: 1 })
      same(bare(created), { group: t.id, id: 1, visits: 1 }, 'what create gave')
      same(created.revision === revision, false, 'that the revision is a new one')
      same(await db.Session.get(one), created, 'what is stored')
      await t.settled(() => db.Session.query('byUser', { group: t.id }).all(), [], 'what the index has')
    },

    'put, upsert and orCreate over what has expired inherit nothing': async (t, db) => {
      const old = (id: number) => ({
        group: t.id,
        id,
        user: 'ada',
        visits: 7,
        tags: new Set(['old']),
        until: t.clock.in(HOUR),
      })
      await db.Session.putMany([1, 2, 3, 4, 5].map(old))
      t.clock.advance(HOUR)
      same(await db.Session.put({ group: t.id, id: 1 }, { return: 'old' }), undefined, 'what put found')
      same(
        bare(await db.Session.upsert({ group: t.id, id: 2, user: 'bob' })),
        { group: t.id, id: 2, user: 'bob', visits: 1 },
        'what upsert gave',
      )
      same(
        bare(
          await db.Session.update(
            { group: t.id, id: 3 },
            (o, { add, addToSet }) => [add(o.visits, 1), addToSet(o.tags, new Set(['new']))],
            { orCreate: true },
          ),
        ),
        { group: t.id, id: 3, visits: 2, tags: new Set(['new']) },
        'what orCreate gave',
      )
      await db.Session.putMany([{ group: t.id, id: 4 }])
      same(
        await db.Session.upsert(
          { group: t.id, id: 5, visits: 2 },
          { if: (o, { eq }) => eq(o.user, 'nobody'), return: 'old' },
        ),
        undefined,
        'what a guarded upsert found',
      )
      const expected = [
        { group: t.id, id: 1, visits: 1 },
        { group: t.id, id: 2, user: 'bob', visits: 1 },
        { group: t.id, id: 3, visits: 2, tags: new Set(['new']) },
        { group: t.id, id: 4, visits: 1 },
        { group: t.id, id: 5, visits: 2 },
      ]
      same((await db.Session.query({ group: t.id }).all()).map(bare), expected, 'what is stored')
      await t.settled(
        async () => (await db.Session.query('byUser', { group: t.id }).all()).map(({ id }) => id),
        [2],
        'what the index has',
      )
      t.clock.advance(HOUR * 100)
      same(
        (await db.Session.query({ group: t.id }).all()).map(bare),
        expected,
        'what is stored a hundred hours later: no ttl was inherited',
      )
    },

    'a ttl can be moved, taken away and set': async (t, db) => {
      const one = { group: t.id, id: 1, visits: 1, until: t.clock.in(HOUR) }
      await db.Session.create(one)
      const later = t.clock.in(3 * HOUR)
      await db.Session.update(one, { until: later })
      t.clock.advance(2 * HOUR)
      same((await db.Session.get(one))?.until, later, 'after its first ttl')
      await db.Session.update(one, (o, { remove }) => remove(o.until))
      t.clock.advance(9 * HOUR)
      same((await db.Session.get(one))?.visits, 1, 'after its second ttl, which was taken away')
      await db.Session.update(one, (o, { setIfAbsent }) => setIfAbsent(o.until, t.clock.in(1)))
      same((await db.Session.get(one))?.visits, 1, 'with a new ttl')
      t.clock.advance(1)
      same(await db.Session.get(one), undefined, 'at its new ttl')
    },

    'a write that expires its entity gives it, and then it is gone': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Session.create({ ...key, until: t.clock.in(HOUR) })
      const past = t.clock.in(0)
      same(bare(await db.Session.update(key, { until: past })), { ...key, visits: 1, until: past }, 'what update gave')
      same(await db.Session.get(key), undefined, 'what is left')
      same(
        bare(await db.Session.create({ ...key, until: past })),
        { ...key, visits: 1, until: past },
        'what create gave',
      )
      same(
        bare(await db.Session.put({ ...key, until: t.clock.in(-HOUR) })),
        { ...key, visits: 1, until: t.clock.in(-HOUR) },
        'what put gave',
      )
      same(await db.Session.query({ group: t.id }).count(), 0, 'how many are left')
    },

    'limits, pages and counts pass over what has expired': async (t, db) => {
      const entities = Array.from({ length: 120 }, (_, id) => ({
        group: t.id,
        id,
        user: `u${id % 4}`,
        visits: 1,
        until: id % 3 === 0 ? null : t.clock.in(HOUR),
      }))
      await db.Session.putMany(entities)
      t.clock.advance(HOUR)
      const live = entities.filter(({ id }) => id % 3 === 0).map(({ id }) => id)
      const query = db.Session.query({ group: t.id })
      same(
        (await query.limit(7).all()).map(({ id }) => id),
        live.slice(0, 7),
        'a limit',
      )
      same(
        (await query.reverse().limit(3).all()).map(({ id }) => id),
        live.toReversed().slice(0, 3),
        'a limit in reverse',
      )
      same(await query.count(), 40, 'a count')
      same(await query.limit(5).count(), 5, 'a count with a limit')
      const first = await query.page({ size: 15 })
      const second = await query.page({ size: 15, cursor: first.cursor })
      const third = await query.page({ size: 15, cursor: second.cursor })
      same(
        [first, second, third].map((page) => page.items.map(({ id }) => id)),
        [live.slice(0, 15), live.slice(15, 30), live.slice(30)],
        'pages',
      )
      same(await query.select('id').limit(2).all(), [{ id: 0 }, { id: 3 }], 'fields without the ttl')
      const ofUser = live.filter((id) => id % 4 === 1)
      same(
        (await query.where((o, { eq }) => eq(o.user, 'u1')).all()).map(({ id }) => id),
        ofUser,
        'a filter',
      )
      await t.settled(
        async () =>
          (
            await db.Session.query('byUser', { group: t.id })
              .where((o, { eq }) => eq(o.user, 'u1'))
              .all()
          ).map(({ id }) => id),
        ofUser,
        'an index',
      )
    },

    'of twenty creates at once over what has expired, one wins': async (t, db) => {
      await db.Session.create({ group: t.id, id: 1, user: 'old', until: t.clock.in(HOUR) })
      t.clock.advance(HOUR)
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => db.Session.create({ group: t.id, id: 1, visits: n })),
      )
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      same(won.length, 1, 'how many won')
      for (const result of results)
        if (result.status === 'rejected') await refused(Promise.reject(result.reason), 'ALREADY_EXISTS')
      same(await db.Session.get({ group: t.id, id: 1 }), won[0], 'what is stored')
    },
  },
)
