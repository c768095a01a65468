import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int() })
const key = { partition: ['group'], sort: ['id'] } as const
const indexes = { byN: { partition: ['n'], sort: ['group'] } } as const

const One = defineEntity({ name: 'P20One', schema, key, indexes })
const Other = defineEntity({ name: 'P20Other', schema, key, indexes })

export const setupAtOnce: readonly Case[] = cases(
  'P20',
  'setup by several at once',
  {},
  {
    'in an empty namespace succeeds for all, and nobody makes anything anew': async (t) => {
      const namespace = t.fresh()
      const handles = await Promise.all([namespace.connect({ One, Other }), namespace.connect({ One, Other })])
      const one = (at: number) => ({ group: t.id, id: String(at), n: 1 })
      // Whoever is done begins to write, while another may still be setting up.
      const reports = await Promise.all(
        handles.map(async (db, at) => {
          const { created } = await db.setup()
          await db.One.create(one(at))
          return created
        }),
      )
      // Some servers tell everybody who creates a table that it was made; the library's own records say who was first.
      const recorded = reports.flat().filter((what) => what.startsWith('model of '))
      same(recorded, [...new Set(recorded)], 'the records that they made')

      for (const [at, db] of handles.entries()) {
        same(await db.check(), { ok: true, problems: [] }, `what check finds on handle ${at}`)
        same(await db.setup(), { created: [], unfilled: [] }, `what another setup makes on handle ${at}`)
        same(
          await db.One.query({ group: t.id }).all(),
          handles.map((_, each) => one(each)),
          `what handle ${at} finds`,
        )
        await t.settled(
          () => db.One.query('byN', { n: 1 }).all(),
          handles.map((_, each) => one(each)),
          `what handle ${at} finds by an index`,
        )
      }
    },
  },
)
