import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Plain = defineEntity({
  name: 'P20Plain',
  schema: z.object({ group: z.string(), id: z.string() }),
  key: { partition: ['group'], sort: ['id'] },
})

export const escapeHatch: readonly Case[] = cases(
  'P20',
  'native',
  { Plain },
  {
    "gives the vendor's client, and a key as it lies in the store": async (t, db) => {
      const { requests } = await t.trips(async () => {
        const bare: unknown = db.Plain.native()
        const keyed: unknown = db.Plain.native({ group: t.id, id: 'a#b' })
        holds(typeof bare === 'object' && bare !== null, 'native() gives nothing')
        holds(typeof keyed === 'object' && keyed !== null, 'native(key) gives nothing')
        await refused(async () => db.Plain.native({ group: t.id } as never), 'VALIDATION', { says: ['id'] })
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
