import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StoreError } from '../../src/errors/store-error.js'
import { compileObject } from '../../src/schema/compile.js'
import { checkStored, fromStorage, slotToStorage, toStorage } from '../../src/schema/validate.js'
import type { Values } from '../../src/schema/value.js'

function refusal(act: () => unknown): StoreError {
  try {
    act()
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('accepted')
}

/** What becomes of a value in a field of its own. */
const kept = (schema: z.ZodType, value: unknown): unknown =>
  toStorage(z.object({ field: schema }), { field: value }).field
const message = (schema: z.ZodType, value: unknown): string => {
  const error = refusal(() => kept(schema, value))
  expect(error).toMatchObject({ code: 'VALIDATION', retryable: false, outcome: 'not committed' })
  return error.message
}

/** Own data, whatever its name; an object literal would make a prototype of `__proto__`. */
function own(entries: readonly (readonly [string, unknown])[]): Values {
  const made = {}
  for (const [name, value] of entries)
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true })
  return made
}

describe('values of every kind come through equal', () => {
  const deep = (levels: number): z.ZodType => (levels === 0 ? z.string() : z.object({ in: deep(levels - 1) }))

  it.each([
    ['an empty string', z.string(), ''],
    ['beyond the BMP', z.string(), '😀\u{10ffff}'],
    ['a number', z.number(), 5e-324],
    ['a large number', z.number(), 1.7976931348623157e308],
    ['a bigint', z.bigint(), -(2n ** 63n)],
    ['a boolean', z.boolean(), false],
    ['a date', z.date(), new Date(-8.64e15)],
    ['bytes', z.instanceof(Uint8Array), Uint8Array.of(0, 255)],
    ['no bytes', z.instanceof(Uint8Array), new Uint8Array()],
    ['null', z.null(), null],
    ['an enum member', z.enum(['a', 'b']), 'b'],
    ['an empty object', z.object({}), {}],
    ['an empty list', z.array(z.string()), []],
    ['an empty set', z.set(z.string()), new Set()],
    ['a set of bigints', z.set(z.bigint()), new Set([1n, 2n])],
    ['a record', z.record(z.string(), z.number().nullable()), { 'a.b': 1, '': 2, '#': null }],
    ['a record by enum', z.record(z.enum(['a', 'b']), z.number()), { a: 1, b: 2 }],
    ['a partial record', z.partialRecord(z.enum(['a', 'b']), z.number()), { b: 2 }],
    ['a tuple', z.tuple([z.string(), z.number()]), ['a', 1]],
    ['a short tuple', z.tuple([z.string(), z.number().optional()]), ['a']],
    ['a tuple with a rest', z.tuple([z.string()], z.number()), ['a', 1, 2]],
    ['a union', z.union([z.string(), z.array(z.number())]), [1]],
    ['JSON', z.json(), { a: [1, null, 'x', { b: true }] }],
    ['anything', z.looseObject({}), { a: [1n, new Date(0), new Set(['x']), Uint8Array.of(1), { b: null }], $date: 1 }],
  ])('%s', (_, schema, value) => {
    expect(kept(schema, value)).toEqual(value)
    expect(
      checkStored(compileObject(z.object({ field: schema }), 'E'), z.object({ field: schema }), {
        field: value,
      } as Values),
    ).toBeUndefined()
  })

  it('30 levels deep', () => {
    let value: unknown = 'x'
    for (let level = 0; level < 30; level++) value = { in: value }
    expect(kept(deep(30), value)).toEqual(value)
  })

  it('absent is absent, also when it is written as undefined', () => {
    const schema = z.object({
      a: z.string().optional(),
      b: z.string().exactOptional(),
      c: z.string().nullable(),
      d: z.looseObject({}),
    })
    const values = toStorage(schema, { a: undefined, b: undefined, c: null, d: { e: undefined } })
    expect(values).toStrictEqual({ c: null, d: {} })
    expect(Object.keys(values)).toEqual(['c', 'd'])
  })

  it('-0 is 0, wherever it is', () => {
    const schema = z.looseObject({
      a: z.number(),
      b: z.array(z.number()),
      c: z.literal(0),
      d: z.set(z.number()),
      e: z.record(z.string(), z.number()),
    })
    const values = toStorage(schema, { a: -0, b: [-0], c: -0, d: new Set([-0]), e: { f: -0 }, g: -0, h: [-0] })
    const all = [
      values.a,
      ...(values.b as number[]),
      values.c,
      ...(values.d as Set<number>),
      (values.e as Values).f,
      values.g,
      ...(values.h as number[]),
    ]
    for (const each of all) expect(Object.is(each, 0)).toBe(true)
  })

  it('fields named like the prototype are data', () => {
    const shape = own([
      ['__proto__', z.string()],
      ['constructor', z.string().optional()],
      ['toString', z.string()],
    ]) as unknown as z.ZodRawShape
    const schema = z.object(shape)
    const given = own([
      ['__proto__', 'p'],
      ['toString', 't'],
    ])
    const values = toStorage(schema, given)
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'p'],
      ['toString', 't'],
    ])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
    expect(
      toStorage(
        schema,
        own([
          ['__proto__', 'p'],
          ['toString', 't'],
          ['constructor', 'c'],
        ]),
      ),
    ).toHaveProperty('constructor', 'c')
    expect(refusal(() => toStorage(schema, { ['__proto__']: 'p' })).message).toMatch(/toString: is required/)
  })

  it('records and loose objects keep __proto__ and constructor as data too', () => {
    const given = own([
      ['__proto__', 1],
      ['constructor', 2],
      ['hasOwnProperty', 3],
    ])
    for (const schema of [z.record(z.string(), z.number()), z.looseObject({}), z.object({}).catchall(z.number())]) {
      const value = kept(schema, given) as object
      expect(Object.entries(value)).toEqual([
        ['__proto__', 1],
        ['constructor', 2],
        ['hasOwnProperty', 3],
      ])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    }
  })

  it('nothing is shared with the argument', () => {
    const given = { at: new Date(0), bytes: Uint8Array.of(1), tags: new Set(['a']), list: [{ n: 1 }], any: { x: [1] } }
    const schema = z.object({
      at: z.date(),
      bytes: z.instanceof(Uint8Array),
      tags: z.set(z.string()),
      list: z.array(z.object({ n: z.number() })),
      any: z.looseObject({}),
    })
    const values = toStorage(schema, given)
    given.at.setTime(1)
    given.bytes[0] = 2
    given.tags.add('b')
    given.list[0]!.n = 2
    given.any.x.push(2)
    expect(values).toEqual({
      at: new Date(0),
      bytes: Uint8Array.of(1),
      tags: new Set(['a']),
      list: [{ n: 1 }],
      any: { x: [1] },
    })
  })

  it('a Buffer is bytes, and an instance of a class is its fields', () => {
    const bytes = kept(z.instanceof(Uint8Array), Buffer.from([1, 2]))
    expect(Buffer.isBuffer(bytes)).toBe(false)
    expect(bytes).toEqual(Uint8Array.of(1, 2))
    class Line {
      readonly product = 'p'
      get quantity(): number {
        return 2
      }
    }
    expect(kept(z.object({ product: z.string(), quantity: z.int() }), new Line())).toStrictEqual({
      product: 'p',
      quantity: 2,
    })
  })
})

