import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value, Values } from '../../src/schema/value.js'
import { applyChanges } from '../../src/write/apply.js'
import type { Change } from '../../src/write/change.js'
import {
  arrayOf,
  bigint,
  int,
  nullable,
  number,
  object,
  optional,
  recordOf,
  setOf,
  slot,
  string,
} from '../support/build-model.js'

const line = object({ sku: string, quantity: int, note: optional(string) })
const type = object({
  id: string,
  status: string,
  total: number,
  count: optional(int),
  views: slot({ kind: 'number', int: true, min: 0, max: 10 }),
  big: optional(bigint),
  small: optional({ kind: 'bigint', min: 0n, max: 5n }),
  note: nullable(string),
  score: slot(number, { optional: true, nullable: true }),
  lines: arrayOf(line),
  words: optional(arrayOf(string)),
  maybe: slot(arrayOf(string), { nullable: true }),
  tags: optional(setOf('string')),
  box: slot(object({ inner: optional(object({ n: optional(int) })) }), { optional: true }),
  attributes: recordOf(int),
})

const old: Values = {
  id: 'o-1',
  status: 'placed',
  total: 0.1,
  views: 9,
  note: null,
  score: null,
  lines: [
    { sku: 'a', quantity: 1 },
    { sku: 'b', quantity: 2 },
    { sku: 'c', quantity: 3 },
    { sku: 'd', quantity: 4 },
  ],
  maybe: null,
  box: {},
  attributes: { 'a.b': 1 },
}

const apply = (...changes: Change[]): ReturnType<typeof applyChanges> => applyChanges(type, old, changes)
const applied = (...changes: Change[]): Values => {
  const result = apply(...changes)
  if (!('values' in result)) throw new Error(`refused: ${result.message}`)
  return result.values
}

describe('what changes do', () => {
  it.each<[string, Change[], Partial<Values>]>([
    ['set a field', [{ op: 'set', path: ['status'], value: 'paid' }], { status: 'paid' }],
    ['set an absent field', [{ op: 'set', path: ['count'], value: 4 }], { count: 4 }],
    [
      'set a new record key',
      [{ op: 'set', path: ['attributes', '#$'], value: 2 }],
      { attributes: { 'a.b': 1, '#$': 2 } },
    ],
    [
      'set below an empty object',
      [{ op: 'set', path: ['box', 'inner'], value: { n: 1 } }],
      { box: { inner: { n: 1 } } },
    ],
    ['setIfAbsent on an absent field', [{ op: 'setIfAbsent', path: ['count'], value: 4 }], { count: 4 }],
    ['setIfAbsent on a present one', [{ op: 'setIfAbsent', path: ['status'], value: 'x' }], {}],
    ['setIfAbsent on null', [{ op: 'setIfAbsent', path: ['note'], value: 'x' }], {}],
    ['remove an absent field', [{ op: 'remove', path: ['count'] }], {}],
    ['add from nothing', [{ op: 'add', path: ['count'], value: 5 }], { count: 5 }],
    ['add a double', [{ op: 'add', path: ['total'], value: 0.2 }], { total: 0.1 + 0.2 }],
    ['add to nothing a bigint', [{ op: 'add', path: ['big'], value: -5n }], { big: -5n }],
    ['append to nothing', [{ op: 'append', path: ['words'], values: ['a'] }], { words: ['a'] }],
    ['prepend nothing to nothing', [{ op: 'prepend', path: ['words'], values: [] }], { words: [] }],
    ['add to no set', [{ op: 'addToSet', path: ['tags'], values: new Set(['a']) }], { tags: new Set(['a']) }],
    ['add nothing to no set', [{ op: 'addToSet', path: ['tags'], values: new Set() }], { tags: new Set() }],
    ['delete from no set', [{ op: 'deleteFromSet', path: ['tags'], values: new Set(['a']) }], {}],
  ])('%s', (_, changes, expected) => {
    expect(applied(...changes)).toStrictEqual({ ...old, ...expected })
  })

  it('removes a field', () => {
    const { note: _, ...rest } = old
    expect(applied({ op: 'remove', path: ['note'] })).toStrictEqual(rest)
  })

  it('leaves a set empty when its last member goes', () => {
    const result = applyChanges(type, { ...old, tags: new Set(['a']) }, [
      { op: 'deleteFromSet', path: ['tags'], values: new Set(['a', 'b']) },
    ])
    expect(result).toStrictEqual({ values: { ...old, tags: new Set() } })
  })

  it('keeps the order of prepended items', () => {
    const result = applyChanges(type, { ...old, words: ['c'] }, [
      { op: 'prepend', path: ['words'], values: ['a', 'b'] },
    ])
    expect(result).toStrictEqual({ values: { ...old, words: ['a', 'b', 'c'] } })
  })

  it('counts list indexes in the old list, several removals and changes together', () => {
    const lines = applied(
      { op: 'remove', path: ['lines', 0] },
      { op: 'add', path: ['lines', 1, 'quantity'], value: 10 },
      { op: 'remove', path: ['lines', 2] },
      { op: 'set', path: ['lines', 3, 'sku'], value: 'z' },
    ).lines
    expect(lines).toStrictEqual([
      { sku: 'b', quantity: 12 },
      { sku: 'z', quantity: 4 },
    ])
  })

  it('writes a field named __proto__ as data', () => {
    const { attributes } = applied({ op: 'set', path: ['attributes', '__proto__'], value: 3 })
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
    expect(Object.entries(attributes as Values)).toEqual([
      ['a.b', 1],
      ['__proto__', 3],
    ])
  })

  it('leaves the old entity as it was', () => {
    const before = structuredClone(old)
    applied({ op: 'remove', path: ['lines', 0] }, { op: 'set', path: ['attributes', 'a.b'], value: 9 })
    expect(old).toStrictEqual(before)
  })
})

