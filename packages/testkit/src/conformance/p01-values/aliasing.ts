import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

const Shared = defineEntity({
  name: 'P1Shared',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    list: z.array(z.object({ n: z.int() })),
    set: z.set(z.string()),
    date: z.date(),
    bytes: z.instanceof(Uint8Array),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const sample = (group: string): z.output<typeof Shared.schema> => ({
  group,
  id: 1,
  list: [{ n: 1 }],
  set: new Set(['a']),
  date: new Date(1),
  bytes: Uint8Array.of(1),
})

/** Changes an entity in place at every depth. */
function spoil(entity: z.output<typeof Shared.schema>): void {
  entity.list.push({ n: 2 })
  for (const row of entity.list) row.n = 9
  entity.set.add('b')
  entity.date.setTime(9)
  entity.bytes[0] = 9
}

export const aliasing: readonly Case[] = cases(
  'P1',
  'copies',
  { Shared },
  {
    'changing what was written changes nothing in the store': async (t, db) => {
      const given = sample(t.id)
      await db.Shared.create(given)
      spoil(given)
      same(await db.Shared.get(given), sample(t.id), 'after create')
      const changes = sample(t.id)
      await db.Shared.update(
        { group: t.id, id: 1 },
        { list: changes.list, set: changes.set, date: changes.date, bytes: changes.bytes },
      )
      spoil(changes)
      same(await db.Shared.get({ group: t.id, id: 1 }), sample(t.id), 'after update')
    },

    'changing what was read changes nothing in the store or for others': async (t, db) => {
      await db.Shared.create(sample(t.id))
      const key = { group: t.id, id: 1 }
      const [one, other] = await Promise.all([db.Shared.get(key), db.Shared.get(key)])
      if (one !== undefined) spoil(one)
      same(other, sample(t.id), 'what another get of the same tick gave')
      for (const found of await db.Shared.query({ group: t.id }).all()) spoil(found)
      const returned = await db.Shared.update(key, {})
      spoil(returned)
      same(await db.Shared.get(key), sample(t.id), 'what is stored')
    },
  },
)
