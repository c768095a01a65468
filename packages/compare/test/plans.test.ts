import { expect, it } from 'vitest'
import { plans } from '../src/measure/plans.js'
import { type Quantiles, quantilesOf } from '../src/measure/quantiles.js'
import type { SizeName } from '../src/shop/generate.js'

it.each<[SizeName, keyof Quantiles]>([
  ['small', 'p95'],
  ['medium', 'p99'],
  ['large', 'p99'],
])('%s takes samples enough for %s', (size, q) => {
  const { rounds, samples } = plans[size]
  expect(quantilesOf(new Float64Array(rounds * samples))[q]).toBeDefined()
})
