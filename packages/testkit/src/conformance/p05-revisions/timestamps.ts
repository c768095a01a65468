import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int().optional() })
const key = { partition: ['group'], sort: ['id'] } as const

const Stamped = defineEntity({
  name: 'P5Stamped',
  schema,
  key,
  indexes: { byTime: { partition: ['group'], sort: ['updatedAt'] } },
  timestamps: true,
})
const StampedOtherwise = defineEntity({
  name: 'P5StampedOtherwise',
  schema,
  key,
  revision: 'v',
  timestamps: { created: 'made', updated: 'changed' },
})

export const timestamps: readonly Case[] = cases(
  'P5',
  'timestamps',
  { Stamped, StampedOtherwise },
  {
    'say when an entity was created and last written': async (t, db) => {
      const one = { group: t.id, id: '1' }
      const start = t.clock.in(0)
      same(await db.Stamped.create(one), { ...one, createdAt: start, updatedAt: start }, 'what create gave')
      t.clock.advance(1_500)
      same(
        await db.Stamped.update(one, { n: 1 }),
        { ...one, n: 1, createdAt: start, updatedAt: t.clock.in(0) },
        'what update gave',
      )
      t.clock.advance(1)
      const last = { ...one, n: 2, createdAt: start, updatedAt: t.clock.in(0) }
      same(await db.Stamped.upsert({ ...one, n: 2 }), last, 'what upsert gave')
      same(await db.Stamped.get(one), last, 'what is stored')
      t.clock.advance(1)
      const read = await db.Stamped.get(one)
      if (read !== undefined)
        same(
          (await db.Stamped.put({ ...read, n: 3 })).createdAt,
          start,
          'the creation of an entity that was read and put again',
        )
    },

    'can be compared, indexed and renamed': async (t, db) => {
      const start = t.clock.in(0)
      const stamped = []
      for (const id of ['c', 'a', 'b']) {
        stamped.push(await db.Stamped.create({ group: t.id, id }))
        t.clock.advance(10)
      }
      await t.settled(() => db.Stamped.query('byTime', { group: t.id }).all(), stamped, 'by the time of the last write')
      const later = db.Stamped.query({ group: t.id }).where((o, { gt }) => gt(o.createdAt, start))
      same(
        (await later.all()).map(({ id }) => id),
        ['a', 'b'],
        'what was created after the first',
      )
      const first = stamped[0]
      if (first !== undefined) await db.Stamped.update(first, { n: 1 })
      await t.settled(
        async () => (await db.Stamped.query('byTime', { group: t.id }).all()).map(({ id }) => id),
        ['a', 'b', 'c'],
        'after an update of the first',
      )
      const one = await db.StampedOtherwise.create({ group: t.id, id: '1' })
      same(Object.keys(one).sort(), ['changed', 'group', 'id', 'made', 'v'], 'the fields')
    },

    'cannot be set by hand in an update': async (t, db) => {
      const one = await db.Stamped.create({ group: t.id, id: '1' })
      await refused(db.Stamped.update(one, { updatedAt: new Date(0) } as never), 'VALIDATION')
      await refused(db.Stamped.update(one, { createdAt: new Date(0) } as never), 'VALIDATION')
    },
  },
)
