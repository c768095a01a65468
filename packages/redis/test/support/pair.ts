import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

/** Two indexes, of fields that change independently. */
export const Pair = defineEntity({
  name: 'Pair',
  schema: z.object({ name: z.string(), left: z.int(), right: z.int() }),
  key: { partition: ['name'] },
  indexes: { byLeft: { partition: ['left'] }, byRight: { partition: ['right'] } },
})
