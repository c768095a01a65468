import { connect, defineEntity } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dynamodb } from '../src/index.js'
import { engineNames, runEngine } from './support/engines.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customer: z.string(), order: z.int(), status: z.string().optional(), text: z.string() }),
  key: { partition: ['customer'], sort: ['order'] },
  indexes: { byStatus: { partition: ['status'], sort: ['order'] } },
})

let tables = 0

describe.each(engineNames)('units on %s', (name) => {
  const running = runEngine(name)

  it('are estimated as the engine then counts them', async () => {
    const store = dynamodb({ client: running().client, table: `units-${process.pid}-${++tables}` })
    const costs: (number | undefined)[] = []
    await using db = await connect(store, { Order }, { onCall: ({ capacity }) => costs.push(capacity?.write) })
    await db.setup()
    costs.length = 0
    for (const [order, length] of [10, 900, 1_100, 5_000].entries()) {
      const plain = { customer: 'c', order, text: 'x'.repeat(length) }
      for (const entity of [plain, { ...plain, order: order + 10, status: 'open' }]) {
        const { estimate } = db.Order.explain.put(entity)
        await db.Order.put(entity)
        expect(costs.at(-1)).toBe(estimate?.write)
      }
    }
    expect(costs).toEqual([1, 2, 1, 2, 2, 4, 5, 12])

    const query = db.Order.query({ customer: 'c' })
    expect(query.explain().estimate).toBeUndefined()
    expect(query.explain({ rows: 10, itemBytes: 1_000 }).estimate).toEqual({ read: 3 })
    expect(query.consistency('eventual').explain({ rows: 10, itemBytes: 1_000 }).estimate).toEqual({ read: 1.5 })
    expect(query.limit(3).explain({ itemBytes: 4_096 }).estimate).toEqual({ read: 3 })
    expect(() => query.explain({ itemBytes: 0 })).toThrow(expect.objectContaining({ code: 'VALIDATION' }))
    expect(() => query.explain({ size: 1 } as never)).toThrow(/rows, itemBytes/)
    const { actual } = await query.measure()
    // 14 kB and a little: what a Query counts for its items together.
    expect(actual.capacity).toEqual({ read: 4 })
    expect(actual).toMatchObject({ rowsReturned: 8, roundTrips: 1 })
  })
})
