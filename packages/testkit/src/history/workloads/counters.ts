import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type CounterInput, counter } from '../models/counter.js'
import { type Workload, workload } from './workload.js'

const Counter = defineEntity({
  name: 'HistoryCounter',
  schema: z.object({ group: z.string(), key: z.string(), sum: z.int().default(0) }),
  key: { partition: ['group'], sort: ['key'] },
})

/** Additions to a few counters that are not there at first, and reads between them. */
export const counters: Workload = workload({
  rule: 'P4',
  topic: 'histories of counters',
  entities: { Counter },
  model: counter,

  client: (db, group) => ({
    draw(random): CounterInput {
      const key = random.of(['a', 'b'])
      return random.below(3) === 0 ? { do: 'get', key } : { do: 'add', key, amount: 1 + random.below(3) }
    },

    async call(input, options) {
      const key = { group, key: input.key }
      if (input.do === 'get') return (await db.Counter.get(key, options))?.sum ?? 0
      const { amount } = input
      return (await db.Counter.update(key, (c, { add }) => add(c.sum, amount), { ...options, orCreate: true })).sum
    },
  }),
})
