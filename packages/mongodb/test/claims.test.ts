import type { Adapter, CapabilitiesOf } from '@isomodel/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { type Found, lacking } from '../src/lacks.js'

const uri = 'mongodb://127.0.0.1:9/shop'
const found: Found = { standalone: false, keepsImages: true, service: 'mongodb', hosts: 'db-1:27017' }
const all = { transactions: true, changes: true }

/** What an adapter claims, at run time and in its type. */
const claimed = ({ capabilities }: Adapter): string[] =>
  Object.entries(capabilities).flatMap(([name, claims]) => (claims ? name : []))

describe('what mongodb() claims', () => {
  it('is everything, unless the options give it up', () => {
    const whole = mongodb({ uri })
    expect(claimed(whole)).toEqual(['read:eventual', 'index:strong', 'transact:store', 'changes:exact'])
    expectTypeOf<CapabilitiesOf<typeof whole>>().toEqualTypeOf<
      'read:eventual' | 'index:strong' | 'transact:store' | 'changes:exact'
    >()
    const alone = mongodb({ uri, transactions: false, changes: false })
    expect(claimed(alone)).toEqual(['read:eventual', 'index:strong'])
    expectTypeOf<CapabilitiesOf<typeof alone>>().toEqualTypeOf<'read:eventual' | 'index:strong'>()
    const quiet = mongodb({ uri, changes: false, transactions: true })
    expect(claimed(quiet)).toEqual(['read:eventual', 'index:strong', 'transact:store'])
    expectTypeOf<CapabilitiesOf<typeof quiet>>().toEqualTypeOf<'read:eventual' | 'index:strong' | 'transact:store'>()
    const documentdb = mongodb({ uri, service: 'documentdb' })
    expect(claimed(documentdb)).toEqual(['read:eventual', 'index:strong', 'transact:store'])
    expectTypeOf<CapabilitiesOf<typeof documentdb>>().toEqualTypeOf<CapabilitiesOf<typeof quiet>>()
  })

  it('is, of an option that is known at run time only, what is sure', () => {
    const dynamic = mongodb({ uri, transactions: Math.random() > 2 })
    expectTypeOf<CapabilitiesOf<typeof dynamic>>().toEqualTypeOf<'read:eventual' | 'index:strong' | 'changes:exact'>()
    expect(claimed(dynamic)).not.toContain('transact:store')
  })
})

describe('what a server lacks', () => {
  it('is nothing of a replica set of MongoDB 6.0 or later', () => {
    expect(lacking(all, found)).toEqual({ transactions: undefined, changes: undefined })
  })

  it('is what the options gave up', () => {
    const { transactions, changes } = lacking({ transactions: false, changes: false }, found)
    expect(transactions).toMatch(/the options of mongodb\(\) give them up/)
    expect(changes).toBe(transactions)
  })

  it('is both of a standalone server', () => {
    const { transactions, changes } = lacking(all, { ...found, standalone: true })
    expect(transactions).toMatch(
      /^db-1:27017 is a standalone server.*mongodb\(\{ transactions: false, changes: false \}\)$/,
    )
    expect(changes).toBe(transactions)
  })

  it('is the feed where what a write found is not kept', () => {
    expect(lacking(all, { ...found, keepsImages: false })).toEqual({
      transactions: undefined,
      changes: expect.stringMatching(/MongoDB 6\.0 or later does; or do without: mongodb\(\{ changes: false \}\)$/),
    })
    expect(lacking(all, { ...found, service: 'documentdb' })).toEqual({
      transactions: undefined,
      changes: expect.stringMatching(/Amazon DocumentDB.*mongodb\(\{ service: 'documentdb' \}\)/),
    })
  })
})
