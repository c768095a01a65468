import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

/** Of its own, so that no other case has ten thousand entities beside its few. */
const Item = defineEntity({
  name: 'P9Many',
  schema: z.object({ group: z.string(), id: z.int(), rare: z.boolean() }),
  key: { partition: ['group'], sort: ['id'] },
})

const idsOf = (found: readonly { readonly id: number }[]): number[] => found.map(({ id }) => id)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

export const large: readonly Case[] = cases(
  'P9',
  'a large partition',
  { Item },
  {
    'of ten thousand entities is walked in order, each once': async (t, db) => {
      const count = 10_000
      await db.Item.putMany(upTo(count).map((id) => ({ group: t.id, id, rare: id % 1_000 === 7 })))
      const query = db.Item.query({ group: t.id })
      same(await query.count(), count, 'the count')
      let expected = 0
      for await (const { id } of query) {
        if (id !== expected) same(id, expected, 'the next one')
        expected += 1
      }
      same(expected, count, 'how many were walked')
      same(
        idsOf(await query.where((o, { between }) => between(o.id, 4_990, 5_010)).all()),
        upTo(21).map((n) => 4_990 + n),
        'twenty in the middle',
      )
      same(idsOf(await query.reverse().limit(3).all()), [9_999, 9_998, 9_997], 'the last three')
      same(
        idsOf(
          await query
            .where((o, { eq }) => eq(o.rare, true))
            .limit(4)
            .all(),
        ),
        [7, 1_007, 2_007, 3_007],
        'four rare ones',
      )
      const first = await query.page({ size: 4_000 })
      const second = await query.page({ size: 4_000, cursor: first.cursor })
      same(
        idsOf(second.items),
        upTo(4_000).map((n) => 4_000 + n),
        'the second page of four thousand',
      )
    },
  },
)
