import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

export const Counter = defineEntity({
  name: 'Counter',
  schema: z.object({ name: z.string(), count: z.int() }),
  key: { partition: ['name'] },
  indexes: { byCount: { partition: ['count'] } },
})
