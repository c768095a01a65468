import { stores } from '@isomodel/devstack/stores'
import { eachStore, expectSame, matchers, onEveryStore } from '@isomodel/testkit'
import * as vitest from 'vitest'
import { describe, expect, it } from 'vitest'
import { best, Coupon, redeem } from './coupons.js'

// Once for all tests, as in a setup file: expect(answers).toBeSameOnEveryStore().
declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toBeSameOnEveryStore(): R
  }
}
expect.extend(matchers)

const tested = stores('memory', 'dynamodb', 'mongodb', 'redis')
const coupon = { shop: 'tea', code: 'NEW', percent: 10, left: 2 }

// The same tests on every store: each test finds the store empty.
eachStore(
  tested,
  { Coupon },
  (db) => {
    it('is redeemed while there are any left, once for each customer', async () => {
      await db.Coupon.create(coupon)
      expect(await redeem(db.Coupon, 'tea', 'NEW', 'ann')).toBe('redeemed, 1 left')
      expect(await redeem(db.Coupon, 'tea', 'NEW', 'ann')).toBe('used already')
      expect(await redeem(db.Coupon, 'tea', 'NEW', 'ben')).toBe('redeemed, 0 left')
      expect(await redeem(db.Coupon, 'tea', 'NEW', 'cleo')).toBe('none left')
      expect(await redeem(db.Coupon, 'tea', 'OLD', 'cleo')).toBe('no such coupon')
    })

    it('is never redeemed more often than there are, by ten at once', async () => {
      await db.Coupon.create({ ...coupon, left: 3 })
      const customers = Array.from({ length: 10 }, (_, n) => `customer ${n}`)
      const said = await Promise.all(customers.map((customer) => redeem(db.Coupon, 'tea', 'NEW', customer)))
      expect(said.filter((answer) => answer.startsWith('redeemed'))).toHaveLength(3)
      expect(said.filter((answer) => answer === 'none left')).toHaveLength(7)
      expect((await db.Coupon.get(coupon))?.usedBy.size).toBe(3)
    })
  },
  vitest,
)

// One answer for all stores: when one gives another, the failure shows where.
describe('the best coupons', () => {
  it('are the same on every store', async () => {
    const answers = await onEveryStore(tested, { Coupon }, async (db) => {
      const percents = [5, 12.5, 0.1 + 0.2, 100, 12.5]
      await db.Coupon.putMany(percents.map((percent, n) => ({ shop: 'tea', code: `c-${n}`, percent, left: 1 })))
      return best(db.Coupon, 'tea', 4)
    })
    expect(expectSame(answers)).toEqual(['c-3: 100 %', 'c-4: 12.5 %', 'c-1: 12.5 %', 'c-0: 5 %'])
  })

  it('are as many on every store', async () => {
    const answers = await onEveryStore(tested, { Coupon }, async (db) => {
      await db.Coupon.putMany([coupon, { ...coupon, code: 'OLD' }])
      return (await best(db.Coupon, 'tea', 4)).length
    })
    expect(answers).toBeSameOnEveryStore()
  })
})
