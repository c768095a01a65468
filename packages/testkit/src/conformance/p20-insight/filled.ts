import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

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