describe('what the schema does not name', () => {
  const given = { a: 'x', b: 1, c: undefined }

  it('is stripped by z.object, refused by z.strictObject, kept by z.looseObject', () => {
    expect(toStorage(z.object({ a: z.string() }), given)).toStrictEqual({ a: 'x' })
    expect(toStorage(z.looseObject({ a: z.string() }), given)).toStrictEqual({ a: 'x', b: 1 })
    const error = refusal(() => toStorage(z.strictObject({ a: z.string() }), { ...given, d: 2 }))
    expect(error.message).toBe('does not have "b", "d" in its schema; leave that out, or name it there.')
  })

  it('fits the catchall', () => {
    const schema = z.object({ a: z.string() }).catchall(z.number().min(1))
    expect(toStorage(schema, given)).toStrictEqual({ a: 'x', b: 1 })
    expect(refusal(() => toStorage(schema, { a: 'x', b: 0 })).message).toMatch(/^b: .*>=1/)
  })

  it('is any portable value in a loose object, and nothing else', () => {
    const loose = z.looseObject({})
    for (const wrong of [
      () => 1,
      Symbol('s'),
      new Map(),
      new (class Odd {})(),
      /x/,
      new Error('e'),
      new Float64Array(1),
      new URL('http://x'),
    ]) {
      expect(message(loose, { a: wrong })).toMatch(/^field\.a: expects a plain value, list, Set or object, not a/)
    }
    expect(message(loose, { a: Number.NaN })).toMatch(/field\.a: is NaN/)
    expect(message(loose, { a: 2n ** 63n })).toMatch(/field\.a: is beyond 64 bits/)
    expect(message(loose, { a: ['\udc00'] })).toMatch(/field\.a\[0\]: holds a lone surrogate/)
    expect(message(loose, { a: [1, undefined] })).toMatch(/field\.a\[1\]: comes after or is an absent item/)
    expect(message(loose, { a: new Set([1, 'x']) })).toMatch(/field\.a: is a Set of what sets do not hold/)
    expect(message(loose, { a: new Set([null]) })).toMatch(/is a Set of what sets do not hold/)
    expect(message(loose, { a: new Date(Number.NaN) })).toMatch(/invalid Date/)
    expect(message(loose, { a: { 'b\ud800': 1 } })).toMatch(/^field\.a\[.*\]: holds a lone surrogate/)
    expect(message(loose, { 'b\ud800': 1 })).toMatch(/lone surrogate/)
  })
})

