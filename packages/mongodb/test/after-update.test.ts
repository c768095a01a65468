import { expect, it } from 'vitest'
import { afterUpdate } from '../src/after-update.js'

const document = {
  _id: 'x',
  n: 1,
  deep: { a: { b: 1, c: 2 }, '7': 'seven' },
  list: [1, 2, { q: 1 }, 4],
  at: new Date(5),
}

it.each([
  [
    'sets and adds fields',
    { updatedFields: { n: 2, m: null, 'deep.a.b': 9, 'deep.x': { y: 1 } } },
    {
      n: 2,
      m: null,
      deep: { a: { b: 9, c: 2 }, '7': 'seven', x: { y: 1 } },
    },
  ],
  ['removes fields', { removedFields: ['n', 'deep.a.c', 'deep.gone.x'] }, { deep: { a: { b: 1 }, '7': 'seven' } }],
  [
    'changes elements, and appends',
    { updatedFields: { 'list.0': 9, 'list.2.q': 8, 'list.4': 5 } },
    {
      list: [9, 2, { q: 8 }, 4, 5],
    },
  ],
  [
    'cuts lists before it changes them',
    {
      truncatedArrays: [{ field: 'list', newSize: 2 }],
      updatedFields: { 'list.1': 7 },
    },
    { list: [1, 7] },
  ],
  [
    'takes a name of digits in an object for a name',
    { updatedFields: { 'deep.7': 'VII' } },
    {
      deep: { a: { b: 1, c: 2 }, '7': 'VII' },
    },
  ],
  ['says nothing', {}, {}],
])('an update that %s', (_, described, expected) => {
  const before = structuredClone(document)
  const after = afterUpdate(document, described as never)
  const { n, ...rest } = document
  const kept = 'removedFields' in described ? rest : { ...rest, n }
  expect(after).toEqual({ ...kept, ...expected })
  expect(document).toEqual(before)
})

it('makes no prototype of a name', () => {
  const after = afterUpdate({ _id: 'x' }, { updatedFields: { __proto__: { polluted: true } } as never })
  expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
  const named = afterUpdate({ _id: 'x' }, { updatedFields: JSON.parse('{"__proto__":{"polluted":true}}') })
  expect(Object.getPrototypeOf(named)).toBe(Object.prototype)
  expect(Object.hasOwn(named, '__proto__')).toBe(true)
})
