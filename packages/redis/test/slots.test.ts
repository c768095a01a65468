import { expect, it } from 'vitest'
import { CLUSTER_BUCKETS } from '../src/layout.js'
import { slotOf } from '../src/slots.js'

it.each([
  // The specification's own example, and what CLUSTER KEYSLOT says.
  ['123456789', 12_739],
  ['foo', 12_182],
  ['{user1000}.following', 3_443],
  ['{user1000}.followers', 3_443],
  ['foo{}{bar}', 8_363],
  ['foo{{bar}}zap', 4_015],
  ['foo{bar}{zap}', 5_061],
])('%s is in slot %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot)
})

it('the buckets are spread evenly over three masters', () => {
  const masters = [0, 0, 0]
  for (let bucket = 0; bucket < CLUSTER_BUCKETS; bucket++) {
    const master = Math.floor((slotOf(`shop:{${bucket}}:keys`) * 3) / 16_384)
    masters[master] = (masters[master] ?? 0) + 1
  }
  for (const count of masters) expect(count).toBeGreaterThan(70)
})
