import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

const partitionName = 'P3Shared'
const tenant = z.string()

/** Entities that share partitions; the names are prefixes of one another, and one has no sort fields. */
const Cust = defineEntity({
  name: 'P3Cust',
  schema: z.object({ tenant, v: z.int(), tag: z.string().optional() }),
  key: { partition: ['tenant'], partitionName },
  indexes: { byTag: { partition: ['tag'], partitionName } },
})
const CustNote = defineEntity({
  name: 'P3CustNote',
  schema: z.object({ tenant, id: z.string(), v: z.int(), tag: z.string().optional() }),
  key: { partition: ['tenant'], sort: ['id'], partitionName },
  indexes: { byTag: { partition: ['tag'], sort: ['id'], partitionName } },
})
const Cus = defineEntity({
  name: 'P3Cus',
  schema: z.object({ tenant, id: z.string(), v: z.int(), tag: z.string().optional() }),
  key: { partition: ['tenant'], sort: ['id'], partitionName },
  indexes: { byTag: { partition: ['tag'], sort: ['id'], partitionName } },
})
const Own = defineEntity({
  name: 'P3Own',
  schema: z.object({ tenant, id: z.string(), v: z.int() }),
  key: { partition: ['tenant'], sort: ['id'] },
})

const ids = ['', '#', '$', 'Note#1', 't#', '😀']

export const sharing: readonly Case[] = cases(
  'P3',
  'shared partitions',
  { Cust, CustNote, Cus, Own },
  {
    'entities that share a partition, or a key, are each their own': async (t, db) => {
      const cust = { tenant: t.id, v: 0, tag: t.id }
      const notes = ids.map((id, v) => ({ tenant: t.id, id, v: v + 100, tag: t.id }))
      const cus = ids.map((id, v) => ({ tenant: t.id, id, v: v + 200, tag: t.id }))
      const own = ids.map((id, v) => ({ tenant: t.id, id, v: v + 300 }))
      await db.Cust.create(cust)
      for (const note of notes) await db.CustNote.create(note)
      for (const one of cus) await db.Cus.create(one)
      for (const one of own) await db.Own.create(one)

      same(await db.Cust.query({ tenant: t.id }).all(), [cust], 'the one without sort fields')
      same(await db.CustNote.query({ tenant: t.id }).all(), notes, 'the one with the longer name')
      same(await db.Cus.query({ tenant: t.id }).all(), cus, 'the one with the shorter name')
      same(await db.Own.query({ tenant: t.id }).all(), own, 'the one with its own partition')
      same(await db.Cus.query({ tenant: t.id }).reverse().all(), cus.toReversed(), 'in reverse')
      same(
        await db.CustNote.query({ tenant: t.id })
          .where((o, { gte }) => gte(o.id, ''))
          .count(),
        ids.length,
        'by an open range',
      )
      same(await db.Cus.getMany(cus), cus, 'by key')

      await t.settled(
        () => db.Cust.query('byTag', { tag: t.id }).all(),
        [cust],
        'by the index, the one without sort fields',
      )
      await t.settled(() => db.CustNote.query('byTag', { tag: t.id }).all(), notes, 'by the index, the longer name')
      await t.settled(
        () => db.Cus.query('byTag', { tag: t.id }).reverse().all(),
        cus.toReversed(),
        'by the index, the shorter name',
      )

      await db.Cust.delete(cust)
      same(await db.CustNote.query({ tenant: t.id }).count(), ids.length, 'what a delete of another entity left')
      same(await db.Cust.get(cust), undefined, 'what was deleted')
    },
  },
)
