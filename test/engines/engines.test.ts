import { expect, test } from 'vitest'
import { selectedStores } from './engines.js'

test('all stores by default', () => {
  expect(selectedStores({})).toEqual(['memory', 'dynamodb', 'mongodb', 'redis', 'valkey'])
  expect(selectedStores({ STORES: '' })).toHaveLength(5)
})

test('STORES limits them', () => {
  expect(selectedStores({ STORES: 'redis' })).toEqual(['redis'])
  expect(selectedStores({ STORES: ' valkey, memory,' })).toEqual(['memory', 'valkey'])
})

test('a name that is no store is refused with those that are', () => {
  expect(() => selectedStores({ STORES: 'redis,mongo' })).toThrow(
    "STORES names 'mongo', which is no store: use memory, dynamodb, mongodb, redis, valkey, separated by commas",
  )
})
