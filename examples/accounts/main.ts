import { connect, defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/chosen.js'

const Account = defineEntity({
  name: 'Account',
  schema: z.object({ accountId: z.string(), email: z.string(), handle: z.string().optional() }),
  key: { partition: ['accountId'] },
  uniques: { byEmail: ['email'], byHandle: ['handle'] },
})

await using db = await connect(store, { Account })
await db.setup()
await db.Account.deleteMany(['a-1', 'a-2', 'a-3'].map((accountId) => ({ accountId })))

/** Makes an account; of many with one address, one. */
async function signUp(accountId: string, email: string): Promise<string> {
  try {
    await db.Account.create({ accountId, email })
    return `${accountId} signed up`
  } catch (error) {
    if (error instanceof StoreError && error.code === 'UNIQUE_VIOLATION') return `${accountId}: the address is taken`
    throw error
  }
}

const both = await Promise.all([signUp('a-1', 'ann@example.com'), signUp('a-2', 'ann@example.com')])
console.log('of two at once:', both.filter((said) => said.endsWith('signed up')).length)
const winner = both[0]?.endsWith('signed up') ? 'a-1' : 'a-2'
await db.Account.update({ accountId: winner }, { email: 'ann@example.org', handle: 'ann' })
console.log(await signUp('a-3', 'ann@example.com'))

// A name passes from one account to another, and nobody gets in between.
await db.transact((t) => [
  t.Account.update({ accountId: winner }, (account, { remove }) => remove(account.handle)),
  t.Account.update({ accountId: 'a-3' }, { handle: 'ann' }),
])
console.log('ann is', (await db.Account.get({ accountId: 'a-3' }))?.email)

// An export reads everything, page by page; a cursor goes on in another process.
let cursor: string | undefined
let exported = 0
do {
  const page = await db.Account.scan({ allowScan: true, budget: 1_000 }).page({ size: 1, cursor })
  exported += page.items.length
  cursor = page.cursor
} while (cursor !== undefined)
console.log('accounts:', exported)
