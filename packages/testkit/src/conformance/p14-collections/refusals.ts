import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { content, entities } from './shop.js'

export const refusals: readonly Case[] = cases('P14', 'refusals', entities, {
  'what is no collection is refused, and the message says why': async (t, db) => {
    const customer = t.id
    const collection = db.collection as (...given: unknown[]) => { all(): Promise<unknown> }
    const asking = (...given: unknown[]) => refused(() => collection(...given).all(), 'VALIDATION')
    const says = async (text: string, ...given: unknown[]): Promise<void> => {
      const { message } = await asking(...given)
      same(message.includes(text), true, `whether ${JSON.stringify(message)} says ${JSON.stringify(text)}`)
    }
    await says('takes a list of entities')
    await says('takes a list of entities', [], { customer })
    await says('"Oder" is not connected', ['Oder'], { customer })
    await says('"__proto__" is not connected', ['__proto__'], { customer })
    await says('in the list twice', ['Order', 'Order'], { customer })
    await says('Elsewhere is not in the partition of Order', ['Order', 'Elsewhere'], { customer })
    await says('needs customer', ['Order', 'Line'], {})
    await says('customer', ['Order', 'Line'], { customer, order: 1 })
    await says('Customer has no index "byDay"', ['Order', 'Customer'], 'byDay', { day: t.id })
    await says('Elsewhere is not in the partition', ['Order', 'Elsewhere'], 'byDay', { day: t.id })
    const orders = db.collection(['Order'], { customer })
    await refused(() => orders.where('Line' as never, (() => ({})) as never), 'VALIDATION', { says: ['Order'] })
    await refused(() => orders.limit(0), 'VALIDATION')
    await refused(() => orders.consistency('weak' as never), 'VALIDATION')
    await refused(orders.page({ size: 0 }), 'VALIDATION')
    await refused(orders.page({ sise: 1 } as never), 'VALIDATION')
  },

  'a cursor is of its collection alone': async (t, db) => {
    const all = content(t.id, 6)
    await db.Order.putMany(all.Order)
    await db.Line.putMany(all.Line)
    const both = db.collection(['Order', 'Line'], { customer: t.id })
    const { cursor = '' } = await both.page({ size: 3 })
    same((await both.page({ size: 3, cursor })).items.Order, all.Order.slice(3), 'the page behind it')
    const others = [
      db.collection(['Order'], { customer: t.id }),
      db.collection(['Order', 'Line', 'Note'], { customer: t.id }),
      db.collection(['Order', 'Line'], { customer: `${t.id}x` }),
      both.reverse(),
      both.limit(5),
      both.where('Order', (o, { gt }) => gt(o.order, 0)),
    ]
    for (const other of others) await refused(other.page({ cursor }), 'INVALID_CURSOR')
    const query = await db.Order.query({ customer: t.id }).page({ size: 2 })
    await refused(both.page({ cursor: query.cursor }), 'INVALID_CURSOR')
    for (const bad of ['', 'x', `${cursor}A`, cursor.slice(0, -2)])
      await refused(both.page({ cursor: bad }), 'INVALID_CURSOR')
    const relisted = db.collection(['Line', 'Order'], { customer: t.id })
    same((await relisted.page({ size: 3, cursor })).items.Order, all.Order.slice(3), 'the same kinds in another order')
  },
})
