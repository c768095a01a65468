import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributeOf, ENTITY, fieldOf, innerField, innerName, PARTITION, SORT, TOKEN, TTL } from '../src/names.js'

const own = [PARTITION, SORT, ENTITY, TOKEN, TTL, 'gsi1pk', 'gsi1sk', 'gsi20sk', 'lsi3sk']
const name = fc.oneof(
  fc.string(),
  fc.constantFrom(...own, '', '_', '__', '_pk', '__pk', 'entity', 'a.b', '$x', '__proto__'),
)

describe('attribute names', () => {
  it('leave ordinary fields as they are', () => {
    for (const field of ['customerId', 'a.b', '$price', '名', 'entity', 'ttl', 'gsi1', 'pks'])
      expect(attributeOf(field)).toBe(field)
  })

  it('keep fields away from the attributes of the library', () => {
    for (const attribute of own) {
      expect(fieldOf(attribute)).toBeUndefined()
      expect(own).not.toContain(attributeOf(attribute))
    }
    fc.assert(fc.property(name, (field) => !own.includes(attributeOf(field)) && attributeOf(field) !== ''))
  })

  it('come back as the fields they stand for', () => {
    fc.assert(fc.property(name, (field) => fieldOf(attributeOf(field)) === field))
    fc.assert(fc.property(name, (field) => innerField(innerName(field)) === field && innerName(field) !== ''))
  })

  it('leave attributes that no field has to whoever wrote them', () => {
    expect(fieldOf('_other')).toBeUndefined()
  })
})
