import { type Adapter, connect, defineEntity } from '@isomodel/core'
import type { Driver, Transactions } from '@isomodel/core/driver'
import { type Memory, memory } from '@isomodel/memory'
import { expect, test } from 'vitest'
import { z } from 'zod'

const User = defineEntity({
  name: 'User',
  schema: z.object({ id: z.string(), email: z.string() }),
  key: { partition: ['id'] },
  uniques: { byEmail: ['email'] },
})

/** A handle on the store whose first commit waits for `before`, and whose second read after that for `between`. */
function slow(
  store: Memory,
  before: () => Promise<unknown>,
  between: () => Promise<unknown>,
): Adapter<'transact:store'> {
  return {
    store: store.store,
    capabilities: store.capabilities,
    async open(model, options) {
      const driver = await store.open(model, options)
      const { transactions } = driver
      if ('missing' in transactions) throw new Error('memory has transactions')
      let commits = 0
      let reads = 0
      const commit: Transactions['commit'] = async (swaps, call) => {
        commits += 1
        if (commits === 1) await before()
        return transactions.commit(swaps, call)
      }
      const get: Driver['get'] = async (requests, call) => {
        if (commits === 1) {
          reads += 1
          if (reads === 2) await between()
        }
        return driver.get(requests, call)
      }
      return new Proxy(driver, {
        get(target, name) {
          if (name === 'get') return get
          if (name === 'transactions') return { ...transactions, commit }
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}

test('a value is freed by the delete of an entity that took it again while the delete was tried', async () => {
  const store = memory()
  await using db = await connect(store, { User })
  await db.setup()
  await db.User.create({ id: 'a', email: 'x' })
  // The delete finds 'x' held, is overtaken by another, sees that 'x' is free, and then finds it held again.
  const overtaken = slow(
    store,
    () => db.User.delete({ id: 'a' }),
    () => db.User.create({ id: 'a', email: 'x' }),
  )
  await using other = await connect(overtaken, { User })
  await other.User.delete({ id: 'a' })
  expect(await db.User.get({ id: 'a' })).toBeUndefined()
  expect(await db.User.create({ id: 'b', email: 'x' })).toEqual({ id: 'b', email: 'x' })
})
