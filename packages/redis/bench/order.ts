import { defineEntity, type EntityOf } from '@isomodel/core'
import { z } from 'zod'

/** Twelve fields, two indexes, a revision. */
export const Order = defineEntity({
  name: 'Order',
  schema: z.object({
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['placed', 'paid', 'shipped']),
    placedAt: z.date(),
    total: z.number(),
    currency: z.string(),
    paid: z.boolean(),
    note: z.string(),
    email: z.string(),
    views: z.int(),
    address: z.object({ street: z.string(), city: z.string() }),
    lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['placedAt'] },
    byEmail: { partition: ['email'], sort: ['placedAt'] },
  },
  revision: true,
})

export type OrderValues = Omit<EntityOf<typeof Order>, 'revision'>

export function order(at: number): OrderValues {
  return {
    customerId: `c-${at % 10}`,
    orderId: `o-${String(at).padStart(6, '0')}`,
    status: 'placed',
    placedAt: new Date(1_790_000_000_000 + at),
    total: at * 1.25,
    currency: 'EUR',
    paid: at % 2 === 0,
    note: 'leave it at the door, please',
    email: `ada.lovelace+${at % 50}@example.com`,
    views: at,
    address: { street: 'Main Street 1', city: 'Springfield' },
    lines: [
      { productId: 'p-1', quantity: 2 },
      { productId: 'p-2', quantity: 1 },
    ],
  }
}
