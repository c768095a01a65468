import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Thing = defineEntity({
  name: 'P4Thing',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    title: z.string(),
    note: z.string().nullable().optional(),
    rank: z.int().default(5),
    size: z.object({ w: z.number().optional(), h: z.number().optional() }).optional(),
    tags: z.set(z.string()).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const full = (group: string, id: string) => ({
  group,
  id,
  title: 'one',
  note: 'n',
  rank: 1,
  size: { w: 1, h: 2 },
  tags: new Set(['a']),
})

export const wholeWrites: readonly Case[] = cases(
  'P4',
  'create, put, upsert and delete',
  { Thing },
  {
    'create gives the entity and stores it': async (t, db) => {
      const key = { group: t.id, id: '1' }
      same(await db.Thing.get(key), undefined, 'what was there before')
      same(await db.Thing.create({ ...key, title: 'one' }), { ...key, title: 'one', rank: 5 }, 'what create gave')
      same(await db.Thing.get(key), { ...key, title: 'one', rank: 5 }, 'what is stored')
    },

    'create of a taken key is ALREADY_EXISTS and changes nothing': async (t, db) => {
      const one = full(t.id, '1')
      await db.Thing.create(one)
      const error = await refused(db.Thing.create({ ...one, title: 'two' }), 'ALREADY_EXISTS', { retryable: false })
      same(
        [error.entity, error.operation, error.key],
        ['P4Thing', 'create', { group: t.id, id: '1' }],
        'where the error happened',
      )
      same(await db.Thing.get(one), one, 'what is stored')
    },

    'create after delete starts afresh': async (t, db) => {
      const one = full(t.id, '1')
      await db.Thing.create(one)
      await db.Thing.delete(one)
      const bare = { group: t.id, id: '1', title: 'two', rank: 5 }
      same(await db.Thing.create({ group: t.id, id: '1', title: 'two' }), bare, 'what create gave')
      same(await db.Thing.get(one), bare, 'what is stored')
    },

    'of twenty creates at once of one key, one wins': async (t, db) => {
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => db.Thing.create({ group: t.id, id: '1', title: String(n) })),
      )
      const won = results.filter((result) => result.status === 'fulfilled')
      same(won.length, 1, 'how many won')
      for (const result of results)
        if (result.status === 'rejected') await refused(Promise.reject(result.reason), 'ALREADY_EXISTS')
      same(await db.Thing.get({ group: t.id, id: '1' }), won[0]?.value, 'what is stored')
    },

    'put replaces the whole entity': async (t, db) => {
      const one = full(t.id, '1')
      same(await db.Thing.put(one), one, 'what the first put gave')
      const bare = { group: t.id, id: '1', title: 'two' }
      same(await db.Thing.put(bare), { ...bare, rank: 5 }, 'what the second put gave')
      same(await db.Thing.get(one), { ...bare, rank: 5 }, 'what is stored')
    },

    'upsert creates with defaults, then sets only what is named': async (t, db) => {
      const key = { group: t.id, id: '1' }
      same(
        await db.Thing.upsert({ ...key, title: 'one', size: { w: 1, h: 2 } }),
        { ...key, title: 'one', rank: 5, size: { w: 1, h: 2 } },
        'a new one',
      )
      await db.Thing.update(key, { rank: 9, note: null, tags: new Set(['a']) })
      const merged = { ...key, title: 'two', rank: 9, note: null, size: { w: 3 }, tags: new Set(['a']) }
      // A named object is set as a whole; what is undefined is not named.
      same(
        await db.Thing.upsert({ ...key, title: 'two', size: { w: 3 }, note: undefined as never }),
        merged,
        'an old one',
      )
      same(await db.Thing.get(key), merged, 'what is stored')
    },

    'delete removes it, and deleting what is absent is no error': async (t, db) => {
      const one = full(t.id, '1')
      await db.Thing.create(one)
      same(await db.Thing.delete(one), undefined, 'what delete gave')
      same(await db.Thing.get(one), undefined, 'what is left')
      same(await db.Thing.delete(one), undefined, 'what a second delete gave')
      same(await db.Thing.query({ group: t.id }).all(), [], 'what a query finds')
    },

    'each gives the old entity, the new one, or none': async (t, db) => {
      const key = { group: t.id, id: '1' }
      const one = { ...key, title: 'one', rank: 1 }
      same(await db.Thing.create(one, { return: 'none' }), undefined, 'create, none')
      same(await db.Thing.create({ ...one, id: '2' }, { return: 'old' }), undefined, 'create, old')
      same(await db.Thing.create({ ...one, id: '3' }, { return: 'new' }), { ...one, id: '3' }, 'create, new')
      same(await db.Thing.put({ ...one, title: 'two' }, { return: 'old' }), one, 'put, old')
      same(await db.Thing.put({ ...one, title: 'three' }, { return: 'none' }), undefined, 'put, none')
      same(await db.Thing.put({ ...one, id: '4' }, { return: 'old' }), undefined, 'put, old, of a new one')
      same(
        await db.Thing.upsert({ ...one, title: 'four' }, { return: 'old' }),
        { ...one, title: 'three' },
        'upsert, old',
      )
      same(await db.Thing.upsert({ ...one, id: '5' }, { return: 'old' }), undefined, 'upsert, old, of a new one')
      same(await db.Thing.upsert({ ...one, title: 'five' }, { return: 'none' }), undefined, 'upsert, none')
      same(await db.Thing.update(key, { title: 'six' }, { return: 'old' }), { ...one, title: 'five' }, 'update, old')
      same(await db.Thing.update(key, { title: 'seven' }, { return: 'none' }), undefined, 'update, none')
      same(
        await db.Thing.update({ ...key, id: '6' }, { title: 'new' }, { return: 'old', orCreate: true }),
        undefined,
        'update, old, of a new one',
      )
      same(
        await db.Thing.update({ ...key, id: '7' }, { title: 'new' }, { return: 'none', orCreate: true }),
        undefined,
        'update, none, of a new one',
      )
      same(await db.Thing.delete(key, { return: 'old' }), { ...one, title: 'seven' }, 'delete, old')
      same(await db.Thing.delete(key, { return: 'old' }), undefined, 'delete, old, of what is absent')
      same(
        (await db.Thing.query({ group: t.id }).all()).map(({ id }) => id),
        ['2', '3', '4', '5', '6', '7'],
        'what is left',
      )
    },

    'an entity that was read serves as its own key': async (t, db) => {
      const one = await db.Thing.create(full(t.id, '1'))
      same(await db.Thing.get(one), one, 'what get gave')
      same((await db.Thing.update(one, { title: 'two' })).title, 'two', 'what update gave')
      await db.Thing.delete(one)
      same(await db.Thing.get(one), undefined, 'what is left')
    },

    'a missing key field is refused and named': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(db.Thing.get({ group: t.id } as never), 'VALIDATION', { says: ['id'] })
        await refused(db.Thing.create({ group: t.id, title: 'x' } as never), 'VALIDATION', { says: ['id'] })
        await refused(db.Thing.update({ id: '1' } as never, { title: 'x' }), 'VALIDATION', { says: ['group'] })
        await refused(db.Thing.delete({ group: t.id, id: null } as never), 'VALIDATION', { says: ['id'] })
        await refused(db.Thing.get(undefined as never), 'VALIDATION')
        await refused(db.Thing.get('1' as never), 'VALIDATION')
      })
      same(requests.length, 0, 'the round trips')
    },

    'two handles see each other': async (t, db) => {
      const other = await t.connect({ Thing })
      const one = full(t.id, '1')
      await db.Thing.create(one)
      same(await other.Thing.get(one), one, 'what the other gets')
      await other.Thing.update(one, { title: 'two' })
      same((await db.Thing.get(one))?.title, 'two', 'what the first gets')
      await refused(other.Thing.create(one), 'ALREADY_EXISTS')
      await other.close()
      holds((await db.Thing.get(one)) !== undefined, 'closing one handle closed the other')
    },
  },
)
