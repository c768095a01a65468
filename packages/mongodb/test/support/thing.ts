import { defineEntity } from '@isomodel/core'
import type { EntityModel } from '@isomodel/core/driver'
import { z } from 'zod'

/** An entity with every kind of field, absent and null where that may be. */
export const Thing = defineEntity({
  name: 'Thing',
  schema: z.object({
    owner: z.string(),
    rank: z.number(),
    text: z.string().nullable().optional(),
    number: z.number().min(-1e300).max(1e300).optional(),
    count: z.int().min(-5).max(5).nullable().optional(),
    total: z.int(),
    big: z.bigint().nullable().optional(),
    flag: z.boolean().optional(),
    at: z.date().nullable().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    status: z.enum(['new', 'old']).optional(),
    tags: z.set(z.string()).nullable().optional(),
    sizes: z.set(z.number()).optional(),
    marks: z.array(z.int()).nullable().optional(),
    names: z.array(z.string().nullable()).optional(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.int(), note: z.string().optional() })),
    grid: z.array(z.array(z.int())).optional(),
    shelves: z.array(z.record(z.string(), z.int())).optional(),
    place: z
      .object({
        city: z.string().nullable().optional(),
        floor: z.int().optional(),
        inner: z.object({ code: z.string() }).optional(),
      })
      .nullable()
      .optional(),
    stock: z.record(z.string(), z.int()).optional(),
    mixed: z
      .union([z.string(), z.bigint(), z.array(z.string()), z.date()])
      .nullable()
      .optional(),
    'odd.name$': z.int().optional(),
    _id: z.string().optional(),
    '7': z.string().optional(),
    expiresAt: z.date().nullable().optional(),
  }),
  key: { partition: ['owner'], sort: ['rank'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['at', 'big'] },
    byBytes: { partition: ['owner'], sort: ['bytes'] },
    byFlag: { partition: ['flag'] },
    byOdd: { partition: ['owner'], sort: ['7', 'odd.name$'] },
  },
  ttl: 'expiresAt',
})

export const thing: EntityModel = Thing.model
