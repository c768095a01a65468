import { newToken, type Values } from '@isomodel/core/driver'
import type { Item } from '../src/codec.js'
import { layouts, toItem, toStored } from '../src/layout.js'
import { explainWrite } from '../src/writer.js'
import { Order, orderAt } from './order.js'

/** What the adapter itself computes for a request and a page, without a store. */
const layout = layouts({ entities: [Order.model] }, () => 'shop').get('Order')
if (layout === undefined) throw new Error('the model has no Order')

const orders: readonly Values[] = Array.from({ length: 1_000 }, (_, at) => orderAt(at))
const items = orders.map((order) => toItem(layout, order, newToken()))

/** The best round of a hundred in two seconds, ms for a thousand: short enough to have the processor for itself. */
function milliseconds(work: (at: number) => void): number {
  let best = Number.POSITIVE_INFINITY
  for (const end = performance.now() + 2_000; performance.now() < end; ) {
    for (let round = 0; round < 1_000; round += 100) {
      const start = performance.now()
      for (let at = round; at < round + 100; at++) work(at)
      best = Math.min(best, performance.now() - start)
    }
  }
  return best * 10
}

let kept: unknown
const put = milliseconds((at) => {
  const values = orders[at] as Values
  kept = explainWrite(layout, {
    kind: 'put',
    entity: Order.model,
    key: values,
    values,
    guard: { exists: 'any' },
    token: newToken(),
    now: 0,
    returning: 'none',
  })
})
const update = milliseconds((at) => {
  const key = orders[at] as Values
  kept = explainWrite(layout, {
    kind: 'update',
    entity: Order.model,
    key,
    changes: [
      { op: 'add', path: ['total'], value: 1 },
      { op: 'set', path: ['note'], value: 'x' },
    ],
    guard: { exists: 'present', condition: { op: 'eq', path: ['status'], value: 'paid' } },
    token: newToken(),
    now: 0,
    returning: 'new',
  })
})
const decode = milliseconds((at) => {
  kept = toStored(layout, items[at] as Item)
})
if (kept === undefined) throw new Error('nothing was computed')

// A thousand in a round, so that milliseconds of a round are microseconds of one.
console.log(
  JSON.stringify({ bench: 'dynamodb: put parameters, 12 fields, 2 indexes', value: put, unit: 'µs', budget: 15 }),
)
console.log(JSON.stringify({ bench: 'dynamodb: update parameters, 2 changes, condition', value: update, unit: 'µs' }))
console.log(JSON.stringify({ bench: 'dynamodb: decoding a page of 1,000', value: decode, unit: 'ms', budget: 1.5 }))
