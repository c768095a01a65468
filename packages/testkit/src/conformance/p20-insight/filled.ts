import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int() })
const key = { partition: ['group'], sort: ['id'] } as const

const Before = defineEntity({ name: 'P20Filled', schema, key })
const After = defineEntity({
  name: 'P20Filled',
  schema,
  key,
  indexes: { byN: { partition: ['group'], sort: ['n'] }, byBoth: { partition: ['n'], sort: ['group'] } },
})

export const filled: readonly Case[] = cases(
  'P20',
  'indexes that came later',
  {},
  {
    'are filled once setup is told so, each by its own name': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Filled: Before })
      await before.setup()
      const entities = ['1', '2'].map((id) => ({ group: t.id, id, n: 1 }))
      await before.Filled.putMany(entities)

      const db = await namespace.connect({ Filled: After })
      await db.setup()
      const { ok: fillsByItself } = await db.check()
      const left = async (): Promise<readonly string[]> => (await db.check()).problems.map(({ what }) => what)
      const other = fillsByItself ? [] : ['index byBoth of P20Filled']
      await db.Filled.putMany(entities)
      await db.setup({ filled: ['P20Filled.byN'] })
      same(await left(), other, 'what is left once one index is said to be filled')
      await db.setup()
      same(await left(), other, 'what is left when nothing more is said')
      await db.setup({ filled: ['P20Filled.byBoth'] })
      same(await left(), [], 'what is left once both are')
      await db.setup()
      same(await left(), [], 'what a setup after that takes back')

      await t.settled(() => db.Filled.query('byN', { group: t.id }).all(), entities, 'what the one index has')
      await t.settled(() => db.Filled.query('byBoth', { n: 1 }).all(), entities, 'what the other index has')
    },

    'that there are not cannot be said to be filled': async (t) => {
      const db = await t.fresh().connect({ Filled: After })
      await refused(db.setup({ filled: ['P20Filled.byNothing'] }), 'VALIDATION', {
        says: ['P20Filled.byNothing', 'P20Filled.byN, P20Filled.byBoth'],
      })
    },
  },
)
