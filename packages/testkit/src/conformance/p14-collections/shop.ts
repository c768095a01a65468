import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

const partitionName = 'P14Shop'
const customer = z.string()

/** A customer with orders and their lines; the names are prefixes of one another, and the first has no sort fields. */
export const Shop = defineEntity({
  name: 'P14Shop',
  schema: z.object({ customer, name: z.string(), secret: z.string().optional() }),
  key: { partition: ['customer'], partitionName },
  revision: true,
  sensitive: ['secret'],
})
export const ShopOrder = defineEntity({
  name: 'P14ShopOrder',
  schema: z.object({
    customer,
    order: z.int(),
    status: z.enum(['open', 'paid']),
    day: z.string().optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['customer'], sort: ['order'], partitionName },
  indexes: { byDay: { partition: ['day'], sort: ['status'], partitionName: 'P14Day' } },
  ttl: 'until',
})
export const ShopOrderLine = defineEntity({
  name: 'P14ShopOrderLine',
  schema: z.object({ customer, order: z.int(), line: z.string(), amount: z.number(), day: z.string().optional() }),
  key: { partition: ['customer'], sort: ['order', 'line'], partitionName },
  indexes: { byDay: { partition: ['day'], sort: ['amount'], partitionName: 'P14Day' } },
})
/** Lies between the others in the same partitions. */
export const ShopNote = defineEntity({
  name: 'P14ShopNote',
  schema: z.object({ customer, at: z.int(), text: z.string(), day: z.string().optional() }),
  key: { partition: ['customer'], sort: ['at'], partitionName },
  indexes: { byDay: { partition: ['day'], sort: ['at'], partitionName: 'P14Day' } },
})
/** Lies elsewhere. */
export const Elsewhere = defineEntity({
  name: 'P14Elsewhere',
  schema: z.object({ customer, day: z.string().optional() }),
  key: { partition: ['customer'] },
  indexes: { byDay: { partition: ['day'] } },
})

/** Connected under names of their own, which are those of the results. */
export const entities = { Customer: Shop, Order: ShopOrder, Line: ShopOrderLine, Note: ShopNote, Elsewhere }
export type Shop = typeof entities

/** What one customer has. */
export function content(customer: string, orders = 3) {
  const numbers = Array.from({ length: orders }, (_, at) => at - 1)
  return {
    Customer: [{ customer, name: 'Ada' }],
    Order: numbers.map((order) => ({
      customer,
      order,
      status: order % 2 === 0 ? ('open' as const) : ('paid' as const),
      day: customer,
    })),
    Line: numbers.flatMap((order) =>
      ['', '#', 'b', '😀'].map((line, at) => ({ customer, order, line, amount: at - 1.5, day: customer })),
    ),
    Note: numbers.map((at) => ({ customer, at, text: 'between', day: customer })),
  }
}
