import { expect, it } from 'vitest'
import { expectedAnswers } from '../src/shop/expected.js'
import { readShopRows } from '../src/shop/rows.js'

// Read off the file by hand, so that the code that makes the truth is held to something outside itself.
const questions = expectedAnswers(readShopRows())
const keys = (pattern: string, id: string, from?: string): string[] =>
  questions
    .find(({ pattern: name, arguments: asked }) => name === pattern && asked.id === id && asked.from === from)
    ?.rows.map((row) => `${row.PK} ${row.SK}`) ?? ['not asked']

it.each([
  ['customer by customerId', 'c#12345', ['c#12345 c#12345']],
  ["a product's inventory in all warehouses", 'p#99887', ['p#99887 w#12345', 'p#99887 w#12376']],
  ['all products of an order', 'o#12345', ['o#12345 p#12345', 'o#12345 p#99887']],
  ['invoice of an order', 'o#12345', ['o#12345 i#55443']],
  ['payments of an invoice', 'i#55443', ['o#12345 pmn#33224', 'o#12345 pmn#33442']],
  ['customer by customerId', 'c#absent', []],
])('%s of %s', (pattern, id, expected) => {
  expect(keys(pattern, id)).toEqual(expected)
})

it('a range that begins behind the first rows leaves them out', () => {
  const all = keys('orders of a product in a date range', 'p#99887', '2020-06-21T00:00:00')
  const later = keys('orders of a product in a date range', 'p#99887', '2021-01-01T00:00:00')
  expect(all.length).toBeGreaterThan(0)
  expect(later).toEqual([])
})
