import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import { content, entities } from './shop.js'

export const byIndex: readonly Case[] = cases('P14', 'collections by an index', entities, {
  'the kinds of a partition of an index come together': async (t, db) => {
    const all = content(t.id)
    await db.Order.putMany(all.Order)
    await db.Line.putMany(all.Line)
    await db.Note.putMany(all.Note)
    // Without the field they are not in the index.
    await db.Order.put({ customer: t.id, order: 50, status: 'open' })
    await db.Line.put({ customer: t.id, order: 50, line: 'x', amount: 0 })
    const collection = db.collection(['Line', 'Order'], 'byDay', { day: t.id })
    const Order = all.Order.toSorted((a, b) =>
      a.status === b.status ? a.order - b.order : a.status < b.status ? -1 : 1,
    )
    const Line = all.Line.toSorted((a, b) => a.amount - b.amount || a.order - b.order)
    await t.settled(() => collection.all(), { Order, Line }, 'the collection')
    await t.settled(() => collection.count(), { Order: 3, Line: 12 }, 'the counts')
    same(
      await collection.reverse().all(),
      { Order: Order.toReversed(), Line: Line.toReversed() },
      'the collection in reverse',
    )
    const found: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await collection.page({ size: 4, cursor })
      found.push(...page.items.Order, ...page.items.Line)
      cursor = page.cursor
    } while (cursor !== undefined)
    same(found, [...Order, ...Line], 'its pages')
    const some = collection.where('Line', (l, { gte }) => gte(l.amount, 0.5)).reverse()
    same((await some.all()).Line, Line.filter(({ amount }) => amount >= 0.5).toReversed(), 'a range of one kind')
    same(collection.explain().index, 'byDay', 'the index that explain names')
  },

  'it follows updates and deletes': async (t, db) => {
    const all = content(t.id, 2)
    await db.Order.putMany(all.Order)
    await db.Line.putMany(all.Line)
    const collection = db.collection(['Order', 'Line'], 'byDay', { day: t.id })
    await t.settled(() => collection.count(), { Order: 2, Line: 8 }, 'the counts')
    const [first, second] = all.Order as [(typeof all.Order)[0], (typeof all.Order)[0]]
    await db.Order.update(first, (o, { remove }) => remove(o.day))
    await db.Order.update(second, { day: `${t.id}/later` })
    await db.Line.deleteMany(all.Line.slice(1))
    await t.settled(() => collection.all(), { Order: [], Line: all.Line.slice(0, 1) }, 'what is left')
  },
})
