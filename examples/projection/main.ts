import { connect, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/chosen.js'

const inAccount = { partition: ['customerId'], partitionName: 'Account' } as const

const Customer = defineEntity({
  name: 'Customer',
  schema: z.object({ customerId: z.string(), name: z.string() }),
  key: inAccount,
})
const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string(), total: z.number(), open: z.boolean().default(true) }),
  key: { ...inAccount, sort: ['orderId'] },
  changes: true,
})
/** What a customer owes, by order: made from the orders by whoever follows their changes. */
const Balance = defineEntity({
  name: 'Balance',
  schema: z.object({ customerId: z.string(), owed: z.record(z.string(), z.number()) }),
  key: inAccount,
})

await using db = await connect(store, { Customer, Order, Balance })
await db.setup()
// A customer of this run alone.
const customerId = `c-${crypto.randomUUID()}`

/**
 * Follows the orders from where it was last until it has seen one of them paid or placed. A change may come twice: what is
 * kept is each order's last state, so the second time changes nothing.
 */
async function follow(after: string, last: string): Promise<string> {
  await using feed = await db.changes(['Order'], { after })
  for (let seen = false; !seen; ) {
    const { changes } = await feed.read({ wait: 5_000 })
    const own = changes.filter(({ key }) => key.customerId === customerId)
    const states = new Map(own.map(({ key, new: order }) => [key.orderId, order]))
    await db.Balance.update({ customerId }, (balance, { set, remove, at }) =>
      Array.from(states, ([orderId, order]) =>
        order?.open === true ? set(at(balance.owed, orderId), order.total) : remove(at(balance.owed, orderId)),
      ),
    )
    seen = states.has(last)
  }
  return feed.position
}

// The feed begins before the first write; its position is all that a follower needs.
const { position: start } = await db.changes(['Order'])
await db.Customer.put({ customerId, name: 'Ann' })
await db.Balance.put({ customerId, owed: {} })
await db.Order.create({ customerId, orderId: 'o-1', total: 90 })
await db.Order.create({ customerId, orderId: 'o-2', total: 30 })
const position = await follow(start, 'o-2')

// While nobody follows: one is paid, one is withdrawn, one is new.
await db.Order.update({ customerId, orderId: 'o-1' }, { open: false })
await db.Order.delete({ customerId, orderId: 'o-2' })
await db.Order.create({ customerId, orderId: 'o-3', total: 12.5 })
await follow(position, 'o-3')

// The whole account in one request where the kinds lie together.
const account = await db.collection(['Customer', 'Order', 'Balance'], { customerId }).all()
const owed = Object.values(account.Balance[0]?.owed ?? {}).reduce((sum, total) => sum + total, 0)
console.log(account.Customer[0]?.name, 'owes', owed)
for (const { orderId, total, open } of account.Order) console.log(orderId, total, open ? 'open' : 'paid')
