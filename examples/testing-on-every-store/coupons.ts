import { defineEntity, type Repository, StoreError } from '@isomodel/core'
import { z } from 'zod'

export const Coupon = defineEntity({
  name: 'Coupon',
  schema: z.object({
    shop: z.string(),
    code: z.string(),
    percent: z.number().min(0).max(100),
    left: z.int().min(0),
    usedBy: z.set(z.string()).default(() => new Set<string>()),
    ends: z.date().optional(),
  }),
  key: { partition: ['shop'], sort: ['code'] },
  indexes: { byPercent: { partition: ['shop'], sort: ['percent'] } },
  ttl: 'ends',
})

export type Coupons = Repository<typeof Coupon>

/** Uses a coupon once for each customer, while there are any left; says why not. */
export async function redeem(coupons: Coupons, shop: string, code: string, customer: string): Promise<string> {
  try {
    const { left } = await coupons.update(
      { shop, code },
      (o, { add, addToSet }) => [add(o.left, -1), addToSet(o.usedBy, new Set([customer]))],
      { if: (o, { not, contains }) => not(contains(o.usedBy, customer)) },
    )
    return `redeemed, ${left} left`
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'NOT_FOUND') return 'no such coupon'
    if (error.code === 'CONDITION_FAILED') return 'used already'
    // `left` has a minimum of 0: the store refuses to count below it.
    if (error.code === 'INVALID_VALUE') return 'none left'
    throw error
  }
}

/** The shop's best coupons, the best first. */
export async function best(coupons: Coupons, shop: string, count: number): Promise<string[]> {
  const found = await coupons.query('byPercent', { shop }).reverse().limit(count).all()
  return found.map(({ code, percent }) => `${code}: ${percent} %`)
}