describe('what is refused, and how it is said', () => {
  it.each([
    ['a string', z.string(), 5, 'field: expects a string, not a number.'],
    ['nothing', z.string(), undefined, 'field: is required; give a string.'],
    ['null', z.string(), null, 'field: expects a string, not null.'],
    [
      'a lone surrogate',
      z.string(),
      'a\ud83d',
      'field: holds a lone surrogate, which no store can hold; use well-formed Unicode, as text.toWellFormed() gives.',
    ],
    ['NaN', z.number(), Number.NaN, 'field: is NaN, which no store can hold; give a finite number, or null.'],
    [
      'an infinity',
      z.number(),
      Number.NEGATIVE_INFINITY,
      'field: is -Infinity, which no store can hold; give a finite number, or null.',
    ],
    ['a bigint for a number', z.number(), 5n, 'field: expects a number, not a bigint.'],
    ['65 bits', z.bigint(), 2n ** 63n, 'field: is beyond 64 bits, which no store can hold; store it as a string.'],
    [
      '65 bits of uint64',
      z.uint64(),
      2n ** 64n - 1n,
      'field: is beyond 64 bits, which no store can hold; store it as a string.',
    ],
    ['a fraction', z.int(), 1.5, 'field: Invalid input: expected int, received number.'],
    ['too much', z.number().max(5), 6, 'field: Too big: expected number to be <=5.'],
    ['an invalid date', z.date(), new Date(Number.NaN), 'field: is an invalid Date; give one that holds a moment.'],
    ['a text for a date', z.date(), '2026-11-22', 'field: expects a Date, not a string.'],
    ['coercion is for parsing', z.coerce.number(), '5', 'field: expects a number, not a string.'],
    ['a list for bytes', z.instanceof(Uint8Array), [1], 'field: expects a Uint8Array, not a list.'],
    ['another member', z.enum(['a', 'b']), 'c', 'field: expects one of "a", "b", not another value.'],
    ['another kind', z.enum(['a', 'b']), 1, 'field: expects one of "a", "b", not another value.'],
    ['another literal', z.literal(3), 4, 'field: expects 3, not another value.'],
    ['a text for an object', z.object({}), 'x', 'field: expects an object, not a string.'],
    ['a list for an object', z.object({}), [], 'field: expects an object, not a list.'],
    ['a Map for a record', z.record(z.string(), z.string()), new Map(), 'field: expects an object, not a Map.'],
    ['a list for a set', z.set(z.string()), ['a'], 'field: expects a Set, not a list.'],
    ['a set for a list', z.array(z.string()), new Set(), 'field: expects a list, not a Set.'],
    [
      'a member',
      z.set(z.string().min(2)),
      new Set(['ab', 'c']),
      'field[1]: Too small: expected string to have >=2 characters.',
    ],
    [
      'an item',
      z.array(z.object({ n: z.int() })),
      [{ n: 1 }, { n: 'x' }],
      'field[1].n: expects a number, not a string.',
    ],
    ['a hole', z.array(z.string()), Object.assign(['a'], { 2: 'b' }), 'field[1]: is required; give a string.'],
    [
      'a long tuple',
      z.tuple([z.string()]),
      ['a', 'b'],
      'field: has 2 items where its schema has 1; leave the others out.',
    ],
    ['a short tuple', z.tuple([z.string(), z.string()]), ['a'], 'field[1]: is required; give a string.'],
    [
      'a gap',
      z.tuple([z.string().optional(), z.string()]),
      [undefined, 'a'],
      'field[1]: comes after or is an absent item; a list has no gaps, so give null where the schema allows it.',
    ],
    [
      'a record value',
      z.record(z.string(), z.int()),
      { 'a b': 1.5 },
      'field["a b"]: Invalid input: expected int, received number.',
    ],
    [
      'a record key',
      z.record(z.string().max(2), z.int()),
      { abc: 1 },
      'field.abc: Too big: expected string to have <=2 characters.',
    ],
    ['a record without a key', z.record(z.enum(['a', 'b']), z.int()), { a: 1 }, 'field.b: is required; give a number.'],
    [
      'a record with another key',
      z.record(z.enum(['a']), z.int()),
      { a: 1, b: 2 },
      'field: does not have "b" in its schema; leave that out, or name it there.',
    ],
    [
      'no alternative by kind',
      z.union([z.string(), z.number()]),
      true,
      'field: expects one of string, number, not a boolean.',
    ],
    [
      'the alternative by kind',
      z.union([z.string(), z.object({ a: z.int() })]),
      { a: 'x' },
      'field.a: expects a number, not a string.',
    ],
    [
      'several alternatives',
      z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]),
      {},
      'field: fits none of its alternatives; give what fits one of them.',
    ],
    [
      'no alternative at all',
      z.union([z.string(), z.number()]),
      undefined,
      'field: is required; give one of string, number.',
    ],
    [
      'both of an exclusive union',
      z.xor([z.looseObject({ a: z.int() }), z.looseObject({ b: z.int() })]),
      { a: 1, b: 2 },
      'field: fits more than one alternative of a union that allows one; give what fits one.',
    ],
    ['a template literal', z.templateLiteral(['o-', z.int()]), 'x', /^field: Invalid input/],
    ['a format', z.email(), 'x', 'field: Invalid email address.'],
    ['a date below its min', z.date().min(new Date(5)), new Date(4), /^field: Too small/],
    ['a multiple', z.number().multipleOf(5), 7, /^field: Invalid number: must be a multiple of 5/],
    ['absence of a nonoptional', z.string().optional().nonoptional(), undefined, 'field: is required; give a value.'],
  ])('%s', (_, schema, value, wanted) => {
    if (typeof wanted === 'string') expect(message(schema, value)).toBe(wanted)
    else expect(message(schema, value)).toMatch(wanted)
  })

  it('by the discriminator of a union', () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('circle'), radius: z.number() }),
      z.object({ kind: z.enum(['square', 'cube']), side: z.number() }),
    ])
    expect(kept(schema, { kind: 'cube', side: 1, strange: 2 })).toStrictEqual({ kind: 'cube', side: 1 })
    expect(message(schema, { kind: 'circle' })).toBe('field.radius: is required; give a number.')
    expect(message(schema, { kind: 'line' })).toBe(
      'field.kind: decides which alternative this is; give one of "circle", "square", "cube".',
    )
    expect(message(schema, {})).toMatch(/^field\.kind: decides/)
    expect(message(schema, 'x')).toMatch(/^field: expects one of object, not a string/)
    expect(message(schema.nullable(), undefined)).toMatch(/^field: is required/)
    expect(kept(schema.nullable(), null)).toBeNull()
    const nested = z.discriminatedUnion('kind', [schema, z.object({ kind: z.literal('none') })])
    expect(kept(nested, { kind: 'circle', radius: 1 })).toStrictEqual({ kind: 'circle', radius: 1 })
    expect(kept(nested, { kind: 'none', side: 1 })).toStrictEqual({ kind: 'none' })
    expect(message(nested, { kind: 'circle' })).toMatch(/^field/)
  })

  it('with its path, and every problem of several', () => {
    const schema = z.object({
      lines: z.array(z.object({ quantity: z.int(), product: z.string() })),
      status: z.enum(['a']),
    })
    const error = refusal(() => toStorage(schema, { lines: [{ quantity: 'x', product: 1 }], status: 'b' }))
    expect(error.path).toEqual(['lines', 0, 'quantity'])
    expect(error.message).toBe(
      'lines[0].quantity: expects a number, not a string; also lines[0].product: expects a string, not a number; also status: expects "a", not another value.',
    )
  })

  it('but no more than ten of them', () => {
    const error = refusal(() =>
      kept(
        z.array(z.string()),
        Array.from({ length: 1000 }, (_, at) => at),
      ),
    )
    expect(error.message.match(/field\[/g)).toHaveLength(10)
  })

  it('never showing the value, which may be sensitive', () => {
    const secret = 'hunter2'
    const schema = z.object({
      a: z.int(),
      b: z.email(),
      c: z.enum(['x']),
      d: z.union([z.object({ e: z.int() }), z.int()]),
    })
    const error = refusal(() => toStorage(schema, { a: secret, b: secret, c: secret, d: { e: secret } }))
    expect(error.message).not.toContain(secret)
  })

  it("in the author's words where the schema has them", () => {
    expect(message(z.string('A name, please').min(2, 'Longer'), 5)).toBe('field: A name, please.')
    expect(message(z.string('A name, please').min(2, 'Longer'), undefined)).toBe('field: A name, please.')
    expect(message(z.string('A name, please').min(2, 'Longer'), 'x')).toBe('field: Longer.')
    expect(message(z.number().min(1, 'At least one'), 0)).toBe('field: At least one.')
    expect(message(z.enum(['a'], 'Only a'), 'b')).toBe('field: Only a.')
    expect(message(z.object({}, 'An object'), 5)).toBe('field: An object.')
    expect(message(z.bigint().min(1n, 'One at least'), 0n)).toBe('field: One at least.')
  })

  it('an argument that is no object', () => {
    for (const wrong of [undefined, null, 'x', [], new Date()]) {
      expect(refusal(() => toStorage(z.object({}), wrong))).toMatchObject({ code: 'VALIDATION', path: [] })
    }
  })
})

