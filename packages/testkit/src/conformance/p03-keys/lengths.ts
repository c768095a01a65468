import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Long = defineEntity({
  name: 'P3Long',
  schema: z.object({ group: z.string(), id: z.string(), tag: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byTag: { partition: ['group'], sort: ['tag'] } },
})

export const lengths: readonly Case[] = cases(
  'P3',
  'lengths of keys',
  { Long },
  {
    'keys near the longest the store can hold work': async (t, db) => {
      const { partitionBytes = 2_000, sortBytes = 2_000 } = t.limits
      // The entity's name and separators take their part; the key holds the rest.
      const entity = {
        group: t.id.padEnd(Math.min(partitionBytes, 2_000) - 100, 'g'),
        id: 'i'.repeat(Math.min(sortBytes, 2_000) - 100),
      }
      await db.Long.create(entity)
      same(await db.Long.get(entity), entity, 'by key')
      same(
        await db.Long.query({ group: entity.group })
          .where((o, { beginsWith }) => beginsWith(o.id, 'iii'))
          .all(),
        [entity],
        'by a prefix',
      )
    },

    'longer keys are refused before they are sent': async (t, db) => {
      const { partitionBytes, sortBytes } = t.limits
      const { requests } = await t.trips(async () => {
        if (partitionBytes !== undefined) {
          const group = t.id.padEnd(partitionBytes + 1, 'g')
          await refused(db.Long.create({ group, id: '' }), 'LIMIT_EXCEEDED', { says: [String(partitionBytes)] })
          // Bytes count, not characters.
          await refused(db.Long.create({ group: t.id + 'ü'.repeat(partitionBytes / 2), id: '' }), 'LIMIT_EXCEEDED')
        }
        if (sortBytes !== undefined) {
          await refused(db.Long.create({ group: t.id, id: 'i'.repeat(sortBytes + 1) }), 'LIMIT_EXCEEDED', {
            says: [String(sortBytes)],
          })
          await refused(db.Long.put({ group: t.id, id: '', tag: 't'.repeat(sortBytes + 1) }), 'LIMIT_EXCEEDED')
        }
      })
      same(requests.length, 0, 'the round trips')
      if (partitionBytes === undefined && sortBytes === undefined) {
        const entity = { group: t.id.padEnd(20_000, 'g'), id: 'i'.repeat(20_000), tag: 't'.repeat(20_000) }
        await db.Long.create(entity)
        same(await db.Long.get(entity), entity)
      }
    },

    'reads by keys that are longer find nothing, as on a store that could hold them': async (t, db) => {
      const { partitionBytes = 20_000, sortBytes = 20_000 } = t.limits
      await db.Long.create({ group: t.id, id: 'i' })
      const group = t.id.padEnd(partitionBytes + 1, 'g')
      const id = 'i'.repeat(sortBytes + 1)
      same(await db.Long.get({ group, id: 'i' }), undefined, 'a get by a longer partition')
      same(await db.Long.get({ group: t.id, id }), undefined, 'a get by a longer sort part')
      const keys = [group, t.id, t.id].map((one, at) => ({ group: one, id: at === 1 ? id : 'i' }))
      same(await db.Long.getMany(keys), [undefined, undefined, { group: t.id, id: 'i' }], 'a getMany')
      same(await db.Long.delete({ group, id }), undefined, 'a delete')
      same(await db.Long.query({ group }).all(), [], 'a query of a longer partition')
      const query = db.Long.query({ group: t.id })
      same(await query.where((o, { eq }) => eq(o.id, id)).all(), [], 'a query for a longer sort part')
      same(await query.where((o, { beginsWith }) => beginsWith(o.id, id)).all(), [], 'a query for a longer prefix')
      same(await query.where((o, { lt }) => lt(o.id, id)).count(), 1, 'a query below a longer sort part')
      same(await query.where((o, { gt }) => gt(o.id, id)).count(), 0, 'a query above a longer sort part')
      same(await query.where((o, { between }) => between(o.id, 'i', id)).count(), 1, 'a query up to a longer sort part')
    },
  },
)
