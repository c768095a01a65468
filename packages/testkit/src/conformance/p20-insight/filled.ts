import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int() })
const key = { partition: ['group'], sort: ['id'] } as const

const Before = defineEntity({ name: 'P20Filled', schema, key, revision: true })
const Other = defineEntity({ name: 'P20Unfilled', schema, key: { ...key, partitionName: 'P20Filled' } })
const After = defineEntity({
  name: 'P20Filled',
  schema,
  key,
  revision: true,
  indexes: { byN: { partition: ['group'], sort: ['n'] }, byBoth: { partition: ['n'], sort: ['group'] } },
})

type OneOf = z.output<typeof schema>
const other = { group: 'g', id: 'x', n: 9 }

export const filled: readonly Case[] = cases(
  'P20',
  'indexes that came later',
  {},
  {
    'hold what was stored before them once they are filled, and nothing else changes': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Filled: Before, Other })
      await before.setup()
      const entities = Array.from({ length: 450 }, (_, at) => ({ group: `${t.id}#${at % 4}`, id: `${at}`, n: at % 10 }))
      await before.Filled.putMany(entities)
      await before.Other.put(other)
      const kept = await before.Filled.getMany(entities)

      const db = await namespace.connect({ Filled: After, Other })
      await db.setup()
      const { problems } = await db.check()
      const progress: number[] = []
      const report = await db.fillIndexes({ segments: 2, onProgress: ({ written }) => progress.push(written) })
      const unfilled = problems.map(({ what }) => what)
      const toFill = ['byN', 'byBoth'].filter((name) => unfilled.includes(`index ${name} of P20Filled`))
      same(
        report,
        { filled: toFill.map((name) => `P20Filled.${name}`), written: toFill.length === 0 ? 0 : 450 },
        'the report',
      )
      if (toFill.length > 0) same(progress.at(-1), 450, 'the last progress')
      same(await db.check(), { ok: true, problems: [] }, 'what check finds then')
      same(await db.fillIndexes(), { filled: [], written: 0 }, 'what a second time fills')
      same(await db.Filled.getMany(entities), kept, 'the entities, with their revisions')
      const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id).sort()
      await t.settled(
        async () => ids(await db.Filled.query('byBoth', { n: 3 }).all()),
        ids(entities.filter(({ n }) => n === 3)),
        'what the global index has',
      )
      const group = `${t.id}#1`
      await t.settled(
        async () => ids(await db.Filled.query('byN', { group }).all()),
        ids(entities.filter((one) => one.group === group)),
        'what the other has',
      )
    },

    'that were never set up are found by check': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Filled: Before })
      await before.setup()
      const one = { group: t.id, id: '1', n: 1 }
      await before.Filled.put(one)
      const db = await namespace.connect({ Filled: After })
      if ((await db.check()).ok) {
        const found = async (): Promise<string | undefined> => (await db.Filled.query('byBoth', { n: 1 }).first())?.id
        await t.settled(found, '1', 'what an index has that check finds right')
      }
      const { unfilled } = await db.setup()
      const unsure = (await db.check()).problems.map(({ what }) => what)
      same(
        unfilled.map((name) => `index ${name.split('.')[1]} of P20Filled`),
        unsure,
        'what setup reports, against what check finds',
      )
    },

    'give no entity where it no longer is, after an older model wrote it': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Filled: Before })
      await before.setup()
      const db = await namespace.connect({ Filled: After })
      await db.setup()
      const [moved, stays] = ['1', '2'].map((id) => ({ group: t.id, id, n: 1 })) as [OneOf, OneOf]
      await db.Filled.putMany([moved, stays])
      await before.Filled.update(moved, { n: 2 })
      const ids = async (n: number): Promise<string[]> =>
        (await db.Filled.query('byBoth', { n }).select('id').all()).map(({ id }) => id)
      await t.settled(() => ids(1), ['2'], 'those of 1')
      const found = await ids(2)
      holds(found.length === 0 || found[0] === '1', `those of 2 are ${found.join()}`)
      same(
        (await db.Filled.query('byN', { group: t.id }).all()).every(({ id, n }) => n === (id === '1' ? 2 : 1)),
        true,
      )
    },

    'are filled while others write, and lose nothing of it': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ Filled: Before })
      await before.setup()
      const entities = Array.from({ length: 120 }, (_, at) => ({ group: t.id, id: `${at}`, n: 0 }))
      await before.Filled.putMany(entities)
      const db = await namespace.connect({ Filled: After })
      await db.setup()
      const writes = entities.map(async (one, at) => {
        if (at % 3 === 0) await db.Filled.delete(one)
        else if (at % 3 === 1) await db.Filled.update(one, (o, { add }) => [add(o.n, 1)])
      })
      await Promise.all([db.fillIndexes(), ...writes])
      const left = entities.flatMap((one, at) => (at % 3 === 0 ? [] : [{ ...one, n: at % 3 === 1 ? 1 : 0 }]))
      for (const n of [0, 1]) {
        const expected = left.filter((one) => one.n === n).map(({ id }) => id)
        await t.settled(
          async () => (await db.Filled.query('byBoth', { n }).all()).map(({ id }) => id).sort(),
          expected.sort(),
          `those of ${n}`,
        )
      }
    },

    'cannot be filled before setup': async (t) => {
      const db = await t.fresh().connect({ Filled: After })
      await refused(db.fillIndexes(), 'MODEL_MISMATCH', { says: ['setup()'] })
      await refused(db.fillIndexes({ segments: 0 }), 'VALIDATION', { says: ['segments'] })
    },
  },
)
