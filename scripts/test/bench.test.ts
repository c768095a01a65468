import { expect, test } from 'vitest'
import { withinBudget } from '../run/bench.mjs'
import { table } from '../run/table.mjs'

const figure = { bench: 'a', unit: 'µs' }

test('a budget bounds the value, a ratio the value by the vendor', () => {
  expect(withinBudget({ ...figure, value: 15, budget: 15 })).toBe(true)
  expect(withinBudget({ ...figure, value: 15.1, budget: 15 })).toBe(false)
  expect(withinBudget({ ...figure, value: 105, vendor: 100, budgetRatio: 1.05 })).toBe(true)
  expect(withinBudget({ ...figure, value: 106, vendor: 100, budgetRatio: 1.05 })).toBe(false)
})

test('for a throughput, more is better', () => {
  expect(withinBudget({ ...figure, value: 500, vendor: 100, budgetRatio: 5, higherIsBetter: true })).toBe(true)
  expect(withinBudget({ ...figure, value: 499, vendor: 100, budgetRatio: 5, higherIsBetter: true })).toBe(false)
})

test('without a budget there is no verdict, nor with a ratio to nothing', () => {
  expect(withinBudget({ ...figure, value: 1 })).toBeUndefined()
  expect(withinBudget({ ...figure, value: 1, budgetRatio: 5 })).toBeUndefined()
})

test('a table aligns its columns and ends no line in spaces', () => {
  expect(
    table(
      ['name', 'n', ''],
      [
        ['a', '1,000', ''],
        ['long name', '2', 'ok'],
      ],
    ),
  ).toBe('name           n\n---------  -----  --\na          1,000\nlong name      2  ok\n')
})
