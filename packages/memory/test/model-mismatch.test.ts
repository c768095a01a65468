import { connect, defineEntity } from '@isomodel/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { memory } from '../src/index.js'

const schema = z.object({ id: z.string(), status: z.string() })
const Order = defineEntity({
  name: 'Order',
  schema,
  key: { partition: ['id'] },
  indexes: { byStatus: { partition: ['status'] } },
})
const OtherKey = defineEntity({ name: 'Order', schema, key: { partition: ['status'], sort: ['id'] } })
const OtherIndex = defineEntity({
  name: 'Order',
  schema,
  key: { partition: ['id'] },
  indexes: { byStatus: { partition: ['status'], sort: ['id'] } },
})

it.each([
  [
    'key',
    OtherKey,
    'This memory() already holds Order with another key: Order by [id: string] then [], not Order by [status: string] then ' +
      '[id: string]. Declare the key as it was, or give the changed model a memory() of its own.',
  ],
  [
    'index',
    OtherIndex,
    'This memory() already holds Order with another index byStatus: Order by [status: string] then [], not Order by ' +
      '[status: string] then [id: string]. Declare it as it was, or give the new one another name, or the changed model a ' +
      'memory() of its own.',
  ],
])('a model with another %s is told its way out', async (_, Other, message) => {
  const store = memory()
  await using _db = await connect(store, { Order })
  await expect(connect(store, { Order: Other })).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    message: expect.stringContaining(message),
  })
})