describe('what the data refuses', () => {
  it.each<[string, Change, RegExp]>([
    ['an element at the length', { op: 'set', path: ['lines', 4], value: {} }, /has 4 elements.*append/],
    ['removing beyond the end', { op: 'remove', path: ['lines', 4] }, /has 4 elements/],
    ['setIfAbsent beyond the end', { op: 'setIfAbsent', path: ['lines', 9], value: {} }, /has 4 elements/],
    ['a missing parent', { op: 'set', path: ['box', 'inner', 'n'], value: 1 }, /box\.inner is absent.*as a whole/],
    ['removing below a missing parent', { op: 'remove', path: ['box', 'inner', 'n'] }, /box\.inner is absent/],
    ['a null parent', { op: 'set', path: ['maybe', 0], value: 'x' }, /maybe is null/],
    [
      'deleteFromSet below a missing parent',
      { op: 'deleteFromSet', path: ['box', 'inner', 'n'], values: new Set() },
      /absent/,
    ],
  ])('%s is INVALID_PATH', (_, change, message) => {
    const result = apply(change)
    expect(result).toMatchObject({ reason: 'INVALID_PATH', path: change.path })
    expect(result).toHaveProperty('message', expect.stringMatching(message))
  })

  it.each<[string, Change, RegExp]>([
    ['add on null', { op: 'add', path: ['score'], value: 1 }, /null/],
    ['append on null', { op: 'append', path: ['maybe'], values: ['a'] }, /null/],
    ['prepend on null', { op: 'prepend', path: ['maybe'], values: [] }, /null/],
    ['add above max', { op: 'add', path: ['views'], value: 2 }, /range, 0 to 10/],
    ['add below min', { op: 'add', path: ['views'], value: -10 }, /range, 0 to 10/],
    ['add past the safe integers', { op: 'add', path: ['count'], value: Number.MAX_SAFE_INTEGER + 1 }, /range/],
    ['add past the doubles', { op: 'add', path: ['total'], value: -Infinity }, /range/],
    ['add past int64', { op: 'add', path: ['big'], value: 2n ** 63n }, /9223372036854775807/],
    ['add past a bigint max', { op: 'add', path: ['small'], value: 6n }, /0 to 5/],
  ])('%s is INVALID_VALUE', (_, change, message) => {
    const result = apply(change)
    expect(result).toMatchObject({ reason: 'INVALID_VALUE', path: change.path })
    expect(result).toHaveProperty('message', expect.stringMatching(message))
  })

  it('is the first refused change, in their order, and nothing is changed', () => {
    const result = apply(
      { op: 'set', path: ['status'], value: 'paid' },
      { op: 'add', path: ['views'], value: 9 },
      { op: 'remove', path: ['lines', 7] },
    )
    expect(result).toMatchObject({ reason: 'INVALID_VALUE', path: ['views'] })
  })

  it('is a stored value of another kind', () => {
    const result = applyChanges(type, { ...old, count: 'three' }, [{ op: 'add', path: ['count'], value: 1 }])
    expect(result).toMatchObject({ reason: 'INVALID_VALUE', path: ['count'] })
  })
})

it('agrees with a plain model for any removals and changes of one list', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.integer(), { minLength: 1, maxLength: 12 })
        .chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.uniqueArray(fc.nat({ max: list.length - 1 }), { maxLength: list.length }),
            fc.array(fc.boolean(), { minLength: list.length, maxLength: list.length }),
          ),
        ),
      ([list, indexes, removed]) => {
        const changes = indexes.map<Change>((index) =>
          removed[index] === true
            ? { op: 'remove', path: ['words', index] }
            : { op: 'set', path: ['words', index], value: 'new' },
        )
        const expected: Value[] = list.map(String)
        for (const index of indexes) expected[index] = removed[index] === true ? null : 'new'
        expect(applyChanges(type, { words: list.map(String) }, changes)).toStrictEqual({
          values: { words: expected.filter((item) => item !== null) },
        })
      },
    ),
  )
})
