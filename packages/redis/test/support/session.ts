import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

export const Session = defineEntity({
  name: 'Session',
  schema: z.object({ id: z.string(), user: z.string().optional(), until: z.date().optional() }),
  key: { partition: ['id'] },
  indexes: { byUser: { partition: ['user'], sort: ['until'] } },
  ttl: 'until',
})

/** The same sessions after their index was dropped from the model. */
export const SessionWithoutIndex = defineEntity({
  name: 'Session',
  schema: z.object({ id: z.string(), user: z.string().optional(), until: z.date().optional() }),
  key: { partition: ['id'] },
  ttl: 'until',
})