describe('depth', () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree)
    },
    get next() {
      return Tree.optional()
    },
    other: z.union([z.string(), z.looseObject({})]).optional(),
  })
  interface Tree {
    name: string
    children: Tree[]
    next?: Tree
    other?: unknown
  }
  const chain = (levels: number): Tree =>
    levels === 1 ? { name: 'leaf', children: [] } : { name: 'x', children: [], next: chain(levels - 1) }

  it('reaches 99 objects and a list', () => {
    expect(toStorage(Tree, chain(99))).toEqual(chain(99))
  })

  it('beyond 100 levels is refused', () => {
    const error = refusal(() => toStorage(Tree, chain(101)))
    expect(error.message).toMatch(
      /is nested deeper than 100 levels, or holds itself; flatten it, or keep the parts as entities/,
    )
    expect(error.path).toHaveLength(100)
  })

  it('what holds itself is refused at once, however it branches', () => {
    const self: Tree = { name: 'x', children: [] }
    self.children.push(self, self, self)
    self.next = self
    expect(refusal(() => toStorage(Tree, self)).message).toMatch(/deeper than 100 levels/)
  })

  it('one bad value far down a union of everything is found as fast as a shallow one', () => {
    let value: unknown = Symbol('s')
    for (let level = 0; level < 90; level++) value = level % 2 === 0 ? [value] : { a: value }
    expect(message(z.json(), value)).toMatch(
      /^field\.a\[0\]\.a\[0\].*: expects one of string, number, boolean, null.*, not a symbol/,
    )
  })

  it('what holds itself in a union, a loose object, a record or a list is refused too', () => {
    const loose: { [name: string]: unknown } = {}
    loose.a = loose
    loose.b = [loose, loose]
    expect(refusal(() => toStorage(Tree, { name: 'x', children: [], other: loose })).message).toMatch(
      /deeper than 100 levels/,
    )
    expect(message(z.looseObject({}), loose)).toMatch(/deeper than 100 levels/)
    expect(message(z.json(), { a: loose })).toMatch(/deeper than 100 levels/)
    const list: unknown[] = []
    list.push(list, list)
    expect(message(z.json(), list)).toMatch(/deeper than 100 levels/)
  })
})

