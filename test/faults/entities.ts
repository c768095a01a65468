import { type Db, defineEntity } from '@isomodel/core'
import { z } from 'zod'

/** Every addition leaves its id in the log, so that it can be counted how often it was done. */
const Counter = defineEntity({
  name: 'Counter',
  schema: z.object({ id: z.string(), n: z.int(), log: z.array(z.string()) }),
  key: { partition: ['id'] },
})

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ id: z.string(), text: z.string() }),
  key: { partition: ['id'] },
})

const Account = defineEntity({
  name: 'Account',
  schema: z.object({ id: z.string(), balance: z.int() }),
  key: { partition: ['id'] },
})

/** What a transfer leaves beside the two balances. */
const Transfer = defineEntity({
  name: 'Transfer',
  schema: z.object({ id: z.string(), from: z.string(), to: z.string(), amount: z.int() }),
  key: { partition: ['id'] },
})

const User = defineEntity({
  name: 'User',
  schema: z.object({ id: z.string(), email: z.string() }),
  key: { partition: ['id'] },
  uniques: { byEmail: ['email'] },
})

export const entities = { Counter, Note, Account, Transfer, User }
export type Shop = Db<typeof entities, unknown, 'transact:store'>
