import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

/** An order of 12 fields in two indexes: what every benchmark here works on. */
export const schema = z.object({
  customerId: z.string(),
  orderId: z.string(),
  status: z.enum(['placed', 'paid', 'shipped']),
  placedAt: z.date(),
  total: z.int(),
  currency: z.string(),
  paid: z.boolean(),
  note: z.string(),
  tags: z.array(z.string()),
  lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  address: z.object({ street: z.string(), city: z.string() }),
  weight: z.number().nullable(),
})

export type OrderValues = z.infer<typeof schema>

export const Order = defineEntity({
  name: 'Order',
  schema,
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['placedAt'] },
    byCurrency: { partition: ['currency'], sort: ['placedAt'] },
  },
})

export function orderAt(at: number): OrderValues {
  return {
    customerId: `c-${at % 10}`,
    orderId: `o-${String(at).padStart(6, '0')}`,
    status: 'paid',
    placedAt: new Date(1.7e12 + at),
    total: at,
    currency: 'EUR',
    paid: at % 2 === 0,
    note: 'leave at the door',
    tags: ['gift', 'fragile'],
    lines: [
      { productId: 'p-1', quantity: 2 },
      { productId: 'p-2', quantity: 1 },
    ],
    address: { street: 'Main Street 1', city: 'Springfield' },
    weight: null,
  }
}