describe('defaults', () => {
  it('apply where the argument leaves them out, each time anew', () => {
    let made = 0
    const schema = z.object({
      id: z.string().default(() => `id-${++made}`),
      tags: z.array(z.string()).default([]),
      count: z.int().prefault(0),
      nested: z.object({ on: z.boolean().default(true) }).prefault({}),
      note: z.string().default('none').optional(),
    })
    const first = toStorage(schema, { note: undefined })
    expect(first).toStrictEqual({ id: 'id-1', tags: [], count: 0, nested: { on: true }, note: 'none' })
    const second = toStorage(schema, { tags: ['a'] })
    expect(second).toMatchObject({ id: 'id-2', tags: ['a'] })
    expect(second.nested).not.toBe(first.nested)
    expect(first.tags).not.toBe(toStorage(schema, {}).tags)
  })

  it('must themselves fit, and give way to null', () => {
    expect(refusal(() => toStorage(z.object({ a: z.string().min(2).default('x') }), {})).message).toMatch(
      /^a: Too small/,
    )
    expect(toStorage(z.object({ a: z.string().nullable().default('x') }), { a: null })).toStrictEqual({ a: null })
  })

  it('are for writing: a stored entity without its default is reported', () => {
    const schema = z.object({ a: z.string().default('x'), b: z.int().prefault(1) })
    expect(checkStored(compileObject(schema, 'E'), schema, { b: 1 })).toEqual({
      path: ['a'],
      message: expect.stringContaining('is absent in the store, where its default should have been written'),
    })
  })
})

describe("Zod's own checks", () => {
  it('run where they are, and may change the value', () => {
    expect(kept(z.string().trim().toLowerCase().min(2), '  AB ')).toBe('ab')
    expect(
      kept(
        z.array(z.number()).overwrite((list) => list.toSorted()),
        [2, 1],
      ),
    ).toEqual([1, 2])
    expect(
      kept(
        z
          .number()
          .overwrite((n) => n * 2)
          .max(10),
        5,
      ),
    ).toBe(10)
    expect(
      message(
        z.string().overwrite((text) => text.slice(0, 1)),
        '😀',
      ),
    ).toMatch(/lone surrogate/)
    expect(
      message(
        z.number().overwrite(() => Number.NaN),
        1,
      ),
    ).toMatch(/is NaN/)
  })

  it('of objects see what will be stored, and say where', () => {
    const schema = z
      .object({ from: z.int(), to: z.int().default(9), tags: z.set(z.string()).optional() })
      .refine(({ from, to }) => from <= to, { message: 'from is after to', path: ['to'] })
    expect(toStorage(schema, { from: 1 })).toStrictEqual({ from: 1, to: 9 })
    const error = refusal(() => toStorage(schema, { from: 10 }))
    expect([error.path, error.message]).toEqual([['to'], 'to: from is after to.'])
    expect(message(z.array(schema), [{ from: 2, to: 1 }])).toBe('field[0].to: from is after to.')
  })

  it('are left out while the structure is wrong', () => {
    const schema = z.object({ a: z.string() }).refine(({ a }) => a.startsWith('x'))
    expect(refusal(() => toStorage(schema, { a: 5 })).message).toBe('a: expects a string, not a number.')
  })

  it('of wrappers, records, sets, tuples and unions run too', () => {
    expect(
      message(
        z
          .string()
          .optional()
          .refine((value) => value !== undefined, 'Say something'),
        undefined,
      ),
    ).toBe('field: Say something.')
    expect(
      message(
        z
          .string()
          .nullable()
          .refine((value) => value !== null, 'Not null'),
        null,
      ),
    ).toBe('field: Not null.')
    expect(
      message(
        z.record(z.string(), z.int()).refine((record) => 'a' in record, 'Needs a'),
        {},
      ),
    ).toBe('field: Needs a.')
    expect(message(z.set(z.string()).min(1), new Set())).toMatch(/^field: Too small/)
    expect(message(z.array(z.string()).max(1), ['a', 'b'])).toMatch(/^field: Too big/)
    expect(
      message(
        z.tuple([z.int(), z.int()]).refine(([a, b]) => a < b, 'Ordered'),
        [2, 1],
      ),
    ).toBe('field: Ordered.')
    expect(
      message(
        z.union([z.string(), z.int()]).refine((value) => value !== 5, 'Not five'),
        5,
      ),
    ).toBe('field: Not five.')
    expect(
      message(
        z.instanceof(Uint8Array).refine((bytes) => bytes.length === 2, 'Two bytes'),
        Uint8Array.of(1),
      ),
    ).toBe('field: Two bytes.')
    expect(
      message(
        z.lazy(() => z.string()).refine(() => false, 'Never'),
        'x',
      ),
    ).toBe('field: Never.')
    expect(
      message(
        z
          .string()
          .readonly()
          .refine(() => false, 'Never'),
        'x',
      ),
    ).toBe('field: Never.')
    expect(
      message(
        z
          .string()
          .default('x')
          .refine((text) => text !== 'x', 'Not x'),
        undefined,
      ),
    ).toBe('field: Not x.')
    expect(message(z.string().pipe(z.email()), 'x')).toBe('field: Invalid email address.')
    expect(message(z.string().max(3).pipe(z.string().min(2)), 'abcd')).toMatch(/^field: Too big/)
    expect(message(z.string().pipe(z.string().nullable() as never), null)).toBe('field: expects a string, not null.')
    expect(kept(z.string().default('x').pipe(z.string()), undefined)).toBe('x')
    expect(kept(z.unknown().pipe(z.string()), 'x')).toBe('x')
  })

  it('and normalisations of record keys', () => {
    expect(kept(z.record(z.string().toLowerCase(), z.int()), { AB: 1 })).toStrictEqual({ ab: 1 })
    expect(message(z.record(z.string(), z.int()), { 'a\ud800': 1 })).toMatch(/lone surrogate/)
  })

  it('that are asynchronous are refused in words', () => {
    const wanted =
      /^field: has an asynchronous check or codec in its schema, which a call cannot wait for; make it synchronous/
    expect(
      message(
        z.string().refine(async () => true),
        'x',
      ),
    ).toMatch(wanted)
    expect(
      message(
        z.object({ a: z.string() }).refine(async () => true),
        { a: 'x' },
      ),
    ).toMatch(wanted)
    const slow = z.codec(z.string(), z.number(), {
      decode: async (text) => Number(text),
      encode: async (n) => String(n),
    })
    expect(message(slow, 5)).toMatch(wanted)
  })

  it("that throw do so as themselves: the author's code is at fault", () => {
    const broken = z.string().refine(() => {
      throw new TypeError('oops')
    })
    expect(() => kept(broken, 'x')).toThrow(new TypeError('oops'))
  })
})

