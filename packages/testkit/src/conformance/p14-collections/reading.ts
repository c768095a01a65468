import type { CollectionItems, CollectionPage, Db } from '@isomodel/core'
import { type Case, cases } from '../case.js'
import { holds, same } from '../check.js'
import { content, entities, type Shop } from './shop.js'

type Kinds = 'Customer' | 'Order' | 'Line'

async function stock(db: Db<Shop>, all: ReturnType<typeof content>): Promise<void> {
  await db.Customer.putMany(all.Customer)
  await db.Order.putMany(all.Order)
  await db.Line.putMany(all.Line)
  await db.Note.putMany(all.Note)
}

const asked = (db: Db<Shop>, customer: string) => db.collection(['Line', 'Customer', 'Order'], { customer })

/** The results without revisions, which no test can know. */
function plain({ Customer, Order, Line }: CollectionItems<Shop, Kinds>) {
  return { Customer: Customer.map(({ revision: _, ...rest }) => rest), Order, Line }
}

/** The results of a page in the order of the walk: kind after kind. */
function flat({ items: { Customer, Order, Line } }: CollectionPage<Shop, Kinds>): unknown[] {
  return [...Customer.map(({ revision: _, ...rest }) => rest), ...Order, ...Line]
}

export const reading: readonly Case[] = cases('P14', 'collections', entities, {
  'the kinds that were asked for come together, each in its order, and no others': async (t, db) => {
    const all = content(t.id)
    await stock(db, all)
    await stock(db, content(`${t.id}#other`, 1))
    const { Customer, Order, Line } = all
    same(plain(await asked(db, t.id).all()), { Customer, Order, Line }, 'the collection')
    same(await asked(db, t.id).count(), { Customer: 1, Order: 3, Line: 12 }, 'the counts')
    same((await db.collection(['Customer', 'Note'], { customer: t.id }).all()).Note, all.Note, 'two of the kinds')
    same(await db.collection(['Order'], { customer: t.id }).all(), { Order }, 'one kind')
    same(
      plain(await asked(db, `${t.id}#none`).all()),
      { Customer: [], Order: [], Line: [] },
      'a partition without entities',
    )
    const [read] = (await asked(db, t.id).all()).Customer
    same(read, await db.Customer.get({ customer: t.id }), 'an entity of the collection, with its revision')
  },

  'a walk goes kind after kind, and in reverse from its end to its beginning': async (t, db) => {
    const all = content(t.id)
    await stock(db, all)
    const walked: unknown[] = []
    for await (const { entity, item } of asked(db, t.id)) walked.push(entity === 'Customer' ? item.name : item)
    const expected = ['Ada', ...all.Order, ...all.Line]
    same(walked, expected, 'the walk')
    const back: unknown[] = []
    for await (const { entity, item } of asked(db, t.id).reverse()) back.push(entity === 'Customer' ? item.name : item)
    same(back, expected.toReversed(), 'the walk in reverse')
    same((await asked(db, t.id).reverse().reverse().all()).Line, all.Line, 'reversed twice')
  },

  'pages are full, and together they are the whole': async (t, db) => {
    const all = content(t.id)
    await stock(db, all)
    const whole = [...all.Customer, ...all.Order, ...all.Line]
    for (const collection of [asked(db, t.id), asked(db, t.id).reverse()]) {
      for (const size of [1, 2, 4, 15, 16, 100]) {
        const found: unknown[] = []
        let cursor: string | undefined
        do {
          const page = await collection.page({ size, cursor })
          const rows = flat(page)
          holds(rows.length === size || page.cursor === undefined, `a page of ${size} is not full`)
          found.push(...rows)
          cursor = page.cursor
        } while (cursor !== undefined)
        same(byText(found), byText(whole), `pages of ${size}`)
      }
    }
  },

  'a limit counts the results of all kinds': async (t, db) => {
    const all = content(t.id)
    await stock(db, all)
    for (const limit of [1, 3, 5, 16, 50]) {
      const expected = [...all.Customer, ...all.Order, ...all.Line].slice(0, limit)
      const items = await asked(db, t.id).limit(limit).all()
      same(flat({ items, cursor: undefined }), expected, `a limit of ${limit}`)
      const first = await asked(db, t.id).limit(limit).page({ size: 2 })
      const { cursor } = first
      const rest = cursor === undefined ? [] : flat(await asked(db, t.id).limit(limit).page({ size: 100, cursor }))
      same([...flat(first), ...rest], expected, `a limit of ${limit} over two pages`)
    }
  },

  'a condition narrows one kind, and one that cannot hold leaves it out': async (t, db) => {
    const all = content(t.id, 6)
    await stock(db, all)
    const some = asked(db, t.id)
      .where('Order', (o, { eq }) => eq(o.status, 'paid'))
      .where('Line', (l, { and, gte, lt, eq }) => and(gte(l.order, 1), lt(l.order, 3), eq(l.amount, 0.5)))
    same(
      plain(await some.all()),
      {
        Customer: all.Customer,
        Order: all.Order.filter(({ status }) => status === 'paid'),
        Line: all.Line.filter(({ order, amount }) => order >= 1 && order < 3 && amount === 0.5),
      },
      'a collection with conditions',
    )
    const pages: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await some.page({ size: 2, cursor })
      pages.push(...flat(page))
      cursor = page.cursor
    } while (cursor !== undefined)
    same(pages.length, 6, 'the results over pages')
    const none = some.where('Line', (l, { in: isIn }) => isIn(l.order, []))
    same((await none.all()).Line, [], 'a kind whose condition cannot hold')
    same((await none.all()).Customer.length, 1, 'the kinds beside it')
    const nothing = db
      .collection(['Line'], { customer: t.id })
      .where('Line', (l, { between }) => between(l.order, 2, 1))
    const { answer, requests } = await t.trips(() => nothing.all())
    same(answer, { Line: [] }, 'a collection in which nothing can fit')
    same(requests.length, 0, 'the requests for nothing')
    same((await asked(db, t.id).all()).Order.length, 6, 'the collection that the conditions were added to')
  },

  'what has expired is not there': async (t, db) => {
    const all = content(t.id)
    await stock(db, all)
    await db.Order.put({ customer: t.id, order: 9, status: 'open', until: new Date(t.clock.now() + 1_000) })
    same((await asked(db, t.id).all()).Order.length, 4, 'before its moment')
    t.clock.advance(1_000)
    same((await asked(db, t.id).all()).Order, all.Order, 'at its moment')
    same((await asked(db, t.id).count()).Order, 3, 'the count')
  },

  'pages neither repeat nor skip what was there throughout': async (t, db) => {
    const all = content(t.id, 8)
    await stock(db, all)
    const seen: unknown[] = []
    let cursor: string | undefined
    let at = 0
    do {
      const page = await asked(db, t.id).page({ size: 5, cursor })
      seen.push(...page.items.Order.filter(({ order }) => order < 100))
      cursor = page.cursor
      await db.Order.put({ customer: t.id, order: 100 + at, status: 'open' })
      await db.Line.delete({ customer: t.id, order: -1, line: '' })
      const last = page.items.Order.at(-1)
      // What the cursor stands on is gone when it is used.
      if (last !== undefined && at === 1) await db.Order.delete(last)
      at++
    } while (cursor !== undefined)
    same(seen, all.Order, 'the orders that were there')
  },

  'a large collection is walked as a whole': async (t, db) => {
    const lines = Array.from({ length: 1_300 }, (_, order) => ({ customer: t.id, order, line: 'a', amount: order }))
    await db.Line.putMany(lines)
    await db.Customer.put({ customer: t.id, name: 'Ada' })
    const { Line, Customer } = await asked(db, t.id).all()
    same([Line.length, Customer.length], [1_300, 1], 'how many there are')
    same(
      Line.map(({ order }) => order),
      lines.map(({ order }) => order),
      'the lines',
    )
  },

  'explain says how it runs, and a page takes the round trips that it says': async (t, db) => {
    await stock(db, content(t.id))
    const collection = asked(db, t.id).where('Line', (l, { gt }) => gt(l.order, 0))
    const explained = collection.explain()
    same([explained.access, explained.index], ['key', undefined], 'the access')
    same(
      explained.members.map(({ entity, range }) => [entity, range.length]),
      [
        ['P14Shop', 0],
        ['P14ShopOrder', 0],
        ['P14ShopOrderLine', 1],
      ],
      'the members',
    )
    const { requests } = await t.trips(() => collection.page({ size: 50 }))
    same(requests.length, explained.roundTrips, 'the round trips of a page')
    same(collection.where('Order', (o, { in: isIn }) => isIn(o.order, [])).explain().members.length, 2, 'members')
    same([explained.residual, explained.estimate], [undefined, undefined], 'what is left to check')
    const paid = collection.where('Order', (o, { eq }) => eq(o.status, 'paid')).explain()
    same(
      paid.members.map(({ residual }) => residual !== undefined),
      [false, true, false],
      'the members of which something is checked',
    )
    const measured = await collection.measure({ size: 50 })
    same([measured.roundTrips, measured.actual.roundTrips], [requests.length, requests.length], 'what it measured')
  },
})

function byText(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort()
}
