import { compileCodec } from '@isomodel/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersOnly, memberValue, NUMBER_KEEPER, STRING_KEEPER, table } from '../src/codec.js'
import { keys, rest, Sample } from './support/sample.js'

const codec = compileCodec(Sample.model.type, table)

describe('the attribute codec', () => {
  it('brings every entity back as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), rest, (key, values) => {
        const entity = { ...key, ...values }
        expect(codec.decode(codec.encode(entity))).toEqual(entity)
      }),
      { numRuns: 500 },
    )
  })

  it('writes what people read in the console', () => {
    expect(
      codec.encode({
        id: 'a',
        seq: 1,
        big: 9007199254740993n,
        at: new Date(5),
        flag: false,
        title: null,
        raw: new Uint8Array([1]),
        tags: new Set(['x']),
        bigs: new Set([2n]),
        list: [],
        deep: { far: {} },
        pk: 'mine',
        _odd: 'odd',
      }),
    ).toEqual({
      id: { S: 'a' },
      seq: { N: '1' },
      big: { N: '9007199254740993' },
      at: { N: '5' },
      flag: { BOOL: false },
      title: { NULL: true },
      raw: { B: new Uint8Array([1]) },
      tags: { SS: [STRING_KEEPER, 'x'] },
      bigs: { NS: [NUMBER_KEEPER, '2'] },
      list: { L: [] },
      deep: { M: { far: { M: {} } } },
      _pk: { S: 'mine' },
      __odd: { S: 'odd' },
    })
  })

  it('keeps members apart from the one that keeps a set there', () => {
    const members = new Set(['', '_', '__', 'a', '_a'])
    const wire = table.set.string.encode(members)
    expect(table.set.string.decode(wire)).toEqual(members)
    expect(new Set(wire.SS).size).toBe(members.size + 1)
    for (const member of members) expect(membersOnly(wire).SS).toContain(memberValue(member).S)
    expect(membersOnly(wire).SS).not.toContain(STRING_KEEPER)
    expect(table.set.string.encode(new Set())).toEqual({ SS: [STRING_KEEPER] })
    expect(table.set.number.encode(new Set([2 ** 63, 1e100]))).toEqual({
      NS: [NUMBER_KEEPER, '9223372036854776000', '1e+100'],
    })
    expect(Number(NUMBER_KEEPER)).not.toBe(NUMBER_KEEPER)
  })

  it('says what it finds where another type was stored', () => {
    const item = { id: { S: 'a' }, seq: { N: '1' } }
    expect(codec.decode({ ...item, big: { N: '1.5' } })).toMatchObject({ big: 1.5 })
    expect(codec.decode({ ...item, big: { N: '99999999999999999999' } })).toMatchObject({ big: 1e20 })
    expect(codec.decode({ ...item, at: { S: 'yesterday' } })).toMatchObject({ at: 'yesterday' })
    expect(() => codec.decode({ ...item, deep: { M: { text: { BS: [] } } } })).toThrow(/no value that isomodel writes/)
  })
})
