import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Part = defineEntity({
  name: 'P11Single',
  schema: z.object({ group: z.string(), id: z.int(), v: z.int() }),
  key: { partition: ['group'], sort: ['id'] },
})

const parts = (group: string, count: number) => Array.from({ length: count }, (_, id) => ({ group, id, v: id * 3 }))

export const coalescing: readonly Case[] = cases(
  'P11',
  'coalescing',
  { Part },
  {
    'gets of one tick travel as one batch': async (t, db) => {
      const entities = await db.Part.putMany(parts(t.id, 100))
      const { answer, requests } = await t.trips(() => Promise.all(entities.map((entity) => db.Part.get(entity))))
      same(answer, entities, 'what they gave')
      same(requests.length, 1, 'the round trips')
      const repeated = await t.trips(() =>
        Promise.all(Array.from({ length: 300 }, () => db.Part.get({ group: t.id, id: 1 }))),
      )
      same(
        repeated.answer.every((found) => found?.v === 3),
        true,
        'what three hundred gets of one key gave',
      )
      same(repeated.requests.length, 1, 'their round trips')
      const lone = await t.trips(() => db.Part.get({ group: t.id, id: 1 }))
      same(lone.requests.length, 1, 'the round trips of a lone get')
    },

    'gets of different ticks do not wait for each other': async (t, db) => {
      await db.Part.putMany(parts(t.id, 2))
      const { requests } = await t.trips(async () => {
        await db.Part.get({ group: t.id, id: 0 })
        await db.Part.get({ group: t.id, id: 1 })
      })
      same(requests.length, 2, 'the round trips')
    },

    'can be switched off': async (t, db) => {
      const entities = await db.Part.putMany(parts(t.id, 20))
      const single = await t.connect({ Part }, { coalesce: false })
      const { answer, requests } = await t.trips(() => Promise.all(entities.map((entity) => single.Part.get(entity))))
      same(answer, entities, 'what they gave')
      same(requests.length, 20, 'the round trips')
    },

    'leaves each get its own: key, absence, mistake and signal': async (t, db) => {
      await db.Part.putMany(parts(t.id, 2))
      const aborted = AbortSignal.abort()
      const [found, absent, wrong, cancelled, last] = await Promise.allSettled([
        db.Part.get({ group: t.id, id: 0 }),
        db.Part.get({ group: t.id, id: 99 }),
        db.Part.get({ group: t.id, id: 'x' as never }),
        db.Part.get({ group: t.id, id: 0 }, { signal: aborted }),
        db.Part.get({ group: t.id, id: 1 }),
      ])
      same(found.status === 'fulfilled' && found.value?.v, 0, 'the first')
      same(absent.status === 'fulfilled' && absent.value === undefined, true, 'that the second is absent')
      await refused(wrong.status === 'rejected' ? Promise.reject(wrong.reason) : Promise.resolve(), 'VALIDATION')
      await refused(cancelled.status === 'rejected' ? Promise.reject(cancelled.reason) : Promise.resolve(), 'ABORTED')
      same(last.status === 'fulfilled' && last.value?.v, 3, 'the last')
    },
  },
)
