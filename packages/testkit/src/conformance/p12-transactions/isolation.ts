import { StoreError } from '@isomodel/core'
import { type Case, cases } from '../case.js'
import { holds, same } from '../check.js'
import { entities } from './subjects.js'

const times = (count: number) => Array.from({ length: count }, (_, at) => at)

/** Waits for calls of which some may be refused with a code; how many were not. */
async function succeeded(calls: readonly Promise<unknown>[], code: string): Promise<number> {
  const settled = await Promise.allSettled(calls)
  for (const result of settled) {
    if (result.status === 'fulfilled') continue
    if (!(result.reason instanceof StoreError) || result.reason.code !== code) throw result.reason
  }
  return settled.filter(({ status }) => status === 'fulfilled').length
}

export const isolation: readonly Case[] = cases('P12', 'isolation', entities, {
  'transfers at once lose nothing and make nothing': {
    requires: 'transact:store',
    run: async (t, db) => {
      const other = await t.connect(entities)
      const accounts = times(5).map((n) => ({ group: t.id, id: `a${n}`, balance: 100 }))
      await db.Account.putMany(accounts)
      await Promise.all(
        times(40).map((n) => {
          const from = accounts[n % 5] as (typeof accounts)[number]
          const to = accounts[(n * 3 + 1) % 5] as (typeof accounts)[number]
          if (from === to) return undefined
          return (n % 2 === 0 ? db : other).transact((tx) => [
            tx.Account.update(from, (a, { add }) => add(a.balance, -1)),
            tx.Account.update(to, (a, { add }) => add(a.balance, 1)),
            tx.Entry.create({ group: t.id, number: n, amount: 1 }),
          ])
        }),
      )
      const left = await db.Account.query({ group: t.id }).all()
      same(
        left.reduce((sum, { balance }) => sum + balance, 0),
        500,
        'the sum of all',
      )
      const moved = times(40).filter((n) => n % 5 !== (n * 3 + 1) % 5)
      same(
        (await db.Entry.query({ group: t.id }).all()).map(({ number }) => number),
        moved,
        'the entries',
      )
    },
  },

  'of many that take the last, one gets it': {
    requires: 'transact:store',
    run: async (t, db) => {
      await db.Account.put({ group: t.id, id: 'stock', balance: 3 })
      const takes = times(20).map((number) =>
        db.transact((tx) => [
          tx.Entry.create({ group: t.id, number, amount: 1 }),
          tx.Account.update({ group: t.id, id: 'stock' }, (a, { add }) => add(a.balance, -1), {
            if: (a, { gte }) => gte(a.balance, 1),
          }),
        ]),
      )
      same(await succeeded(takes, 'CONDITION_FAILED'), 3, 'how many got one')
      same(await db.Entry.query({ group: t.id }).count(), 3, 'how many entries there are')
      same((await db.Account.get({ group: t.id, id: 'stock' }))?.balance, 0, 'what is left')
    },
  },

  'a check holds until the commit: two that each rule the other out are not both done': {
    requires: 'transact:store',
    run: async (t, db) => {
      for (const round of times(10)) {
        const [one, two] = [`${round}-one`, `${round}-two`].map((id) => ({ group: t.id, id }))
        holds(one !== undefined && two !== undefined, 'two keys')
        await db.Account.putMany([
          { ...one, balance: 1 },
          { ...two, balance: 1 },
        ])
        const leave = (mine: typeof one, theirs: typeof one) =>
          db.transact((tx) => [
            tx.Account.update(mine, { balance: 0 }),
            tx.Account.check(theirs, { if: (a, { eq }) => eq(a.balance, 1) }),
          ])
        same(await succeeded([leave(one, two), leave(two, one)], 'CONDITION_FAILED'), 1, `of round ${round}`)
      }
    },
  },

  'what is checked to be absent stays absent until the commit': {
    requires: 'transact:store',
    run: async (t, db) => {
      for (const round of times(10)) {
        const [one, two] = [`${round}-one`, `${round}-two`].map((id) => ({ group: t.id, id }))
        holds(one !== undefined && two !== undefined, 'two keys')
        const enter = (mine: typeof one, theirs: typeof one) =>
          db.transact((tx) => [tx.Account.create({ ...mine, balance: 1 }), tx.Account.checkAbsent(theirs)])
        same(await succeeded([enter(one, two), enter(two, one)], 'ALREADY_EXISTS'), 1, `of round ${round}`)
      }
    },
  },

  'a transactional read never sees half of a transaction': {
    requires: 'transact:store',
    run: async (t, db) => {
      const reader = await t.connect(entities)
      const keys = times(4).map((n) => ({ group: t.id, id: `a${n}` }))
      await db.Account.putMany(keys.map((key) => ({ ...key, balance: 0 })))
      let writing = true
      const write = async (): Promise<void> => {
        for (const n of times(30)) {
          await db.transact((tx) => keys.map((key) => tx.Account.update(key, { balance: n + 1 })))
        }
        writing = false
      }
      const read = async (): Promise<void> => {
        while (writing) {
          const found = await reader.transactGet((tx) => keys.map((key) => tx.Account.get(key)))
          const seen = new Set(found.map((each) => each?.balance))
          same(seen.size, 1, 'how many states a read saw')
        }
      }
      await Promise.all([write(), read()])
    },
  },

  'a transactional read gives all in the order asked, also what is absent, expired or asked for twice': {
    requires: 'transact:store',
    run: async (t, db) => {
      const until = t.clock.in(1_000)
      await db.Account.put({ group: t.id, id: 'gone', balance: 1, until })
      await db.Account.put({ group: t.id, id: 'there', balance: 2 })
      await db.Entry.put({ group: t.id, number: 1, amount: 4 })
      t.clock.advance(1_000)
      const found = await db.transactGet((tx) => [
        tx.Account.get({ group: t.id, id: 'there' }),
        tx.Account.get({ group: t.id, id: 'gone' }),
        tx.Entry.get({ group: t.id, number: 1 }),
        tx.Account.get({ group: t.id, id: 'never' }),
        tx.Account.get({ group: t.id, id: 'there' }),
      ])
      same(
        found.map((each) => each && ('balance' in each ? each.balance : each.amount)),
        [2, undefined, 4, undefined, 2],
      )
      holds(found[0] !== found[4], 'an object is given twice')
    },
  },
})
