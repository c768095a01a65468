import { defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int().optional() })
const key = { partition: ['group'], sort: ['id'] } as const

const Before = defineEntity({ name: 'P20Grown', schema, key })
const After = defineEntity({
  name: 'P20Grown',
  schema,
  key,
  indexes: { byN: { partition: ['group'], sort: ['n'] }, byBoth: { partition: ['n'], sort: ['group'] } },
})
const Another = defineEntity({
  name: 'P20Another',
  schema,
  key,
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
})

export const setup: readonly Case[] = cases(
  'P20',
  'setup and check',
  {},
  {
    'setup makes what check then finds right, and repeating it makes nothing': async (t) => {
      const db = await t.fresh().connect({ Grown: After, Another })
      const before = await db.check()
      const made = await db.setup()
      holds(before.ok || made.created.length > 0, 'check found something missing, and setup made nothing')
      for (const { what, expected, found, remedy } of before.problems) {
        holds(
          [what, expected, found, remedy].every((words) => typeof words === 'string' && words !== ''),
          'a problem lacks words',
        )
      }
      same(await db.check(), { ok: true, problems: [] }, 'what check finds after setup')
      same(await db.setup(), { created: [] }, 'what a second setup makes')
      const one = { group: t.id, id: '1', n: 1 }
      await db.Grown.create(one)
      await db.Another.create(one)
      await db.setup()
      same(await db.Grown.get(one), one, 'what is stored after a third')
      await t.settled(() => db.Grown.query('byBoth', { n: 1 }).all(), [one], 'what an index has')
    },

    'setup extends what is there, and keeps what is stored': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Grown: Before })
      await before.setup()
      const one = { group: t.id, id: '1', n: 1 }
      await before.Grown.create(one)
      const after = await namespace.connect({ Grown: After, Another })
      await after.setup()
      same(await after.check(), { ok: true, problems: [] }, 'what check finds')
      same(await after.Grown.get(one), one, 'what was stored before')
      await after.Grown.put({ ...one, n: 2 })
      await after.Another.create(one)
      await t.settled(
        () => after.Grown.query('byN', { group: t.id }).all(),
        [{ ...one, n: 2 }],
        'what the new index has',
      )
      await t.settled(() => after.Another.query('byN', { group: t.id }).all(), [one], 'what the new entity has')
      same(await before.Grown.get(one), { ...one, n: 2 }, 'what the older handle gets')
    },

    'without setup a call works, or says that setup is missing': async (t) => {
      const db = await t.fresh().connect({ Grown: After })
      const one = { group: t.id, id: '1', n: 1 }
      try {
        await db.Grown.create(one)
      } catch (error) {
        holds(error instanceof StoreError && error.code === 'MODEL_MISMATCH', `create failed with ${String(error)}`)
        holds(error.message.includes('setup'), `the message does not name setup: ${error.message}`)
        same(error.outcome, 'not committed', 'the outcome')
        return
      }
      same(await db.Grown.get(one), one, 'what is stored')
    },
  },
)