describe('slotToStorage', () => {
  const type = compileObject(
    z.object({
      name: z.string().trim().min(1),
      note: z.string().nullable().optional(),
      lines: z.array(z.object({ n: z.int() })),
      by: z.record(z.string(), z.int()),
      on: z.boolean().default(true),
    }),
    'Order',
  )
  const slot = (name: string) => type.fields.get(name)!

  it('checks one value by its own schema, under the path given', () => {
    expect(slotToStorage(slot('name'), ' x ', ['name'])).toBe('x')
    expect(slotToStorage(slot('note'), null, ['note'])).toBeNull()
    expect(slotToStorage(slot('note'), undefined, ['note'])).toBeUndefined()
    expect(slotToStorage(slot('on'), undefined, ['on'])).toBe(true)
    const lines = slot('lines').type
    const item = lines.kind === 'array' ? lines.item : slot('lines')
    const error = refusal(() => slotToStorage(item, { n: 'x' }, ['lines', 3]))
    expect([error.code, error.path, error.message]).toEqual([
      'VALIDATION',
      ['lines', 3, 'n'],
      'lines[3].n: expects a number, not a string.',
    ])
    expect(refusal(() => slotToStorage(slot('name'), '', ['name'])).path).toEqual(['name'])
    expect(refusal(() => slotToStorage(slot('name'), undefined, ['name'])).message).toBe(
      'name: is required; give a string.',
    )
    const by = slot('by').type
    expect(by.kind === 'record' && slotToStorage(by.value, undefined, ['by', 'a'])).toBeUndefined()
  })

  it('knows a place that was made by hand, by its schema', () => {
    const made = { ...slot('name') }
    expect(slotToStorage(made, ' y', ['name'])).toBe('y')
    expect(slotToStorage({ ...made, type: { kind: 'dynamic' } }, [1, 'x'], ['name'])).toEqual([1, 'x'])
  })
})

describe("the library's own fields", () => {
  const schema = z.strictObject({ id: z.string() })

  it('replace what the argument has of them', () => {
    const given = { id: 'a', createdAt: 'nonsense', revision: 'r' }
    const values = toStorage(schema, given, { createdAt: new Date(1), revision: undefined })
    expect(values).toStrictEqual({ id: 'a', createdAt: new Date(1) })
    expect(given).toStrictEqual({ id: 'a', createdAt: 'nonsense', revision: 'r' })
  })

  it('are checked in what is stored, and are no strangers to a strict schema', () => {
    const own = compileObject(schema, 'E')
    const date = compileObject(z.object({ at: z.date() }), 'E').fields.get('at')!
    const type = { ...own, fields: new Map([...own.fields, ['createdAt', date]]) }
    expect(checkStored(type, schema, { id: 'a', createdAt: new Date(0) })).toBeUndefined()
    expect(checkStored(type, schema, { id: 'a', createdAt: 'x' })).toEqual({
      path: ['createdAt'],
      message: 'expects a Date, not a string',
    })
    expect(checkStored(type, schema, { id: 'a' })).toMatchObject({ path: ['createdAt'] })
    expect(checkStored(type, schema, { id: 'a', createdAt: new Date(0), other: 1 })).toMatchObject({ path: [] })
  })
})

