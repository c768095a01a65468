import { describe, expect, it } from 'vitest'
import * as samples from '../src/conformance/p02-order/samples.js'
import { subjects } from '../src/conformance/p08-queries/subjects.js'
import { truths } from '../src/conformance/p08-queries/truth-table.js'
import { changed } from '../src/reference/changes.js'
import { isTrue } from '../src/reference/condition.js'
import { equal, order } from '../src/reference/order.js'

const ascending: readonly (readonly [string, readonly unknown[]])[] = [
  ['strings', samples.strings],
  ['numbers', samples.numbers],
  ['bigints', samples.bigints],
  ['dates', samples.dates],
  ['bytes', samples.bytes],
  ['booleans', samples.booleans],
  ['enums', samples.kinds],
]

describe("the suite's samples", () => {
  it.each(ascending)('of %s are in the order of the reference', (_, values) => {
    for (const [at, value] of values.entries()) {
      for (const [other, against] of values.entries()) expect(order(value, against)).toBe(Math.sign(at - other))
    }
  })

  it.each(ascending)('of %s are each equal to itself alone', (_, values) => {
    for (const [at, value] of values.entries()) expect(values.findIndex((other) => equal(value, other))).toBe(at)
  })
})

/** Field references as the suite's conditions reach for them, made here so that no code of the library is asked. */
function recorded(path: readonly (string | number)[] = []): never {
  return new Proxy(
    { path },
    { get: (target, name) => (name === 'path' ? target.path : recorded([...path, name as string])) },
  ) as never
}

const operators = new Proxy(
  {},
  {
    get:
      (_, op: string) =>
      (first: { readonly path: readonly string[] }, ...rest: readonly unknown[]) => {
        if (op === 'at') return recorded([...first.path, rest[0] as string])
        if (op === 'and' || op === 'or') return { op, conditions: first === undefined ? [] : [first, ...rest] }
        if (op === 'not') return { op, condition: first }
        if (op === 'between') return { op, path: first.path, low: rest[0], high: rest[1] }
        if (op === 'in') return { op, path: first.path, values: rest[0] }
        return { op, path: first.path, value: rest[0] }
      },
  },
) as never

describe('the truth table, worked out by hand', () => {
  it.each(truths)('%s', (_, build, ids) => {
    const condition = build(recorded(), operators)
    expect(subjects.filter((subject) => isTrue(condition, subject)).map(({ id }) => id)).toEqual(ids)
  })
})

describe('the reference of changes', () => {
  const double = () => ({ kind: 'double' }) as const
  const after = (entity: object, ...changes: Parameters<typeof changed>[1]) => changed(entity, changes, double)

  it('counts list elements from the old list', () => {
    const list = { list: [0, 1, 2, 3] }
    expect(
      after(
        list,
        { op: 'remove', path: ['list', 0] },
        { op: 'set', path: ['list', 3], value: 9 },
        { op: 'remove', path: ['list', 2] },
      ),
    ).toEqual({
      entity: { list: [1, 9] },
    })
  })

  it('names the first fault, and leaves the given entity alone', () => {
    const entity = { a: null, list: [1] }
    expect(after(entity, { op: 'set', path: ['list', 1], value: 0 }, { op: 'add', path: ['a'], value: 1 })).toEqual({
      fault: 'INVALID_PATH',
      path: ['list', 1],
    })
    expect(after(entity, { op: 'add', path: ['a'], value: 1 }, { op: 'set', path: ['list', 1], value: 0 })).toEqual({
      fault: 'INVALID_VALUE',
      path: ['a'],
    })
    expect(after(entity, { op: 'set', path: ['b', 'c'], value: 0 })).toEqual({
      fault: 'INVALID_PATH',
      path: ['b', 'c'],
    })
    expect(entity).toEqual({ a: null, list: [1] })
  })

  it('adds as doubles and within int64', () => {
    expect(after({ n: 0.1 }, { op: 'add', path: ['n'], value: 0.2 })).toEqual({ entity: { n: 0.30000000000000004 } })
    const big = () => ({ kind: 'bigint' }) as const
    expect(changed({ n: 2n ** 63n - 1n }, [{ op: 'add', path: ['n'], value: 1n }], big)).toEqual({
      fault: 'INVALID_VALUE',
      path: ['n'],
    })
  })
})
