import { compareText } from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedMap } from '../src/sorted-map.js'

/** A number as a key that sorts like it. */
const key = (n: number): string => String(n).padStart(6, '0')
const keys = (map: SortedMap<unknown>): string[] => [...map.entries()].map(([each]) => each)

it('agrees with a sorted list for any sets, deletes and ranges', () => {
  const text = fc.oneof(
    fc.nat({ max: 400 }).map(key),
    fc.constantFrom('', '\u{1f600}', '\uffff', 'e', 'é'),
    fc.string({ maxLength: 3, unit: 'grapheme' }),
  )
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('set' as const), key: text }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key: text }) },
  )
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 1_200, size: 'max' }),
      text,
      text,
      fc.boolean(),
      (steps, a, b, reverse) => {
        const map = new SortedMap<number>()
        const model = new Map<string, number>()
        for (const [at, { do: what, key: each }] of steps.entries()) {
          if (what === 'set') {
            map.set(each, at)
            model.set(each, at)
          } else expect(map.delete(each)).toBe(model.delete(each))
        }
        const sorted = [...model].toSorted(([x], [y]) => compareText(x, y))
        expect([...map.entries()]).toStrictEqual(sorted)
        expect(map.size).toBe(model.size)
        for (const [each, value] of model) expect(map.get(each)).toBe(value)
        const inside = sorted.filter(([each]) => compareText(each, a) >= 0 && compareText(each, b) < 0)
        expect([...map.range(a, b, reverse)]).toStrictEqual(reverse ? inside.toReversed() : inside)
      },
    ),
    { numRuns: 60 },
  )
})

describe('many keys', () => {
  const many = Array.from({ length: 50_000 }, (_, n) => (n * 7919) % 50_000)

  it('stay in order however they arrive', () => {
    for (const order of [many, many.toSorted((a, b) => a - b), many.toSorted((a, b) => b - a)]) {
      const map = new SortedMap<number>()
      for (const n of order) map.set(key(n), n)
      expect(keys(map)).toStrictEqual(Array.from({ length: 50_000 }, (_, n) => key(n)))
    }
  })

  it('leave an empty map when they go, which takes others', () => {
    const map = new SortedMap<number>()
    for (const n of many) map.set(key(n), n)
    for (const n of many) expect(map.delete(key(n))).toBe(true)
    expect(map.size).toBe(0)
    expect(keys(map)).toStrictEqual([])
    expect(map.delete(key(1))).toBe(false)
    map.set('b', 1)
    map.set('a', 2)
    expect(keys(map)).toStrictEqual(['a', 'b'])
  })

  it('are walked from where a range begins, not from the start', () => {
    const map = new SortedMap<number>()
    for (const n of many) map.set(key(n), n)
    const [first] = map.range(key(49_990), key(60_000), false)
    const [last] = map.range(key(0), key(10), true)
    expect([first, last]).toStrictEqual([
      [key(49_990), 49_990],
      [key(9), 9],
    ])
  })
})