describe('codecs', () => {
  class Money {
    readonly cents: number
    readonly currency: string
    constructor(cents: number, currency: string) {
      this.cents = cents
      this.currency = currency
    }
  }
  const money = z.codec(z.object({ cents: z.int(), currency: z.string().length(3) }), z.instanceof(Money), {
    decode: ({ cents, currency }) => new Money(cents, currency),
    encode: ({ cents, currency }) => ({ cents, currency }),
  })
  const isoDate = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })
  const schema = z.object({
    id: z.string(),
    at: isoDate,
    maybe: isoDate.nullable().optional(),
    standard: isoDate.default(() => new Date(5)),
    early: isoDate.prefault('1970-01-01T00:00:00.007Z'),
    prices: z.array(z.object({ price: money, note: z.string() })),
    by: z.record(z.string(), isoDate),
    pair: z.tuple([z.string(), isoDate]),
    set: z.set(isoDate),
    either: z.union([isoDate, z.number(), z.object({ at: isoDate })]),
    flag: z.stringbool(),
    kinds: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), at: isoDate }),
      z.object({ kind: z.literal('b'), at: z.string() }),
    ]),
    get next() {
      return schema.optional()
    },
  })
  const entity = {
    id: 'x',
    at: new Date(1),
    maybe: null,
    prices: [{ price: new Money(5, 'EUR'), note: 'n' }],
    by: own([['__proto__', new Date(2)]]),
    pair: ['p', new Date(3)],
    set: new Set([new Date(4)]),
    either: { at: new Date(6) },
    flag: true,
    kinds: { kind: 'b', at: 'noon' },
  }
  const storedForm = {
    id: 'x',
    at: '1970-01-01T00:00:00.001Z',
    maybe: null,
    standard: '1970-01-01T00:00:00.005Z',
    early: '1970-01-01T00:00:00.007Z',
    prices: [{ price: { cents: 5, currency: 'EUR' }, note: 'n' }],
    by: own([['__proto__', '1970-01-01T00:00:00.002Z']]),
    pair: ['p', '1970-01-01T00:00:00.003Z'],
    set: new Set(['1970-01-01T00:00:00.004Z']),
    either: { at: '1970-01-01T00:00:00.006Z' },
    flag: 'true',
    kinds: { kind: 'b', at: 'noon' },
  }

  it('store what they encode and give back what they decode', () => {
    const values = toStorage(schema, { ...entity, next: entity })
    expect(values).toEqual({ ...storedForm, next: storedForm })
    expect(Object.keys(values.by as object)).toEqual(['__proto__'])
    const back = fromStorage(schema, values) as typeof entity & { next: typeof entity }
    const whole = { ...entity, standard: new Date(5), early: new Date(7) }
    expect(back).toEqual({ ...whole, next: whole })
    expect(back.prices[0]!.price).toBeInstanceOf(Money)
    expect(checkStored(compileObject(schema, 'E'), schema, values)).toBeUndefined()
  })

  it('in unions are told apart by kind or by discriminator', () => {
    for (const either of [new Date(9), 9, { at: new Date(9) }]) {
      const values = toStorage(schema, { ...entity, either })
      expect((fromStorage(schema, values) as typeof entity).either).toEqual(either)
    }
    const kinds = { kind: 'a', at: new Date(9) }
    const values = toStorage(schema, { ...entity, kinds })
    expect(values.kinds).toEqual({ kind: 'a', at: '1970-01-01T00:00:00.009Z' })
    expect((fromStorage(schema, values) as typeof entity).kinds).toEqual(kinds)
  })

  it.each([
    [
      'in a catchall',
      z.object({ a: z.string() }).catchall(isoDate),
      { a: 'x', b: new Date(1) },
      { a: 'x', b: '1970-01-01T00:00:00.001Z' },
    ],
    [
      'beside what a loose object keeps',
      z.looseObject({ at: isoDate }),
      { at: new Date(1), b: [1] },
      { at: '1970-01-01T00:00:00.001Z', b: [1] },
    ],
    ['in the rest of a tuple', z.tuple([z.string()], isoDate), ['x', new Date(1)], ['x', '1970-01-01T00:00:00.001Z']],
    ['in a list of nullables', z.array(isoDate.nullable()), [null, new Date(1)], [null, '1970-01-01T00:00:00.001Z']],
    [
      'in a partial record',
      z.partialRecord(z.enum(['a', 'b']), isoDate),
      { b: new Date(1) },
      { b: '1970-01-01T00:00:00.001Z' },
    ],
    ['behind a pipe', z.string().pipe(isoDate), new Date(1), '1970-01-01T00:00:00.001Z'],
    [
      'behind a pipe with a default',
      z.string().default('1970-01-01T00:00:00.001Z').pipe(isoDate),
      undefined,
      '1970-01-01T00:00:00.001Z',
    ],
    ['before a pipe', isoDate.pipe(z.date().min(new Date(1))), new Date(1), '1970-01-01T00:00:00.001Z'],
    [
      'around a codec',
      z.codec(isoDate, z.number(), { decode: (date) => date.getTime(), encode: (time) => new Date(time) }),
      1,
      '1970-01-01T00:00:00.001Z',
    ],
    ['in a lazy union', z.lazy(() => z.union([isoDate, z.boolean()])), new Date(1), '1970-01-01T00:00:00.001Z'],
    [
      'with a default on the stored side',
      z.codec(z.iso.datetime().default('1970-01-01T00:00:00.001Z'), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
      undefined,
      '1970-01-01T00:00:00.001Z',
    ],
    [
      'that store bytes',
      z.codec(z.instanceof(Uint8Array), z.string(), {
        decode: (bytes) => Buffer.from(bytes).toString(),
        encode: (text) => Buffer.from(text),
      }),
      'ab',
      Uint8Array.of(97, 98),
    ],
  ])('work %s', (_, inner, value, wanted) => {
    const whole = z.object({ field: inner })
    const values = toStorage(whole, { field: value })
    expect(values).toStrictEqual({ field: wanted })
    expect(fromStorage(whole, values)).toStrictEqual({ field: value ?? new Date(1) })
    expect(checkStored(compileObject(whole, 'E'), whole, values)).toBeUndefined()
  })

  it('refuse what their value side or their stored side refuses', () => {
    expect(message(isoDate, '1970-01-01T00:00:00.001Z')).toBe('field: Invalid input: expected date, received string.')
    expect(message(isoDate, undefined)).toBe('field: is required; give a value.')
    expect(message(z.string().max(3).pipe(isoDate), new Date(1))).toMatch(/^field: Too big/)
    expect(message(money, new Money(1.5, 'EUR'))).toMatch(/^field\.cents: Invalid input: expected int/)
    expect(message(money, new Money(1, 'EURO'))).toMatch(/^field\.currency: Too big/)
    expect(
      message(
        money.refine(({ cents }) => cents > 0, 'Positive'),
        new Money(0, 'EUR'),
      ),
    ).toBe('field: Positive.')
    expect(
      message(
        z.object({ at: isoDate }).refine(({ at }) => at.getTime() > 0, 'Later'),
        { at: new Date(0) },
      ),
    ).toBe('field: Later.')
  })

  it("that throw are this value's problem, with the error as cause", () => {
    const broken = z.codec(z.string(), z.number(), {
      decode: () => {
        throw new RangeError('decode')
      },
      encode: () => {
        throw new RangeError('encode')
      },
    })
    const error = refusal(() => kept(broken, 5))
    expect(error.message).toBe('field: cannot be encoded: its codec threw an error (see the cause).')
    expect(error.cause).toEqual(new RangeError('encode'))
    const stored = refusal(() => fromStorage(z.object({ field: broken }), { field: 'x' }))
    expect([stored.code, stored.path, stored.cause]).toEqual(['CORRUPT', ['field'], new RangeError('decode')])
  })

  it('that cannot decode what is stored say so', () => {
    const dated = z.object({ lines: z.array(z.object({ at: isoDate })) })
    const stored = { lines: [{ at: 'yesterday' }] }
    expect(refusal(() => fromStorage(dated, stored))).toMatchObject({ code: 'CORRUPT', path: ['lines', 0, 'at'] })
    expect(checkStored(compileObject(dated, 'E'), dated, stored)).toEqual({
      path: ['lines', 0, 'at'],
      message: 'Invalid ISO datetime',
    })
    expect(refusal(() => fromStorage(dated, { lines: 'x' } as never))).toMatchObject({
      code: 'CORRUPT',
      path: ['lines'],
    })
  })

  it('leave alone what the schema does not name', () => {
    const small = z.object({ at: isoDate })
    const values = { at: '1970-01-01T00:00:00.001Z', createdAt: new Date(0) }
    expect(fromStorage(small, values)).toEqual({ at: new Date(1), createdAt: new Date(0) })
  })

  it('and without them a stored entity is given as it is', () => {
    const values = { a: 'x' }
    expect(fromStorage(z.object({ a: z.string() }), values)).toBe(values)
  })

  it('issues that a codec raises itself are problems', () => {
    const picky = z.codec(z.string(), z.number(), {
      decode: (text, payload) => {
        payload.issues.push({ code: 'custom', message: 'Unreadable', input: text })
        return z.NEVER
      },
      encode: String,
    })
    expect(refusal(() => fromStorage(z.object({ field: picky }), { field: 'x' })).message).toBe('field: Unreadable.')
  })
})

describe('stored entities', () => {
  const schema = z.object({ id: z.string(), n: z.int().min(0).optional(), list: z.array(z.string()) })
  const type = compileObject(schema, 'E')

  it.each([
    [{ id: 'a', list: [] }, undefined],
    [{ id: 'a', list: [], strange: 1 }, undefined],
    [{ list: [] }, { path: ['id'], message: 'is required; give a string' }],
    [
      { id: 'a', n: -1, list: [] },
      { path: ['n'], message: 'Too small: expected number to be >=0' },
    ],
    [
      { id: 'a', n: null, list: [] },
      { path: ['n'], message: 'expects a number, not null' },
    ],
    [
      { id: 'a', list: ['x', 5] },
      { path: ['list', 1], message: 'expects a string, not a number' },
    ],
  ])('%j', (values, problem) => {
    expect(checkStored(type, schema, values as Values)).toEqual(problem)
  })
})
