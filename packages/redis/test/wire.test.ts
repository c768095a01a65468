import { compileCodec, type ObjectType, type Value } from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame, fromBytes, toArgument, toBytes, unframe, type Wire, wireTable } from '../src/wire.js'
import { anyValue } from './support/random-op.js'

const loose: ObjectType = { kind: 'object', fields: new Map(), unknown: 'keep', catchall: undefined }
const codec = compileCodec<Wire>(loose, wireTable)
const anywhere = codec.of({ kind: 'dynamic' })

describe('the texts of values', () => {
  it('are those of format 1', () => {
    const golden: readonly [Value, Wire][] = [
      ['Ada', "'Ada"],
      ['', "'"],
      [19.99, '19.99'],
      [-5e-324, '-5e-324'],
      [1e21, '1e+21'],
      [0, '0'],
      [42n, '42n'],
      [-(2n ** 63n), '-9223372036854775808n'],
      [true, 'true'],
      [false, 'false'],
      [null, 'null'],
      [new Date(1_790_000_000_000), '@1790000000000'],
      [new Date(-1), '@-1'],
      [new Uint8Array([0, 58, 255]), '*\u0000:\u00ff'],
      [[], '['],
      [['a', ['b'], 1], "[2:'a5:[2:'b1:1"],
      [new Set(['b', 'a', 'ä']), "(2:'a2:'b3:'\u00c3\u00a4"],
      [new Set(), '('],
      [{}, '{'],
      [{ name: 'Ada', at: new Date(7) }, "{2:at2:@74:name4:'Ada"],
    ]
    for (const [value, wire] of golden) {
      expect(anywhere.encode(value)).toBe(wire)
      expect(anywhere.decode(wire)).toEqual(value)
    }
  })

  it('come back equal, and are the same for equal values', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const wire = anywhere.encode(value)
        expect(anywhere.decode(wire)).toEqual(value)
        expect(anywhere.encode(anywhere.decode(wire))).toBe(wire)
      }),
    )
  })

  it('hold 60 levels', () => {
    let value: Value = 'bottom'
    for (let level = 0; level < 60; level++) value = level % 2 === 0 ? [value] : { '#': value }
    expect(anywhere.decode(anywhere.encode(value))).toEqual(value)
  })

  it('give plain bytes back, not a Buffer over shared memory', () => {
    const bytes = anywhere.decode(anywhere.encode(new Uint8Array([1, 2]))) as Uint8Array
    expect(bytes.constructor).toBe(Uint8Array)
    expect(bytes.buffer.byteLength).toBe(2)
  })
})

describe('framed lists', () => {
  it('come back, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }).map(toBytes)), (list) => {
        expect(unframe(frame(list))).toEqual(list)
      }),
    )
  })

  it.each(['[5:ab', '[x:ab', '[3', '[-1:a'])('refuse %s, which ends early', (text) => {
    expect(() => unframe(text)).toThrow(RangeError)
  })
})

it('turns text into bytes and back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      (text) => {
        expect(fromBytes(toBytes(text))).toBe(text)
        expect(toBytes(text).length).toBe(Buffer.byteLength(text))
      },
    ),
  )
})

it('sends nothing that is not bytes', () => {
  expect(toArgument('\u00ff')).toEqual(Buffer.from([255]))
  expect(() => toArgument('\u0131')).toThrow('an argument is text, not bytes')
})

describe('stored names', () => {
  it('keep the fields of users away from our own', () => {
    const values = { $token: 'a', $$token: 'b', $index: 'c', $: 'd', token: 'e', '': 'f' }
    const wire = codec.encode(values)
    expect(Object.keys(wire)).toEqual(['$$token', '$$$token', '$$index', '$$', 'token', ''])
    expect(codec.decode({ ...wire, $token: 'ours', $index: 'ours' })).toEqual(values)
  })
})
