import { expect, test } from 'vitest'
import { uniqueNamespace } from '../src/index.js'

test('a namespace is unique and fits every store', () => {
  const names = Array.from({ length: 1_000 }, () => uniqueNamespace('a-prefix-of-24-characters'.slice(0, 24)))
  expect(new Set(names).size).toBe(1_000)
  // The narrowest: 63 bytes for a MongoDB database, [A-Za-z0-9_.-]{3,255} for a DynamoDB table.
  for (const name of names) expect(name).toMatch(/^a-prefix-of-24-character-[a-z0-9]{8}-[a-z0-9]{10}$/)
})

test.for(['', 'A', '1a', '-', 'a b', 'a.b', 'a/b', 'ä', 'a'.repeat(25)])('%o cannot begin one', (prefix) => {
  expect(() => uniqueNamespace(prefix)).toThrow('Use 1 to 24 of a-z, 0-9 and "-", beginning with a letter.')
})
