import fc from 'fast-check'
import { BSON } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { BsonObject } from '../src/bson.js'
import { DocumentCodec } from '../src/codec.js'
import { measure } from '../src/size.js'
import { entityOf, keys } from './support/arbitrary.js'
import { thing } from './support/thing.js'

const codec = new DocumentCodec(thing)

describe('measure', () => {
  it('counts the bytes that the serializer writes', () => {
    fc.assert(
      fc.property(
        keys.chain((key) => entityOf(key, 0, [0, 8.64e15])),
        (values) => {
          const document = codec.encode(values, 'token')
          expect(measure(document).bytes).toBe(BSON.calculateObjectSize(document))
        },
      ),
    )
  })

  it('counts the levels of documents and lists', () => {
    const nested = (levels: number): BsonObject => (levels === 1 ? { a: 1 } : { a: nested(levels - 1) })
    expect(measure('a').depth).toBe(0)
    expect(measure({}).depth).toBe(1)
    expect(measure({ a: [1], b: 2 }).depth).toBe(2)
    expect(measure(nested(40)).depth).toBe(40)
  })
})
