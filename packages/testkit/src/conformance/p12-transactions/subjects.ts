import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

export const Account = defineEntity({
  name: 'P12Account',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    balance: z.int().min(0),
    note: z.string().optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byBalance: { partition: ['group'], sort: ['balance'] } },
  revision: true,
  timestamps: true,
  ttl: 'until',
})

export const Entry = defineEntity({
  name: 'P12Entry',
  schema: z.object({ group: z.string(), number: z.int(), amount: z.int() }),
  key: { partition: ['group'], sort: ['number'] },
})

export const entities = { Account, Entry }
