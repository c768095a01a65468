import fc from 'fast-check'
import { expect, it } from 'vitest'
import { splitCondition } from '../../src/driver/split-condition.js'
import type { Condition } from '../../src/query/condition.js'
import { evaluate } from '../../src/query/evaluate.js'
import { mapCondition } from '../../src/query/simplify.js'
import type { Values } from '../../src/schema/value.js'

const fields = ['a', 'b', 'X', 'Y']
const canPush = (leaf: { readonly path: readonly (string | number)[] }): boolean => /[a-z]/.test(String(leaf.path[0]))
const leaf = fc
  .tuple(fc.constantFrom(...fields), fc.constantFrom(1, 2))
  .map(([field, value]): Condition => ({ op: 'eq', path: [field], value }))
const tree = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), condition: tie('condition') }),
  ),
})).condition

it('pushes only what the store can check, never less than what fits, and leaves the rest to check', () => {
  const row = fc.record(Object.fromEntries(fields.map((field) => [field, fc.constantFrom(1, 2)])), { requiredKeys: [] })
  fc.assert(
    fc.property(tree, fc.array(row, { minLength: 1, maxLength: 16 }), (condition, rows) => {
      const { pushed, residual } = splitCondition(condition, canPush)
      if (pushed !== undefined) {
        mapCondition(pushed, (pushedLeaf) => {
          expect(canPush(pushedLeaf)).toBe(true)
          return pushedLeaf
        })
      }
      for (const row of rows) {
        const values = row as Values
        const store = pushed === undefined || evaluate(pushed, values)
        const fits = evaluate(condition, values)
        if (fits) expect(store).toBe(true)
        expect(store && (residual === undefined || evaluate(residual, values))).toBe(fits)
      }
    }),
    { numRuns: 1_000 },
  )
})

it('checks nothing twice that the store checks exactly', () => {
  const a: Condition = { op: 'eq', path: ['a'], value: 1 }
  const x: Condition = { op: 'eq', path: ['X'], value: 1 }
  expect(splitCondition({ op: 'and', conditions: [a, x] }, canPush)).toStrictEqual({ pushed: a, residual: x })
  expect(splitCondition(a, canPush)).toStrictEqual({ pushed: a, residual: undefined })
  expect(splitCondition(undefined, canPush)).toStrictEqual({ pushed: undefined, residual: undefined })
})

it('pushes a weaker form of a part that it cannot push whole', () => {
  const a: Condition = { op: 'eq', path: ['a'], value: 1 }
  const b: Condition = { op: 'eq', path: ['b'], value: 1 }
  const x: Condition = { op: 'eq', path: ['X'], value: 1 }
  const mixed: Condition = { op: 'or', conditions: [{ op: 'and', conditions: [a, x] }, b] }
  expect(splitCondition(mixed, canPush)).toStrictEqual({ pushed: { op: 'or', conditions: [a, b] }, residual: mixed })
  const negated: Condition = { op: 'not', condition: { op: 'and', conditions: [a, x] } }
  expect(splitCondition(negated, canPush)).toStrictEqual({ pushed: undefined, residual: negated })
})
