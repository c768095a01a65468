import type { StoreError, Values } from '@isomodel/core/driver'
import fc from 'fast-check'
import { BSON, Decimal128, Int32, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type BsonObject, READ_OPTIONS } from '../src/bson.js'
import { DocumentCodec } from '../src/codec.js'
import { entityOf, keys } from './support/arbitrary.js'
import { thing } from './support/thing.js'

const TOKEN = '1AAAAAAAAAAAAAAAAAAAA'
const codec = new DocumentCodec(thing)
const minimal: Values = { owner: 'o#1', rank: 1, total: 2, lines: [] }

/** What the server would give back. */
function sent(document: BsonObject): BsonObject {
  return BSON.deserialize(BSON.serialize(document, { ignoreUndefined: false }), READ_OPTIONS)
}

/** How each field lies in BSON, as the shell would show it. */
function shown(values: Values): object {
  return BSON.EJSON.parse(BSON.EJSON.stringify(codec.encode(values, TOKEN), { relaxed: false }), { relaxed: false })
}

describe('documents', () => {
  it('come back as the entity they were made of', () => {
    fc.assert(
      fc.property(
        keys.chain((key) => entityOf(key, 0, [0, -1, 8.64e15, -8.64e15])),
        (values) => {
          const stored = codec.decode(sent(codec.encode(values, TOKEN)))
          expect(stored).toEqual({ values, token: TOKEN })
          expect(Object.getPrototypeOf(stored.values)).toBe(Object.prototype)
        },
      ),
    )
  })

  it('hold natural fields beside a readable _id, and numbers always as doubles', () => {
    const values: Values = {
      ...minimal,
      big: 5n,
      at: new Date(5),
      bytes: Uint8Array.of(1, 2),
      tags: new Set(['a']),
      sizes: new Set([1, 2]),
      'odd.name$': 1,
      _id: 'mine',
      stock: { 'a.b': 1, $set: 2 },
      mixed: 7n,
    }
    expect(JSON.parse(BSON.EJSON.stringify(codec.encode(values, TOKEN), { relaxed: false }))).toEqual({
      _id: 'o$231#a1',
      owner: 'o#1',
      rank: { $numberDouble: '1.0' },
      total: { $numberDouble: '2.0' },
      lines: [],
      big: { $numberLong: '5' },
      at: { $date: { $numberLong: '5' } },
      bytes: { $binary: { base64: 'AQI=', subType: '00' } },
      tags: ['a'],
      sizes: [{ $numberDouble: '1.0' }, { $numberDouble: '2.0' }],
      'odd%2ename$': { $numberDouble: '1.0' },
      '%5fid': 'mine',
      stock: { 'a%2eb': { $numberDouble: '1.0' }, '%24set': { $numberDouble: '2.0' } },
      mixed: { $numberLong: '7' },
      _iso: { token: TOKEN, order: { bytes: '0102' } },
    })
    expect(shown(minimal)).toBeTypeOf('object')
  })

  it('give fields of other writers as what they are', () => {
    const document = {
      ...codec.encode(minimal, TOKEN),
      total: new Int32(3),
      extra: 'x',
      text: 5n,
    } as unknown as BsonObject
    expect(codec.decode(sent(document)).values).toEqual({ ...minimal, total: 3, text: 5n })
    expect(codec.decode(sent(document), 'keep').values).toEqual({ ...minimal, total: 3, text: 5n, extra: 'x' })
  })

  it.each([
    ['a decimal', { total: Decimal128.fromString('1.5') }, ['total']],
    ['an ObjectId in a list', { names: [new ObjectId()] }, ['names', 0]],
    ['binary data of another subtype', { bytes: new BSON.Binary(new Uint8Array(16), 4) }, ['bytes']],
  ])('name the key and the path of %s', (_, foreign, path) => {
    const document = sent({ ...codec.encode(minimal, TOKEN), ...foreign } as unknown as BsonObject)
    const error = thrownBy(() => codec.decode(document))
    expect(error).toMatchObject({ code: 'CORRUPT', path, key: { owner: 'o#1', rank: 1 }, entity: 'Thing' })
    expect(error.message).toContain('"o$231#a1"')
  })

  it('tell no sensitive key', () => {
    const secret = new DocumentCodec({ ...thing, sensitive: new Set(['owner']) })
    const error = thrownBy(() =>
      secret.decode(sent({ ...codec.encode(minimal, TOKEN), total: BSON.Decimal128.fromString('1') } as never)),
    )
    expect(error).toMatchObject({ code: 'CORRUPT', key: { owner: '[redacted]', rank: 1 } })
    expect(error.message).not.toContain('231')
  })

  it.each([
    ['no token', {}],
    ['a token of another version', { token: '2AAAAAAAAAAAAAAAAAAAA' }],
  ])('with %s are refused, naming the key', (_, hidden) => {
    const error = thrownBy(() => codec.decode(sent({ ...codec.encode(minimal, TOKEN), _iso: hidden })))
    expect(error).toMatchObject({ code: 'CORRUPT', key: { owner: 'o#1', rank: 1 } })
  })

  it('with an _id of other code are refused all the same', () => {
    const error = thrownBy(() =>
      codec.decode(sent({ ...codec.encode(minimal, TOKEN), _id: 'x', total: null, at: 1, _iso: null })),
    )
    expect(error).toMatchObject({ code: 'CORRUPT', key: undefined })
  })
})

function thrownBy(work: () => unknown): StoreError {
  try {
    work()
  } catch (error) {
    return error as StoreError
  }
  throw new Error('It threw nothing.')
}
