import { type AnyEntity, defineEntity, type Scan } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import { pagesOf } from '../p09-paging/walk.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int() })
const key = { partition: ['group'], sort: ['id'], partitionName: 'P10Shared' } as const
const First = defineEntity({ name: 'P10First', schema, key })
const Middle = defineEntity({ name: 'P10Middle', schema, key })
const Last = defineEntity({ name: 'P10Last', schema, key })
const Indexed = defineEntity({ name: 'P10First', schema, key, indexes: { byN: { partition: ['n'] } } })

type One = z.output<typeof schema>

const run = (group: string, count: number): One[] =>
  Array.from({ length: count }, (_, n) => ({ group, id: String(n).padStart(3, '0'), n: n % 10 }))
const idsOf = (found: readonly One[]): string[] => found.map(({ id }) => id).sort()

/** A scan reads what other kinds have in its partitions, and may have to stop there. */
export const shared: readonly Case[] = cases(
  'P10',
  'scans of partitions that several kinds share',
  {},
  {
    'go on from a page that ended among the others': async (t) => {
      const db = await t.fresh().connect({ First, Middle, Last })
      await db.setup()
      const all = run(t.id, 60)
      for (const repository of [db.First, db.Middle, db.Last]) await repository.putMany(all)
      for (const repository of [db.First, db.Middle, db.Last]) {
        const scanOf = (budget?: number): Scan<AnyEntity, One> =>
          repository.scan({ allowScan: true, ...(budget === undefined ? {} : { budget }) }) as never
        same(idsOf((await pagesOf(scanOf(25), 7)).flat()), idsOf(all), 'all pages together')
        same(idsOf(await scanOf().all()), idsOf(all), 'all at once')
      }
    },

    'fill an index, and leave the others alone': async (t) => {
      const namespace = t.fresh()
      const before = await namespace.connect({ First, Last })
      await before.setup()
      const all = run(t.id, 130)
      await before.First.putMany(all)
      await before.Last.putMany(all)
      const db = await namespace.connect({ First: Indexed, Last })
      await db.setup()
      await db.fillIndexes()
      await t.settled(() => db.First.query('byN', { n: 3 }).count(), 13, 'how many the index has')
      same(idsOf(await db.Last.scan({ allowScan: true }).all()), idsOf(all), 'the others')
    },
  },
)
