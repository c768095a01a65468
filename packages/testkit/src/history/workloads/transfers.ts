import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type AccountsInput, type AccountsOutput, accounts } from '../models/accounts.js'
import { type Workload, workload } from './workload.js'

const Account = defineEntity({
  name: 'HistoryAccount',
  schema: z.object({ group: z.string(), id: z.string(), balance: z.int() }),
  // Each in a partition of its own: a store may find transactions within one easier.
  key: { partition: ['group', 'id'] },
})

const BALANCES = { a: 20, b: 10, c: 0 }
const IDS = ['a', 'b', 'c'] as const

/** Transfers between a few accounts, often of more than there is, and transactional reads of all of them. */
export const transfers: Workload = workload({
  rule: 'P12',
  topic: 'histories of transactions',
  requires: ['transact:store'],
  entities: { Account },
  model: accounts(BALANCES),

  prepare: (db, group) => db.Account.putMany(Object.entries(BALANCES).map(([id, balance]) => ({ group, id, balance }))),

  client: (db, group) => ({
    draw(random): AccountsInput {
      if (random.below(3) === 0) return { do: 'read', accounts: IDS }
      const from = random.of(IDS)
      const to = random.of(from === 'a' ? ['b', 'c'] : from === 'b' ? ['a', 'c'] : ['a', 'b'])
      return { do: 'transfer', from, to, amount: 1 + random.below(15) }
    },

    async call(input, options): Promise<AccountsOutput> {
      if (input.do === 'read') {
        const found = await db.transactGet((t) => input.accounts.map((id) => t.Account.get({ group, id })), options)
        return found.map((account) => account?.balance ?? null)
      }
      const { from, to, amount } = input
      const [given, taken] = await db.transact(
        (t) => [
          t.Account.update({ group, id: from }, (a, { add }) => add(a.balance, -amount), {
            if: (a, { gte }) => gte(a.balance, amount),
          }),
          t.Account.update({ group, id: to }, (a, { add }) => add(a.balance, amount)),
        ],
        options,
      )
      return [given.balance, taken.balance]
    },
  }),
})
