import type { NumberType } from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBounds } from '../src/add-bounds.js'

const double: NumberType = { kind: 'number', int: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE }
const int: NumberType = { kind: 'number', int: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

describe('addBounds', () => {
  it('never lets a sum of doubles out of its bounds', () => {
    fc.assert(
      fc.property(finite, finite, finite, finite, (a, b, amount, stored) => {
        const type = { ...double, min: Math.min(a, b), max: Math.max(a, b) }
        const bounds = addBounds(type, amount)
        if (bounds === undefined) return
        for (const value of [stored, bounds.low as number, bounds.high as number]) {
          if (value < bounds.low || value > bounds.high) continue
          expect(value + amount).toBeGreaterThanOrEqual(type.min)
          expect(value + amount).toBeLessThanOrEqual(type.max)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('lets every sum of whole numbers within bounds through', () => {
    const whole = fc.maxSafeInteger()
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: -1000, max: 1000 }), (stored, limit, amount) => {
        const type = { ...int, min: Math.min(limit, 0), max: Math.max(limit, 0) }
        const { low, high } = addBounds(type, amount) as { low: number; high: number }
        const sum = BigInt(stored) + BigInt(amount)
        const fits = sum >= BigInt(type.min) && sum <= BigInt(type.max)
        expect(stored >= low && stored <= high).toBe(fits)
      }),
      { numRuns: 2_000 },
    )
  })

  it('guards int64 at both ends', () => {
    fc.assert(
      fc.property(int64, int64, (stored, amount) => {
        const bounds = addBounds({ kind: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n }, amount)
        const sum = stored + amount
        const fits = sum >= -(2n ** 63n) && sum <= 2n ** 63n - 1n
        expect(bounds !== undefined && stored >= bounds.low && stored <= bounds.high).toBe(fits)
      }),
      { numRuns: 2_000 },
    )
  })

  it('says whether an absent field may be the start', () => {
    expect(addBounds({ ...int, min: 10 }, 5)?.fromZero).toBe(false)
    expect(addBounds({ ...int, min: 0 }, 5)?.fromZero).toBe(true)
  })

  it('leaves to reading what is not plainly a number', () => {
    expect(addBounds({ kind: 'dynamic' }, 1)).toBeUndefined()
    expect(addBounds({ kind: 'enum', of: 'number', values: [1, 2] }, 1)).toBeUndefined()
    expect(addBounds(double, 1n)).toBeUndefined()
  })
})
