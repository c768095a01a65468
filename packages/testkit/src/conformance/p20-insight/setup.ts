import { defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int().optional() })
const key = { partition: ['group'], sort: ['id'] } as const

const Before = defineEntity({ name: 'P20Grown', schema, key })
const After = defineEntity({
  name: 'P20Grown',
  schema,
  key,
  indexes: { byN: { partition: ['group'], sort: ['n'] }, byBoth: { partition: ['n'], sort: ['group'] } },
})
const byN = { partition: ['group'], sort: ['n'] } as const
const byBoth = { partition: ['n'], sort: ['group'] } as const
const Rekeyed = defineEntity({ name: 'P20Grown', schema, key: { partition: ['id'] }, indexes: { byN, byBoth } })
const Redefined = defineEntity({ name: 'P20Grown', schema, key, indexes: { byN: { partition: ['group'] }, byBoth } })
const Swapped = defineEntity({ name: 'P20Grown', schema, key, indexes: { byBoth, byN } })
const Inserted = defineEntity({ name: 'P20Grown', schema, key, indexes: { first: { partition: ['id'] }, byN, byBoth } })
const Numbered = defineEntity({
  name: 'P20Grown',
  schema,
  key,
  indexes: { byBoth: { ...byBoth, number: 2 }, last: { partition: ['id'], number: 4 } },
})
const Local = defineEntity({
  name: 'P20Local',
  schema,
  key,
  indexes: {
    byN: { partition: ['group'], sort: ['n'], scope: 'local' },
    byBoth,
    inGroup: { ...byN, sort: ['n', 'id'], scope: 'local' },
  },
})
const LocalLess = defineEntity({
  name: 'P20Local',
  schema,
  key,
  indexes: { byBoth, inGroup: { ...byN, sort: ['n', 'id'], scope: 'local', number: 2 } },
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
      same(await db.setup(), { created: [], unfilled: [] }, 'what a second setup makes')
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
      const { problems } = await after.check()
      for (const { remedy } of problems)
        holds(remedy.includes('fillIndexes'), `check finds more than unfilled indexes: ${remedy}`)
      same(await after.Grown.get(one), one, 'what was stored before')
      await after.Grown.put({ ...one, n: 2 })
      await after.fillIndexes()
      same(await after.check(), { ok: true, problems: [] }, 'what check finds once all entities are in the new indexes')
      await after.Another.create(one)
      await t.settled(
        () => after.Grown.query('byN', { group: t.id }).all(),
        [{ ...one, n: 2 }],
        'what the new index has',
      )
      await t.settled(() => after.Another.query('byN', { group: t.id }).all(), [one], 'what the new entity has')
      same(await before.Grown.get(one), { ...one, n: 2 }, 'what the older handle gets')
    },

    'a new index holds what was stored before it, or check says that it does not': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Grown: Before })
      await before.setup()
      const one = { group: t.id, id: '1', n: 1 }
      await before.Grown.create(one)
      const after = await namespace.connect({ Grown: After })
      await after.setup()
      const { ok, problems } = await after.check()
      if (ok) {
        await t.settled(() => after.Grown.query('byN', { group: t.id }).all(), [one], 'what the new index has')
        return
      }
      same(
        problems.map(({ what }) => what),
        ['index byN of P20Grown', 'index byBoth of P20Grown'],
        'what check finds',
      )
    },

    'a model of other indexes or another key is refused, with the difference and the remedy': async (t) => {
      const namespace = t.fresh()
      await (await namespace.connect({ Grown: After })).setup()
      const refusals = [
        [Rekeyed, ['key of P20Grown', 'partition P20Grown [id: string]', 'another entity']],
        // A store that keeps indexes by itself refuses this one in its own words.
        [Redefined, ['index byN', 'P20Grown']],
        [Swapped, ['index byN of P20Grown', 'number: 1', 'index byBoth of P20Grown', 'number: 2']],
        [Inserted, ['index first of P20Grown', 'number 1', 'number: 4']],
      ] as const
      for (const [Grown, says] of refusals) {
        // A store that looks at its models as it is connected may refuse there already, in its own words.
        const db = await namespace.connect({ Grown }).catch((error: unknown) => {
          holds(error instanceof StoreError && error.code === 'MODEL_MISMATCH', `connect failed with ${String(error)}`)
        })
        if (db === undefined) continue
        const { ok } = await db.check()
        holds(!ok, 'check finds a changed model right')
        await refused(db.setup(), 'MODEL_MISMATCH', { says })
      }
    },

    'an index keeps its place by its number': async (t) => {
      const namespace = t.fresh()
      const one = { group: t.id, id: '1', n: 1 }
      const before = await namespace.connect({ Grown: After })
      await before.setup()
      await before.Grown.create(one)
      const after = await namespace.connect({ Grown: Numbered })
      await after.setup()
      await t.settled(() => after.Grown.query('byBoth', { n: 1 }).all(), [one], 'what a kept index has')
      const other = { group: t.id, id: '2', n: 1 }
      await after.Grown.create(other)
      await t.settled(() => after.Grown.query('last', { id: '2' }).all(), [other], 'what the new index has')
      await t.settled(() => before.Grown.query('byBoth', { n: 1 }).all(), [one, other], 'what the older handle finds')
    },

    'global and local indexes are numbered apart': async (t) => {
      const namespace = t.fresh()
      const one = { group: t.id, id: '1', n: 1 }
      const before = await namespace.connect({ Local })
      await before.setup()
      await before.Local.create(one)
      const after = await namespace.connect({ Local: LocalLess })
      await after.setup()
      await t.settled(() => after.Local.query('byBoth', { n: 1 }).all(), [one], 'what the global index has')
      await t.settled(() => after.Local.query('inGroup', { group: t.id }).all(), [one], 'what the local one has')
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
