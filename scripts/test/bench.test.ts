import { expect, test } from 'vitest'
import { row, verdictOf, withinBudget } from '../run/bench.mjs'
import { bounds, isCount } from '../run/bench-bounds.mjs'
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

const sizes = bounds['scripts/check-bundle-size.mjs'] as (line: string) => ReturnType<(typeof bounds)[string]>
const cost = bounds['scripts/check-types-budget.mjs'] as typeof sizes

test('the lines of the checks are figures, with the budget that was first and the one that is accepted', () => {
  const lines = table(
    ['bundle, min + gzip', 'bytes', 'ceiling', 'first budget', ''],
    [
      ['@isomodel/core, zod apart', '36900', '37500', '15000 (0004)', 'ok'],
      ['  packages/core/dist/esm/index.js', '(1234)', '', '', ''],
      ['@isomodel/memory, core apart', '5500', '5400', '', 'OVER'],
    ],
  ).split('\n')
  expect(lines.flatMap((line) => sizes(line) ?? [])).toEqual([
    {
      bench: 'bundle: @isomodel/core, zod apart',
      value: 36900,
      unit: 'bytes',
      budget: 15000,
      accepted: { budget: 37500, decision: '0004' },
    },
    { bench: 'bundle: @isomodel/memory, core apart', value: 5500, unit: 'bytes', budget: 5400 },
  ])
  expect(cost('1924 instantiations an entity, ceiling 2000, first budget 1500 (0004)')).toEqual({
    bench: 'types: an entity with its operations',
    value: 1924,
    unit: 'instantiations',
    budget: 1500,
    accepted: { budget: 2000, decision: '0004' },
  })
  expect(['5 passed, 1 failed', '1 passed, 0 failed', 'x 5 passed, 1 failed'].map(isCount)).toEqual([true, true, false])
})

test('the table shows both budgets, and says which of them holds', () => {
  const core = { bench: 'core', unit: 'bytes', budget: 15000, accepted: { budget: 37500, decision: '0004' } }
  expect(row({ ...core, value: 36900 })).toEqual([
    'core',
    '36.9 kB',
    '',
    '',
    '<= 15 kB; accepted 37.5 kB (0004)',
    'accepted',
  ])
  expect([15000, 37500, 37501].map((value) => verdictOf({ ...core, value }))).toEqual(['ok', 'accepted', 'OVER'])
  expect(row({ bench: 'get', unit: 'µs', value: 110, vendor: 100, budgetRatio: 1.05 })).toEqual([
    'get',
    '110 µs',
    '100 µs',
    '1.10x',
    '<= 1.05x',
    'OVER',
  ])
})
