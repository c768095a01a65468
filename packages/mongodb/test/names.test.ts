import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldName, storedName, storedTopName, topFieldName } from '../src/names.js'

const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('%', '.', '$', '\u0000', '_', 'i', 'd', '2', 'e', '5', 'f') }),
  fc.constantFrom('', '_id', '_iso', '__proto__', '_bsontype', 'constructor', '7', '%5fid', '$set', 'a.b', '%'),
)

describe('stored names', () => {
  it('leave what needs no escape as it is', () => {
    for (const name of ['status', '_type', 'größe', 'a$b', 'a b', '日本', 'constructor', '\u{1f600}']) {
      expect(storedName(name)).toBe(name)
      expect(storedTopName(name)).toBe(name)
    }
  })

  it('escape what MongoDB, BSON or JavaScript would take for something else', () => {
    expect(['a.b', '$set', 'a%', '', 'a\u0000', '__proto__', '_bsontype'].map(storedName)).toEqual([
      'a%2eb',
      '%24set',
      'a%25',
      '%',
      'a%00',
      '%5f_proto__',
      '%5fbsontype',
    ])
    expect(['_id', '_iso', '42'].map(storedTopName)).toEqual(['%5fid', '%5fiso', '%342'])
    expect(['_id', '_iso', '42'].map(storedName)).toEqual(['_id', '_iso', '42'])
  })

  it('come back as the fields they stand for', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(fieldName(storedName(name))).toBe(name)
        expect(topFieldName(storedTopName(name))).toBe(name)
      }),
    )
  })

  it('hold nothing that a path, an operator or a hidden field could be', () => {
    fc.assert(
      fc.property(names, (name) => {
        for (const stored of [storedName(name), storedTopName(name)]) {
          expect(stored).not.toBe('')
          expect(stored.startsWith('$') || stored.includes('.') || stored.includes('\0')).toBe(false)
        }
        expect(storedTopName(name)).not.toMatch(/^(?:_id|_iso|\d+)$/)
      }),
    )
  })

  it('are no fields where they are hidden', () => {
    expect(topFieldName('_id')).toBeUndefined()
    expect(topFieldName('_iso')).toBeUndefined()
  })
})
