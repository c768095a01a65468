import { connect, defineEntity } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Budget, matchers } from '../src/index.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customer: z.string(), order: z.int(), status: z.string() }),
  key: { partition: ['customer'], sort: ['order'] },
})

const said = (received: unknown, budget: Budget): string => {
  const { pass, message } = matchers.toFit(received, budget)
  return pass ? '' : message()
}

describe('toFit', () => {
  it('holds a query to what it may take', async () => {
    await using db = await connect(memory(), { Order })
    for (let order = 0; order < 10; order++) await db.Order.put({ customer: 'c', order, status: 'paid' })
    const query = db.Order.query({ customer: 'c' })
    expect(said(query.explain(), { roundTrips: 1, scan: false, residual: false })).toBe('')
    expect(said(query.explain(), { roundTrips: 0 })).toContain('round trips: at most 0, and it takes 1')
    expect(said(query.explain(), { rcu: 1 })).toContain('it is not known how many')
    const scan = db.Order.scan({ allowScan: true }).explain()
    expect(said(scan, { scan: false })).toContain('it scans, and must not')
    expect(said(scan, { scan: true })).toBe('')
    const measured = await query.measure({ size: 5 })
    expect(measured.actual).toMatchObject({ operation: 'query.measure', roundTrips: 1, rowsReturned: 5 })
    expect(said(measured, { roundTrips: 1, rowsRead: 6 })).toBe('')
    expect(said(measured, { rowsRead: 5 })).toContain('rows read: at most 5, and it takes 6')
    const collection = db.collection(['Order'], { customer: 'c' })
    expect(said(collection.explain(), { roundTrips: 1, residual: false })).toBe('')
    expect(said(collection.explain(), { roundTrips: 0 })).toContain('round trips: at most 0, and it takes 1')
    const filtered = collection.where('Order', (o, { eq }) => eq(o.status, 'open'))
    expect(said(filtered.explain(), { residual: false })).not.toBe('')
    expect(said(await filtered.measure(), { roundTrips: 1 })).toBe('')
    expect(said(db.Order.explain.put({ customer: 'c', order: 1, status: 'x' }), { roundTrips: 1 })).toBe('')
  })

  it('refuses what is no explanation, and a budget that does not exist', () => {
    expect(() => matchers.toFit({}, {})).toThrow(/explain\(\)/)
    expect(() => matchers.toFit({ roundTrips: 1, request: 1 }, { trips: 1 } as never)).toThrow(/no trips; there are/)
  })

  it('is a matcher', async () => {
    expect.extend(matchers)
    await using db = await connect(memory(), { Order })
    const fits = expect(db.Order.query({ customer: 'c' }).explain()) as never as { toFit(budget: Budget): void }
    fits.toFit({ roundTrips: 1 })
    expect(() => fits.toFit({ roundTrips: 0 })).toThrow(/does not fit its budget/)
  })
})
