import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { shop } from '../shop/model.js'

/** What the writes of the workload go to: a counter with a revision, as the shop itself has no number that changes. */
export const ProductViews = defineEntity({
  name: 'ProductViews',
  schema: z.object({ productId: z.string(), views: z.int(), state: z.string() }),
  key: { partition: ['productId'] },
  revision: true,
})

/** The shop, and what the writes of the workload need. */
export const workloadModel = { ...shop, ProductViews } as const
