import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { entities } from './subjects.js'

export const tokens: readonly Case[] = cases('P12', 'tokens', entities, {
  'a transaction that is sent again under its token is done once': {
    requires: 'transact:store',
    run: async (t, db) => {
      const key = { group: t.id, id: 'a' }
      await db.Account.create({ ...key, balance: 0 })
      const send = () =>
        db.transact(
          (tx) => [
            tx.Account.update(key, (a, { add }) => add(a.balance, 1)),
            tx.Entry.create({ group: t.id, number: 1, amount: 1 }),
          ],
          { token: t.id },
        )
      const [first] = await send()
      t.clock.advance(60_000)
      const [again] = await send()
      same([first.balance, again.balance], [1, 1], 'what it gave')
      same(again.revision, first.revision, 'the revision')
      await Promise.all([send(), send(), send()])
      same((await db.Account.get(key))?.balance, 1, 'how often it was done')
    },
  },

  'of many at once under one token, one is done': {
    requires: 'transact:store',
    run: async (t, db) => {
      const key = { group: t.id, id: 'a' }
      await db.Account.create({ ...key, balance: 0 })
      await Promise.all(
        Array.from({ length: 10 }, () =>
          db.transact((tx) => [tx.Account.update(key, (a, { add }) => add(a.balance, 1))], { token: t.id }),
        ),
      )
      same((await db.Account.get(key))?.balance, 1, 'how often it was done')
    },
  },

  'a token with other writes is refused; one whose transaction failed is free': {
    requires: 'transact:store',
    run: async (t, db) => {
      const key = { group: t.id, id: 'a' }
      const options = { token: t.id }
      await refused(
        db.transact((tx) => [tx.Account.update(key, { balance: 1 })], options),
        'NOT_FOUND',
      )
      await db.transact((tx) => [tx.Account.create({ ...key, balance: 1 })], options)
      const other = db.transact((tx) => [tx.Account.create({ group: t.id, id: 'b', balance: 1 })], options)
      await refused(other, 'VALIDATION', { says: ['token', 'other writes'] })
      same(await db.Account.get({ group: t.id, id: 'b' }), undefined)
    },
  },

  'a token is forgotten after a day': {
    requires: 'transact:store',
    run: async (t, db) => {
      const key = { group: t.id, id: 'a' }
      await db.Account.create({ ...key, balance: 0 })
      const send = () =>
        db.transact((tx) => [tx.Account.update(key, (a, { add }) => add(a.balance, 1))], { token: t.id })
      await send()
      t.clock.advance(86_400_000 - 1)
      await send()
      same((await db.Account.get(key))?.balance, 1, 'a millisecond before')
      t.clock.advance(1)
      await send()
      same((await db.Account.get(key))?.balance, 2, 'a day after')
    },
  },
})
