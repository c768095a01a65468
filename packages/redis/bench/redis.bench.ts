/**
 * One operation through isomodel, beside ioredis alone doing the same work with the same guarantees (by-hand.ts), on the
 * same server and machine. "alone" is HSET without index, condition or token.
 */
import { connect } from '@isomodel/core'
import { startStore, uniqueNamespace } from '@isomodel/devstack'
import { redis } from '@isomodel/redis'
import { Redis } from 'ioredis'
import { ByHand } from './by-hand.js'
import { measure } from './measure.js'
import { Order, order } from './order.js'

const ORDERS = 1_000
const SAME_WORK = 1.05

await using engine = await startStore('redis')
const client = new Redis(engine.address)
const hand = new ByHand(client, uniqueNamespace('hand'))
const namespace = uniqueNamespace('bench')
const db = await connect(redis({ client, namespace }), { Order })
await db.setup()
await hand.load()
const orders = Array.from({ length: ORDERS }, (_, at) => order(at))
await db.Order.putMany(orders)
for (const one of orders) await hand.put(one)

const pick = (at: number): (typeof orders)[number] => orders[(at * 7) % ORDERS] as (typeof orders)[number]
const keyOf = ({ customerId, orderId }: (typeof orders)[number]): { customerId: string; orderId: string } => ({
  customerId,
  orderId,
})

await measure({
  name: 'get',
  calls: 4_000,
  budgetRatio: SAME_WORK,
  ours: (at) => db.Order.get(keyOf(pick(at))),
  vendor: (at) => hand.get(keyOf(pick(at))),
})
await measure({
  name: 'put, two indexes',
  calls: 4_000,
  budgetRatio: SAME_WORK,
  ours: (at) => db.Order.put(pick(at)),
  vendor: (at) => hand.put(pick(at)),
})
await measure({
  name: 'put, against HSET alone',
  calls: 4_000,
  ours: (at) => db.Order.put(pick(at)),
  vendor: (at) => hand.putAlone(pick(at)),
})
await measure({
  name: 'counter',
  calls: 4_000,
  budgetRatio: SAME_WORK,
  ours: (at) => db.Order.update(keyOf(pick(at)), (o, { add }) => [add(o.views, 1)]),
  vendor: (at) => hand.count(keyOf(pick(at))),
})
// Each call finds the status that the one before it left: there and back.
const states = ['placed', 'paid'] as const
const turns = { ours: 0, vendor: 0 }
const turn = (side: 'ours' | 'vendor'): { from: 'placed' | 'paid'; to: 'placed' | 'paid'; at: number } => {
  const count = turns[side]++
  return { from: states[count % 2] as 'placed', to: states[(count + 1) % 2] as 'paid', at: Math.floor(count / 2) }
}
await measure({
  name: 'conditional update of an indexed field',
  calls: 4_000,
  budgetRatio: SAME_WORK,
  ours: () => {
    const { from, to, at } = turn('ours')
    return db.Order.update(keyOf(pick(at)), { status: to }, { if: (o, { eq }) => eq(o.status, from), return: 'none' })
  },
  vendor: () => {
    const { from, to, at } = turn('vendor')
    return hand.changeStatus(pick(at), from, to)
  },
})
await measure({
  name: 'page of 100 by an index, an entity',
  calls: 200,
  operations: 100,
  budgetRatio: SAME_WORK,
  ours: () => db.Order.query('byStatus', { status: 'placed' }).limit(100).all(),
  vendor: () => hand.page('placed', 100),
})
const atOnce = (): Promise<unknown> => Promise.all(orders.map((one) => db.Order.get(keyOf(one))))
await measure({
  name: '1,000 gets at once, each, against a loop',
  calls: 40,
  operations: ORDERS,
  budgetRatio: 0.2,
  ours: atOnce,
  vendor: async () => {
    for (const one of orders) await hand.get(keyOf(one))
  },
})
await measure({
  name: '1,000 gets at once, each, against as many',
  calls: 40,
  operations: ORDERS,
  ours: atOnce,
  vendor: () => Promise.all(orders.map((one) => hand.get(keyOf(one)))),
})

const trips: string[] = []
await using counted = await connect(
  redis({ client, namespace }),
  { Order },
  { onRequest: ({ command }) => trips.push(command) },
)
await Promise.all(orders.map((one) => counted.Order.get(keyOf(one))))
console.log(
  JSON.stringify({
    bench: 'redis: round trips of 1,000 gets at once',
    value: trips.length,
    vendor: ORDERS,
    unit: 'trips',
    budget: ORDERS - 1,
  }),
)

await db.close()
client.disconnect()
