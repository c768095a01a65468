import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition } from '../../src/query/condition.js'
import { compareValues, equalValues, evaluate, valueAt } from '../../src/query/evaluate.js'
import type { Value, Values } from '../../src/schema/value.js'
import { anyValue, byteStrings, objectOf, scalar, text } from '../support/arbitraries.js'

const order: Values = {
  id: 'o-1',
  total: 12.5,
  count: 3,
  big: 3n,
  paid: false,
  at: new Date(5),
  raw: new Uint8Array([1, 2]),
  note: null,
  empty: '',
  tags: new Set(['a', 'b']),
  lines: [{ sku: 'x', quantity: 2 }, { sku: 'y' }],
  address: { city: 'Kyiv', 'zip.code': '01001' },
}

const holds = (condition: Condition): boolean => evaluate(condition, order)

describe('a condition on an absent field', () => {
  const path = ['missing']
  const conditions: Condition[] = [
    { op: 'eq', path, value: 1 },
    { op: 'eq', path, value: null },
    { op: 'ne', path, value: 1 },
    { op: 'lt', path, value: 1 },
    { op: 'lte', path, value: 1 },
    { op: 'gt', path, value: 1 },
    { op: 'gte', path, value: 1 },
    { op: 'between', path, low: 0, high: 1 },
    { op: 'in', path, values: [1, null] },
    { op: 'beginsWith', path, value: '' },
    { op: 'contains', path, value: '' },
    { op: 'exists', path },
  ]
  it.each(conditions)('is false for $op, and its negation true', (condition) => {
    expect(holds(condition)).toBe(false)
    expect(holds({ op: 'not', condition })).toBe(true)
  })

  it('is true for notExists', () => {
    expect(holds({ op: 'notExists', path })).toBe(true)
  })
})

describe('a condition on null', () => {
  it.each<[Condition, boolean]>([
    [{ op: 'exists', path: ['note'] }, true],
    [{ op: 'notExists', path: ['note'] }, false],
    [{ op: 'eq', path: ['note'], value: null }, true],
    [{ op: 'ne', path: ['note'], value: null }, false],
    [{ op: 'ne', path: ['note'], value: 'x' }, true],
    [{ op: 'in', path: ['note'], values: [1, null] }, true],
    [{ op: 'lt', path: ['note'], value: 'x' }, false],
    [{ op: 'gte', path: ['note'], value: '' }, false],
    [{ op: 'between', path: ['note'], low: '', high: 'z' }, false],
    [{ op: 'beginsWith', path: ['note'], value: '' }, false],
  ])('%o is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })
})

describe('a value of another type', () => {
  it.each<[Condition, boolean]>([
    [{ op: 'eq', path: ['count'], value: 3n }, false],
    [{ op: 'ne', path: ['count'], value: 3n }, true],
    [{ op: 'gte', path: ['big'], value: 3 }, false],
    [{ op: 'lte', path: ['big'], value: 3 }, false],
    [{ op: 'eq', path: ['at'], value: 5 }, false],
    [{ op: 'gt', path: ['paid'], value: -1 }, false],
    [{ op: 'eq', path: ['empty'], value: null }, false],
    [{ op: 'between', path: ['count'], low: 0n, high: 9n }, false],
    [{ op: 'contains', path: ['id'], value: 1 }, false],
  ])('%o is %s', (condition, expected) => {
    expect(evaluate(condition, order)).toBe(expected)
  })
})

describe('joined conditions', () => {
  const yes: Condition = { op: 'exists', path: ['id'] }
  const no: Condition = { op: 'notExists', path: ['id'] }
  it.each<[Condition, boolean]>([
    [{ op: 'and', conditions: [] }, true],
    [{ op: 'or', conditions: [] }, false],
    [{ op: 'in', path: ['id'], values: [] }, false],
    [{ op: 'and', conditions: [yes, no] }, false],
    [{ op: 'or', conditions: [no, yes] }, true],
    [{ op: 'not', condition: { op: 'or', conditions: [] } }, true],
  ])('%o is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })
})

describe('paths', () => {
  it.each<[(string | number)[], Value | undefined]>([
    [['lines', 0, 'quantity'], 2],
    [['lines', 1, 'quantity'], undefined],
    [['lines', 2], undefined],
    [['lines', -1], undefined],
    [['lines', 'length'], undefined],
    [['address', 'zip.code'], '01001'],
    [['address', 'toString'], undefined],
    [['constructor'], undefined],
    [['__proto__'], undefined],
    [['at', 'getTime'], undefined],
    [['raw', 0], undefined],
    [['tags', 'size'], undefined],
    [['note', 'x'], undefined],
    [['id', 0], undefined],
  ])('%o leads to %s', (path, expected) => {
    expect(valueAt(order, path)).toBe(expected)
  })

  it('reads a field named __proto__ as data', () => {
    expect(valueAt(objectOf([['__proto__', 7]]), ['__proto__'])).toBe(7)
  })
})

describe('contains', () => {
  it.each<[Condition, boolean]>([
    [{ op: 'contains', path: ['id'], value: '-' }, true],
    [{ op: 'contains', path: ['id'], value: '' }, true],
    [{ op: 'contains', path: ['tags'], value: 'a' }, true],
    [{ op: 'contains', path: ['tags'], value: 'c' }, false],
    [{ op: 'contains', path: ['lines'], value: { quantity: 2, sku: 'x' } }, true],
    [{ op: 'contains', path: ['lines'], value: { sku: 'x' } }, false],
    [{ op: 'contains', path: ['address'], value: 'city' }, false],
    [{ op: 'contains', path: ['raw'], value: 1 }, false],
  ])('%o is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })
})

describe('compareValues', () => {
  it('orders strings as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareValues(a, b) as number)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
    expect(compareValues('\u{1f600}', '\uffff')).toBeGreaterThan(0)
  })

  it('orders bytes unsigned, a prefix first', () => {
    fc.assert(
      fc.property(byteStrings, byteStrings, (a, b) => {
        expect(Math.sign(compareValues(a, b) as number)).toBe(Buffer.compare(a, b))
      }),
    )
  })

  it('orders dates by value, also before the year 0', () => {
    expect(compareValues(new Date(-8.64e15), new Date(0))).toBeLessThan(0)
  })

  it('has false before true', () => {
    expect(compareValues(false, true)).toBeLessThan(0)
  })

  it('is antisymmetric, and knows no order between kinds', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const there = compareValues(a, b)
        const back = compareValues(b, a)
        if (there === undefined) expect(back).toBeUndefined()
        else expect(Math.sign(there) + Math.sign(back as number)).toBe(0)
      }),
    )
  })
})

describe('equalValues', () => {
  it('finds a deep copy equal, and tells it from anything beside it', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(equalValues(value, structuredClone(value))).toBe(true)
        expect(equalValues(value, [value])).toBe(false)
        expect(equalValues({ a: value }, {})).toBe(false)
      }),
    )
  })

  it.each<[Value, Value, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [new Set([1, 2]), new Set([2, 1]), true],
    [new Set([1]), new Set([1n]), false],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [new Set<string>(), [], false],
    [{ toString: null }, {}, false],
    [{}, { constructor: null }, false],
    [0, -0, true],
    [new Uint8Array(), '', false],
  ])('%o and %o: %s', (a, b, expected) => {
    expect(equalValues(a, b)).toBe(expected)
  })
})
