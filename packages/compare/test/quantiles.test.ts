import { describe, expect, it } from 'vitest'
import { median, quantile, quantilesOf } from '../src/measure/quantiles.js'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at + 1)

describe('a quantile', () => {
  it('is the value of the nearest rank', () => {
    expect(quantile(upTo(1_000), 0.5)).toBe(500)
    expect(quantile(upTo(1_000), 0.95)).toBe(950)
    expect(quantile(upTo(1_000), 0.99)).toBe(990)
    expect(quantile(upTo(25), 0.5)).toBe(13)
  })

  it.each([
    [0.5, 20],
    [0.95, 200],
    [0.99, 1_000],
  ])('%d is said from %d samples on, ten expected beyond it', (q, enough) => {
    expect(quantile(upTo(enough), q)).toBeDefined()
    expect(quantile(upTo(enough - 1), q)).toBeUndefined()
  })

  it('does not depend on the order of the samples', () => {
    const samples = upTo(1_000)
    const mixed = samples.map((value) => (value * 617) % 1_009).filter((value) => value > 0 && value <= 1_000)
    expect(quantilesOf(mixed).p50).toBeCloseTo(500, -1)
    expect(quantilesOf(samples.toReversed())).toEqual(quantilesOf(samples))
  })

  it('is nothing of nothing', () => {
    expect(quantilesOf([])).toEqual({ p50: undefined, p95: undefined, p99: undefined })
  })
})

it('the median is the middle, or between the two middle ones', () => {
  expect(median([])).toBeUndefined()
  expect(median([3])).toBe(3)
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 2, 9])).toBe(3)
})
