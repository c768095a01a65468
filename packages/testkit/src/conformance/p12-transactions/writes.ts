import { type Db, TransactionError } from '@isomodel/core'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { entities } from './subjects.js'

const account = (group: string, id: string) => ({ group, id })

async function balances(db: Db<typeof entities>, group: string): Promise<unknown> {
  return Object.fromEntries((await db.Account.query({ group }).all()).map(({ id, balance }) => [id, balance]))
}

export const writes: readonly Case[] = cases('P12', 'transactions', entities, {
  'every kind of item is done, and gives what it leaves': {
    requires: 'transact:store',
    run: async (t, db) => {
      const before = await db.Account.put({ ...account(t.id, 'put'), balance: 1, note: 'goes' })
      await db.Account.put({ ...account(t.id, 'updated'), balance: 1, note: 'stays' })
      await db.Account.put({ ...account(t.id, 'merged'), balance: 1, note: 'stays' })
      await db.Account.put({ ...account(t.id, 'deleted'), balance: 1 })
      await db.Account.put({ ...account(t.id, 'checked'), balance: 1 })
      const results = await db.transact((tx) => [
        tx.Account.create({ ...account(t.id, 'created'), balance: 5 }),
        tx.Account.put({ ...account(t.id, 'put'), balance: 6 }),
        tx.Account.update(account(t.id, 'updated'), (a, { add }) => add(a.balance, 6)),
        tx.Account.upsert({ ...account(t.id, 'merged'), balance: 8 }),
        tx.Account.upsert({ ...account(t.id, 'upserted'), balance: 9 }),
        tx.Account.update(account(t.id, 'made'), { balance: 10 }, { orCreate: true }),
        tx.Account.delete(account(t.id, 'deleted')),
        tx.Account.delete(account(t.id, 'never was')),
        tx.Account.check(account(t.id, 'checked'), { if: (a, { eq }) => eq(a.balance, 1) }),
        tx.Account.checkAbsent(account(t.id, 'nobody')),
        tx.Entry.put({ group: t.id, number: 1, amount: 3 }),
      ])
      same(
        results.map((result) =>
          result === undefined || 'amount' in result ? result : [result.id, result.balance, result.note],
        ),
        [
          ['created', 5, undefined],
          ['put', 6, undefined],
          ['updated', 7, 'stays'],
          ['merged', 8, 'stays'],
          ['upserted', 9, undefined],
          ['made', 10, undefined],
          undefined,
          undefined,
          undefined,
          undefined,
          { group: t.id, number: 1, amount: 3 },
        ],
        'the results',
      )
      same(
        await balances(db, t.id),
        { created: 5, put: 6, updated: 7, merged: 8, upserted: 9, made: 10, checked: 1 },
        'what is stored',
      )
      holds(results[1].revision !== before.revision, 'a put in a transaction leaves the old revision')
      same((await db.Account.get(account(t.id, 'put')))?.revision, results[1].revision, 'the revision that is stored')
      same((await db.Account.get(account(t.id, 'updated')))?.note, 'stays', 'a field that was not named')
    },
  },

  'indexes and expiry follow': {
    requires: 'transact:store',
    run: async (t, db) => {
      await db.Account.put({ ...account(t.id, 'a'), balance: 1 })
      await db.Account.put({ ...account(t.id, 'b'), balance: 2 })
      await db.transact((tx) => [
        tx.Account.update(account(t.id, 'a'), { balance: 20, until: t.clock.in(1_000) }),
        tx.Account.delete(account(t.id, 'b')),
        tx.Account.create({ ...account(t.id, 'c'), balance: 10 }),
      ])
      const ids = async () => (await db.Account.query('byBalance', { group: t.id }).all()).map(({ id }) => id)
      await t.settled(ids, ['c', 'a'], 'what the index finds')
      t.clock.advance(1_000)
      await t.settled(ids, ['c'], 'what the index finds when one has expired')
      const [anew] = await db.transact((tx) => [tx.Account.create({ ...account(t.id, 'a'), balance: 1 })])
      same([anew.balance, anew.until], [1, undefined], 'what was created over the expired')
    },
  },

  'one item that is refused leaves everything as it was, and is named': {
    requires: 'transact:store',
    run: async (t, db) => {
      await db.Account.put({ ...account(t.id, 'rich'), balance: 100 })
      await db.Account.put({ ...account(t.id, 'poor'), balance: 1 })
      const { revision } = await db.Account.update(account(t.id, 'rich'), { note: 'x' })
      const good = { ...account(t.id, 'new'), balance: 1 }
      const refusals = [
        ['ALREADY_EXISTS', (tx) => tx.Account.create({ ...account(t.id, 'poor'), balance: 1 })],
        ['NOT_FOUND', (tx) => tx.Account.update(account(t.id, 'none'), { balance: 1 })],
        ['NOT_FOUND', (tx) => tx.Account.check(account(t.id, 'none'))],
        ['ALREADY_EXISTS', (tx) => tx.Account.checkAbsent(account(t.id, 'poor'))],
        ['CONDITION_FAILED', (tx) => tx.Account.delete(account(t.id, 'poor'), { if: (a, { gt }) => gt(a.balance, 1) })],
        ['CONDITION_FAILED', (tx) => tx.Account.check(account(t.id, 'poor'), { if: (a, { gt }) => gt(a.balance, 1) })],
        [
          'REVISION_MISMATCH',
          (tx) => tx.Account.put({ ...account(t.id, 'poor'), balance: 1 }, { ifRevision: revision }),
        ],
        ['INVALID_VALUE', (tx) => tx.Account.update(account(t.id, 'poor'), (a, { add }) => add(a.balance, -2))],
      ] satisfies [string, (tx: Parameters<Parameters<typeof db.transact>[0]>[0]) => unknown][]
      const before = await balances(db, t.id)
      for (const [code, item] of refusals) {
        const call = db.transact((tx) => [
          tx.Account.create(good),
          tx.Account.update(account(t.id, 'rich'), (a, { add }) => add(a.balance, -1)),
          item(tx) as ReturnType<typeof tx.Account.check>,
        ])
        const error = await refused(call, code as 'NOT_FOUND', { says: ['item 2', 'Nothing of the transaction'] })
        holds(error instanceof TransactionError, `${code} is no TransactionError`)
        same([error.index, error.entity], [2, 'P12Account'], `where ${code} was`)
        same(error.key?.group, t.id, `the key of ${code}`)
        same(await balances(db, t.id), before, `what is stored after ${code}`)
      }
    },
  },

  'of two items that refuse, the first is named': {
    requires: 'transact:store',
    run: async (t, db) => {
      const error = await refused(
        db.transact((tx) => [
          tx.Account.put({ ...account(t.id, 'a'), balance: 1 }),
          tx.Account.check(account(t.id, 'b')),
          tx.Account.check(account(t.id, 'c')),
        ]),
        'NOT_FOUND',
      )
      same(error instanceof TransactionError && error.index, 1)
      same(await db.Account.get(account(t.id, 'a')), undefined)
    },
  },

  'what is invalid is refused before anything is sent': {
    requires: 'transact:store',
    run: async (t, db) => {
      const { requests } = await t.trips(async () => {
        const invalid = { ...account(t.id, 'a'), balance: 'much' as never }
        const good = { ...account(t.id, 'b'), balance: 1 }
        const call = db.transact((tx) => [tx.Account.create(good), tx.Account.create(invalid)])
        const error = await refused(call, 'VALIDATION', { path: ['balance'], says: ['item 1', 'balance'] })
        same(error instanceof TransactionError && error.index, 1)
        const twice = db.transact((tx) => [tx.Account.create(good), tx.Account.delete(account(t.id, 'b'))])
        await refused(twice, 'VALIDATION', { says: ['item 1', 'item 0'] })
        await refused(db.transact((() => undefined) as never), 'VALIDATION', { says: ['list of items'] })
        await refused(db.transact((() => [{}]) as never), 'VALIDATION', { says: ['item 0'] })
        await refused(db.transact([] as never), 'VALIDATION', { says: ['callback'] })
        const token = db.transact((tx) => [tx.Account.create(good)], { token: '' })
        await refused(token, 'VALIDATION', { says: ['token'] })
      })
      same(requests.length, 0, 'the round trips')
    },
  },

  'nothing to do is nothing done': {
    requires: 'transact:store',
    run: async (_, db) => {
      same(await db.transact(() => []), [])
      same(await db.transactGet(() => []), [])
    },
  },

  'a hundred items but one are one transaction; beyond the limit it is refused': {
    requires: 'transact:store',
    run: async (t, db) => {
      const numbers = Array.from({ length: 99 }, (_, number) => number)
      await db.transact((tx) => numbers.map((number) => tx.Entry.create({ group: t.id, number, amount: number })), {
        token: t.id,
      })
      same(await db.Entry.query({ group: t.id }).count(), 99, 'how many are there')
      const tooMany = Array.from({ length: 1_001 }, (_, number) => number)
      const call = db.transact((tx) =>
        tooMany.map((number) => tx.Entry.create({ group: `${t.id}-`, number, amount: 0 })),
      )
      await refused(call, 'LIMIT_EXCEEDED')
      same(await db.Entry.query({ group: `${t.id}-` }).count(), 0, 'how many of too many are there')
    },
  },
})
