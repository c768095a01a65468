import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Note = defineEntity({
  name: 'P18Note',
  schema: z.object({ group: z.string(), id: z.int(), n: z.int() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
})

export const consistency: readonly Case[] = cases(
  'P18',
  'consistency',
  { Note },
  {
    'reads by key see every acknowledged write, on every handle': async (t, db) => {
      const other = await t.connect({ Note })
      const key = { group: t.id, id: 1 }
      for (let n = 0; n < 40; n += 1) {
        const [writer, reader] = n % 2 === 0 ? [db, other] : [other, db]
        await writer.Note.put({ ...key, n })
        same((await reader.Note.get(key))?.n, n, `get after write ${n}`)
        same((await reader.Note.getMany([key]))[0]?.n, n, `getMany after write ${n}`)
        same(
          (await reader.Note.query({ group: t.id }).all()).map((one) => one.n),
          [n],
          `query after write ${n}`,
        )
      }
    },

    'an eventual read gives what was written, in the end': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Note.put({ ...key, n: 1 })
      const until = Date.now() + 10_000
      let found: { readonly n: number } | undefined
      do found = await db.Note.get(key, { consistency: 'eventual' })
      while (found === undefined && Date.now() < until)
      same(found, { ...key, n: 1 }, 'what get gave')
      same((await db.Note.query({ group: t.id }).consistency('eventual').all()).length, 1, 'how many a query gave')
      same((await db.Note.getMany([key], { consistency: 'eventual' })).length, 1, 'how many getMany gave')
    },

    'strong and eventual gets of one tick keep their own': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Note.put({ ...key, n: 1 })
      await db.Note.put({ ...key, n: 2 })
      const [strong] = await Promise.all([db.Note.get(key), db.Note.get(key, { consistency: 'eventual' })])
      same(strong?.n, 2, 'what the strong one gave')
    },

    'every access path says how fresh it is': async (t, db) => {
      const byKey = db.Note.query({ group: t.id }).explain()
      const byIndex = db.Note.query('byN', { group: t.id }).explain()
      same([byKey.access, byKey.index, byKey.freshness], ['key', undefined, 'strong'], 'by the key')
      same([byIndex.access, byIndex.index], ['index', 'byN'], 'by an index')
      same(byIndex.freshness, t.claims('index:strong') ? 'strong' : 'eventual', 'the freshness of the index')
    },

    'a strong read by an index is given, or refused with the way out': {
      requires: 'index:strong',
      run: async (t, db) => {
        await db.Note.put({ group: t.id, id: 1, n: 1 })
        same((await db.Note.query('byN', { group: t.id }).consistency('strong').all()).length, 1)
      },
    },

    'a level that is none is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(db.Note.get({ group: t.id, id: 1 }, { consistency: 'weak' as never }), 'VALIDATION')
        await refused(
          () =>
            db.Note.query({ group: t.id })
              .consistency(1 as never)
              .all(),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
