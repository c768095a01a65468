import { connect, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/redis.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['placed', 'paid', 'shipped']),
    placedAt: z.date(),
    total: z.number(),
    lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: { byStatus: { partition: ['status'], sort: ['placedAt', 'orderId'] } },
  revision: true,
})

await using db = await connect(store, { Order })
await db.setup()

// put: so that the program can run twice on a store that keeps its data. create would refuse the second time.
const order = { customerId: 'ann', status: 'placed', total: 40, lines: [{ productId: 'tea', quantity: 2 }] } as const
await db.Order.put({ ...order, lines: [...order.lines], orderId: '1', placedAt: new Date('2026-11-20T09:00:00Z') })
await db.Order.put({ ...order, lines: [...order.lines], orderId: '2', placedAt: new Date('2026-11-23T09:00:00Z') })

const monday = new Date('2026-11-23T00:00:00Z')
for await (const { orderId } of db.Order.query('byStatus', { status: 'placed' }).where((o, { gte }) =>
  gte(o.placedAt, monday),
)) {
  console.log('placed since Monday:', orderId)
}

const paid = await db.Order.update(
  { customerId: 'ann', orderId: '2' },
  (o, { set, add, at }) => [set(o.status, 'paid'), add(o.total, 5), add(at(o.lines, 0).quantity, 1)],
  { if: (o, { eq }) => eq(o.status, 'placed') },
)
console.log('paid:', paid.total, 'for', paid.lines[0]?.quantity, paid.lines[0]?.productId)

const all = await db.Order.query({ customerId: 'ann' }).all()
console.log('all orders of ann:', all.map(({ orderId, status }) => `${orderId} ${status}`).join(', '))
