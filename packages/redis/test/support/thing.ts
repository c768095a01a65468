import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

const line = z.looseObject({ quantity: z.number(), note: z.string().optional() })

/** An entity with a field of every kind, and indexes over every kind that can be in one. */
export const Thing = defineEntity({
  name: 'Thing',
  schema: z.looseObject({
    home: z.string(),
    id: z.int(),
    name: z.string().nullish(),
    price: z.number().nullish(),
    count: z.int().min(-1000).max(1000).optional(),
    serial: z.bigint().optional(),
    at: z.date().nullish(),
    hash: z.instanceof(Uint8Array).optional(),
    done: z.boolean().optional(),
    lines: z.array(line).optional(),
    tags: z.set(z.string()).nullish(),
    marks: z.set(z.number()).optional(),
    scores: z.record(z.string(), z.number()).optional(),
    deep: z
      .looseObject({ inner: z.looseObject({ x: z.number().optional(), ys: z.array(z.int()) }).optional() })
      .optional(),
    mixed: z.union([z.string(), z.number(), z.date(), z.set(z.string()), z.looseObject({ a: z.number() })]).optional(),
    $token: z.string().optional(),
    'größe#.': z.number().optional(),
    until: z.date().nullish(),
  }),
  key: { partition: ['home'], sort: ['id'] },
  indexes: {
    byName: { partition: ['name'], sort: ['price'] },
    byDone: { partition: ['done'], sort: ['at', 'serial'] },
    byHash: { partition: ['hash'], sort: ['count'] },
    byPrice: { partition: ['home'], sort: ['price'] },
  },
  ttl: 'until',
})
