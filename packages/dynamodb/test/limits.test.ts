import { StoreError, type Values } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { encodeAt, layouts, toItem } from '../src/layout.js'
import { fitsNumber } from '../src/numbers.js'
import { depthOf, fieldsBytes, mostBytes, textBytes, valueBytes } from '../src/size.js'
import { Sample } from './support/sample.js'

const layout = layouts({ entities: [Sample.model] }, () => 'shop').get('Sample')!
const token = '1AAAAAAAAAAAAAAAAAAAA'
const item = (values: Values): unknown => toItem(layout, { id: 'a', seq: 1, ...values }, token)

function refusal(run: () => unknown): StoreError {
  try {
    run()
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('limits', () => {
  it('count bytes as DynamoDB does', () => {
    expect(textBytes('aß€😀')).toBe(1 + 2 + 3 + 4)
    expect(valueBytes({ N: '12345' })).toBe(4)
    expect(valueBytes({ N: '-123456' })).toBe(5)
    expect(valueBytes({ L: [{ NULL: true }, { BOOL: true }] })).toBe(7)
    expect(valueBytes({ M: { a: { NULL: true }, b: { BOOL: true } } })).toBe(9)
    expect(fieldsBytes({ pk: { S: 'p' }, sk: { S: 's' } })).toBe(6)
    const values = [
      { S: 'aß€😀' },
      { N: '-1.7976931348623157e+100' },
      { L: [{ S: '€' }] },
      { M: { ß: { B: new Uint8Array(9) } } },
      { SS: ['€'] },
    ]
    for (const value of values) expect(mostBytes(value)).toBeGreaterThanOrEqual(valueBytes(value))
  })

  it('know the numbers that DynamoDB has', () => {
    for (const value of [0, 1e-130, -1e-130, 9.99e125, 1e20]) expect(fitsNumber(value)).toBe(true)
    for (const value of [5e-324, 9.9e-131, 1e126, -1.7976931348623157e308]) expect(fitsNumber(value)).toBe(false)
  })

  it('name the field, the number and the range', () => {
    const error = refusal(() => item({ mixed: { t: 'x', v: 1e200 } }))
    expect(error).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: ['mixed', 'v'],
      store: 'DynamoDB',
      outcome: 'not committed',
    })
    expect(error.message).toBe(
      'mixed.v: 1e+200 is no number that DynamoDB has: it holds 0 and magnitudes from 1e-130 to 9.99e+125. Store it as text, or scaled',
    )
    expect(refusal(() => item({ nums: new Set([1, 5e-324]) }))).toMatchObject({ path: ['nums'] })
    expect(refusal(() => encodeAt(layout, ['deep', 'far', 'x'], 1e126))).toMatchObject({ path: ['deep', 'far', 'x'] })
  })

  it('name the largest field of an item that is too large', () => {
    expect(() => item({ pk: 'x'.repeat(409_000) })).not.toThrow()
    const error = refusal(() => item({ pk: '€'.repeat(100_000), _odd: 'y'.repeat(200_000) }))
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['pk'] })
    expect(error.message).toMatch(
      /^pk: has 300003 of the entity's 500\d{3} bytes, and DynamoDB takes 409600\. Split the entity/,
    )
    // An item in a local index is counted with its copy there.
    expect(() => item({ pk: 'x'.repeat(300_000) })).not.toThrow()
    expect(refusal(() => item({ title: 't', pk: 'x'.repeat(300_000) })).message).toContain(
      'with its local index entries',
    )
  })

  it('name the key part that is too long', () => {
    expect(refusal(() => item({ id: 'x'.repeat(2_048) }))).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['id'] })
    const error = refusal(() => item({ title: 'x'.repeat(1_020) }))
    expect(error.message).toMatch(
      /^The sort part of index byTitle is \d+ bytes as a key text, of title, seq, and DynamoDB takes 1024/,
    )
  })

  it('count levels', () => {
    const nest = (levels: number): Values => (levels === 0 ? {} : { inner: nest(levels - 1) })
    expect(depthOf({ M: { a: { L: [{ S: 'x' }] } } })).toBe(2)
    expect(() => item({ mixed: nest(30) })).not.toThrow()
    const error = refusal(() => item({ mixed: nest(31) }))
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['mixed'] })
    expect(error.message).toMatch(/^mixed: makes the entity 32 levels deep, and DynamoDB takes 31\. Flatten it/)
    expect(() => encodeAt(layout, ['deep', 'far'], nest(29))).not.toThrow()
    expect(refusal(() => encodeAt(layout, ['deep', 'far'], nest(30)))).toMatchObject({ path: ['deep', 'far'] })
  })
})
