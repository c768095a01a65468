import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Sized = defineEntity({
  name: 'P1Sized',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    text: z.string().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    list: z.array(z.string()).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const MEGABYTE = 1_000_000

export const sizes: readonly Case[] = cases(
  'P1',
  'sizes',
  { Sized },
  {
    'an entity near the largest the store can hold comes back equal': async (t, db) => {
      const most = Math.floor(Math.min((t.limits.entityBytes ?? MEGABYTE) * 0.95, MEGABYTE))
      const entities = [
        { group: t.id, id: 1, text: 'x'.repeat(most) },
        { group: t.id, id: 2, text: 'ü'.repeat(most / 2) },
        { group: t.id, id: 3, bytes: new Uint8Array(most).fill(0xab) },
        { group: t.id, id: 4, list: Array.from({ length: 2_000 }, (_, at) => `${at}`.padStart(most / 2_200, '-')) },
      ]
      for (const entity of entities) {
        same(await db.Sized.create(entity, { return: 'none' }), undefined, 'what create gave')
        same(await db.Sized.get(entity), entity, `entity ${entity.id}`)
      }
      same(await db.Sized.query({ group: t.id }).all(), entities, 'all of them')
    },

    'a larger entity is refused before it is sent, and the error says the limit and the store': async (t, db) => {
      const { entityBytes } = t.limits
      if (entityBytes === undefined) {
        const large = { group: t.id, id: 1, text: 'x'.repeat(3 * MEGABYTE) }
        same(await db.Sized.create(large), large)
        return
      }
      const text = 'x'.repeat(entityBytes + 1)
      const { requests } = await t.trips(async () => {
        const error = await refused(db.Sized.create({ group: t.id, id: 1, text }), 'LIMIT_EXCEEDED', {
          retryable: false,
        })
        same(error.key, { group: t.id, id: 1 }, 'the key of the error')
        same(error.store === undefined, false, 'that the error names the store')
        await refused(db.Sized.put({ group: t.id, id: 1, bytes: new Uint8Array(entityBytes + 1) }), 'LIMIT_EXCEEDED')
      })
      same(requests.length, 0, 'the round trips')
    },

    'an update that would outgrow the store is refused and leaves the entity': async (t, db) => {
      const { entityBytes } = t.limits
      // Filling a store that takes many megabytes would take minutes on an emulator and prove the same.
      const half = Math.floor(Math.min(entityBytes ?? MEGABYTE, 2 * MEGABYTE) * 0.6)
      const entity = { group: t.id, id: 1, list: ['x'.repeat(half)] }
      await db.Sized.create(entity)
      const grown = db.Sized.update(entity, (o, { append }) => append(o.list, ['y'.repeat(half)]))
      if (entityBytes !== undefined && half * 2 > entityBytes) {
        await refused(grown, 'LIMIT_EXCEEDED')
        same(await db.Sized.get(entity), entity, 'what is stored')
      } else {
        same((await grown).list, ['x'.repeat(half), 'y'.repeat(half)])
      }
    },
  },
)
