import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { $ZodType } from 'zod/v4/core'
import { ModelError } from '../../src/errors/model-error.js'
import { compileObject } from '../../src/schema/compile.js'
import type { Slot, ValueType, ZodType } from '../../src/schema/type.js'

function slot(schema: ZodType): Slot {
  return compileObject(z.object({ field: schema as z.ZodType }), 'Thing').fields.get('field')!
}

const type = (schema: ZodType): ValueType => slot(schema).type

function refusal(schema: unknown): string {
  try {
    compileObject(schema as ZodType, 'Thing')
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError)
    expect((error as ModelError).entity).toBe('Thing')
    return (error as ModelError).message
  }
  throw new Error('compiled')
}

const MAX = Number.MAX_VALUE
const SAFE = Number.MAX_SAFE_INTEGER
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

describe('scalars', () => {
  it.each([
    ['z.string()', z.string()],
    ['a checked string', z.string().min(1).regex(/a/).trim()],
    ['a format', z.email()],
    ['an ISO date', z.iso.datetime()],
    ['a URL', z.url()],
    ['a UUID', z.uuidv7()],
    ['a template literal', z.templateLiteral(['o-', z.number()])],
    ['a coerced string', z.coerce.string()],
    ['a branded string', z.string().brand<'Id'>()],
    ['a readonly string', z.string().readonly()],
    ['a pipe of strings', z.string().pipe(z.email())],
    ['a union of strings', z.union([z.email(), z.uuid()])],
    ['a lazy string', z.lazy(() => z.string())],
  ])('%s is a string', (_, schema) => {
    expect(slot(schema)).toMatchObject({
      type: { kind: 'string' },
      optional: false,
      nullable: false,
      defaulted: false,
      converts: false,
    })
  })

  it.each([
    ['z.number()', z.number(), { int: false, min: -MAX, max: MAX }],
    ['z.int()', z.int(), { int: true, min: -SAFE, max: SAFE }],
    ['z.number().int()', z.number().int(), { int: true, min: -SAFE, max: SAFE }],
    ['z.int32()', z.int32(), { int: true, min: -2147483648, max: 2147483647 }],
    ['z.uint32()', z.uint32(), { int: true, min: 0, max: 4294967295 }],
    ['z.float32()', z.float32(), { int: false, min: -3.4028234663852886e38, max: 3.4028234663852886e38 }],
    ['min and max', z.number().min(-2.5).max(5), { int: false, min: -2.5, max: 5 }],
    ['several mins', z.number().min(1).min(3).min(2), { int: false, min: 3, max: MAX }],
    ['gt and lt', z.number().gt(0).lt(1), { int: false, min: 5e-324, max: 1 - 2 ** -53 }],
    ['gt of a negative', z.number().gt(-1), { int: false, min: -1 + 2 ** -53, max: MAX }],
    ['positive integers', z.int().positive(), { int: true, min: 1, max: SAFE }],
    ['nonnegative integers', z.int().nonnegative(), { int: true, min: 0, max: SAFE }],
    ['integers between fractions', z.int().min(0.5).max(9.5), { int: true, min: 1, max: 9 }],
    ['multiples', z.number().multipleOf(5).max(10), { int: false, min: -MAX, max: 10 }],
    ['a coerced number', z.coerce.number(), { int: false, min: -MAX, max: MAX }],
    ['a union of ranges', z.union([z.int().max(3), z.literal([7, 9])]), { int: true, min: -SAFE, max: 9 }],
  ])('%s is a number with its bounds', (_, schema, bounds) => {
    expect(type(schema)).toEqual({ kind: 'number', ...bounds })
  })

  it.each([
    ['z.bigint()', z.bigint(), INT64],
    ['z.int64()', z.int64(), INT64],
    ['z.uint64(), as far as 64 signed bits go', z.uint64(), { min: 0n, max: INT64.max }],
    ['bounded', z.bigint().gt(-3n).lt(9n), { min: -2n, max: 8n }],
    [
      'beyond 64 bits',
      z
        .bigint()
        .min(-(2n ** 80n))
        .max(2n ** 80n),
      INT64,
    ],
    ['a union', z.union([z.bigint().max(3n), z.literal(9n)]), { min: INT64.min, max: 9n }],
  ])('%s is a bigint with its bounds', (_, schema, bounds) => {
    expect(type(schema)).toEqual({ kind: 'bigint', ...bounds })
  })

  it.each([
    [z.boolean(), { kind: 'boolean' }],
    [z.date(), { kind: 'date' }],
    [z.coerce.date(), { kind: 'date' }],
    [z.instanceof(Uint8Array), { kind: 'bytes' }],
    [z.instanceof(Uint8Array).refine((bytes) => bytes.length < 5), { kind: 'bytes' }],
    [mini.instanceof(Uint8Array), { kind: 'bytes' }],
    [mini.instanceof(Uint8Array).check(mini.refine((bytes) => bytes.length < 5)), { kind: 'bytes' }],
    [z.instanceof(Uint8Array).brand<'Hash'>().describe('a hash'), { kind: 'bytes' }],
    [z.enum(['a', 'b']), { kind: 'enum', of: 'string', values: ['a', 'b'] }],
    [z.enum({ Low: 1, High: 2 }), { kind: 'enum', of: 'number', values: [1, 2] }],
    [z.literal('a'), { kind: 'enum', of: 'string', values: ['a'] }],
    [z.literal([1n, 2n]), { kind: 'enum', of: 'bigint', values: [1n, 2n] }],
    [z.literal(true), { kind: 'enum', of: 'boolean', values: [true] }],
    [z.literal(-0), { kind: 'enum', of: 'number', values: [0] }],
    [z.union([z.literal('a'), z.literal('b')]), { kind: 'enum', of: 'string', values: ['a', 'b'] }],
    [z.null(), { kind: 'null' }],
  ])('%# is a scalar', (schema, wanted) => {
    expect(type(schema)).toEqual(wanted)
    expect(Object.is((type(schema) as { values?: readonly unknown[] }).values?.[0], -0)).toBe(false)
  })

  it('literals of several kinds are a union', () => {
    expect(type(z.literal(['auto', 1]))).toEqual({
      kind: 'union',
      options: [
        { kind: 'enum', of: 'string', values: ['auto'] },
        { kind: 'enum', of: 'number', values: [1] },
      ],
      discriminator: undefined,
    })
  })
})

describe('places', () => {
  it.each([
    ['optional', z.string().optional(), { optional: true }],
    ['exactOptional', z.string().exactOptional(), { optional: true }],
    ['nullable', z.string().nullable(), { nullable: true }],
    ['nullish', z.string().nullish(), { optional: true, nullable: true }],
    ['nonoptional', z.string().optional().nonoptional(), {}],
    ['default', z.string().default('x'), { defaulted: true }],
    ['optional default', z.string().default('x').optional(), { optional: true, defaulted: true }],
    ['default of an optional', z.string().optional().default('x'), { defaulted: true }],
    ['prefault', z.string().prefault('x'), { defaulted: true }],
    ['union with null', z.union([z.string(), z.null()]), { nullable: true }],
    ['union with undefined', z.union([z.string(), z.undefined()]), { optional: true }],
    ['union with void', z.union([z.void(), z.string()]), { optional: true }],
    ['union of nullables', z.union([z.string().nullable(), z.email()]), { nullable: true }],
    ['wrapped twice', z.lazy(() => z.string().nullable().readonly()), { nullable: true }],
  ])('%s', (_, schema, flags) => {
    const { schema: kept, ...rest } = slot(schema)
    expect(rest).toEqual({
      type: { kind: 'string' },
      optional: false,
      nullable: false,
      defaulted: false,
      converts: false,
      ...flags,
    })
    expect(kept).toBe(schema)
  })

  it('literals of null and undefined are properties of the place', () => {
    expect(slot(z.literal(['a', null]))).toMatchObject({
      type: { kind: 'enum', values: ['a'] },
      nullable: true,
      optional: false,
    })
    expect(slot(z.literal(['a', undefined]))).toMatchObject({
      type: { kind: 'enum', values: ['a'] },
      nullable: false,
      optional: true,
    })
    expect(slot(z.literal(null))).toMatchObject({ type: { kind: 'null' }, nullable: true })
  })
})

describe('containers', () => {
  it('objects keep their fields in order, and say what becomes of others', () => {
    const made = compileObject(z.strictObject({ b: z.string(), a: z.object({ c: z.looseObject({}) }) }), 'Thing')
    expect([...made.fields.keys()]).toEqual(['b', 'a'])
    expect(made).toMatchObject({ unknown: 'refuse', catchall: undefined })
    const inner = made.fields.get('a')!.type
    expect(inner).toMatchObject({ kind: 'object', unknown: 'strip' })
    expect(inner.kind === 'object' && inner.fields.get('c')!.type).toMatchObject({
      kind: 'object',
      unknown: 'keep',
      catchall: undefined,
    })
  })

  it('a catchall is a place that may be empty', () => {
    expect(type(z.object({}).catchall(z.number()))).toMatchObject({
      unknown: 'keep',
      catchall: { type: { kind: 'number' }, optional: true },
    })
    expect(type(z.object({}).catchall(z.never()))).toMatchObject({ unknown: 'refuse', catchall: undefined })
  })

  it.each(['a.b', 'a$', '#', '', '__proto__', 'constructor', 'toString', 'é', '😀', '0'])(
    'a field may be named %j',
    (name) => {
      const schema = z.object({ [name as 'x']: z.string() } as { x: z.ZodString })
      const shape: { [field: string]: z.ZodType } = {}
      Object.defineProperty(shape, name, { value: z.string(), enumerable: true })
      expect([...compileObject(name === '__proto__' ? z.object(shape) : schema, 'Thing').fields.keys()]).toEqual([name])
    },
  )

  it('records hold any number of one type; by an enum they are objects', () => {
    expect(type(z.record(z.string(), z.number()))).toMatchObject({
      kind: 'record',
      value: { type: { kind: 'number' }, optional: true },
    })
    expect(type(z.record(z.email(), z.number()))).toMatchObject({ kind: 'record' })
    const exact = type(z.record(z.enum(['a', 'b']), z.number()))
    expect(exact).toMatchObject({ kind: 'object', unknown: 'refuse' })
    expect(exact.kind === 'object' && [...exact.fields].map(([name, { optional }]) => [name, optional])).toEqual([
      ['a', false],
      ['b', false],
    ])
    const partial = type(z.partialRecord(z.enum(['a', 'b']), z.number()))
    expect(partial.kind === 'object' && [...partial.fields].map(([name, { optional }]) => [name, optional])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  it('arrays, tuples and sets', () => {
    expect(type(z.array(z.string().nullable()).min(1))).toMatchObject({
      kind: 'array',
      item: { type: { kind: 'string' }, nullable: true },
    })
    expect(type(z.tuple([z.string(), z.number().optional()]))).toMatchObject({
      kind: 'tuple',
      items: [{ type: { kind: 'string' } }, { type: { kind: 'number' }, optional: true }],
      rest: undefined,
    })
    expect(type(z.tuple([z.string()], z.boolean()))).toMatchObject({
      kind: 'tuple',
      items: [{}],
      rest: { type: { kind: 'boolean' } },
    })
    expect(type(z.set(z.email()))).toMatchObject({ kind: 'set', of: 'string', item: { type: { kind: 'string' } } })
    expect(type(z.set(z.int()))).toMatchObject({ kind: 'set', of: 'number', item: { type: { int: true } } })
    expect(type(z.set(z.bigint()))).toMatchObject({ kind: 'set', of: 'bigint' })
    expect(type(z.set(z.enum(['a'])))).toMatchObject({ kind: 'set', of: 'string', item: { type: { kind: 'enum' } } })
    expect(type(z.set(z.union([z.literal('a'), z.literal('b')])))).toMatchObject({ kind: 'set', of: 'string' })
  })
})

describe('unions', () => {
  it('keep their alternatives, opened and without null', () => {
    expect(type(z.union([z.string(), z.union([z.number(), z.null()]), z.date()]))).toMatchObject({
      kind: 'union',
      options: [{ kind: 'string' }, { kind: 'number' }, { kind: 'date' }],
      discriminator: undefined,
    })
    expect(type(z.xor([z.object({ a: z.string() }), z.object({ b: z.string() })]))).toMatchObject({
      kind: 'union',
      discriminator: undefined,
    })
  })

  it('know their discriminator', () => {
    const circle = z.object({ kind: z.literal('circle'), radius: z.number() })
    const square = z.object({ kind: z.literal('square'), side: z.number() })
    expect(type(z.discriminatedUnion('kind', [circle, square]))).toMatchObject({ kind: 'union', discriminator: 'kind' })
  })

  it('of one thing and null are that thing', () => {
    expect(slot(z.union([z.array(z.string()), z.null()]))).toMatchObject({ type: { kind: 'array' }, nullable: true })
  })
})

describe('recursion', () => {
  it('by getters: the type refers to itself', () => {
    const Category = z.object({
      name: z.string(),
      get children() {
        return z.array(Category)
      },
      get parent() {
        return Category.nullable().optional()
      },
    })
    const made = compileObject(Category, 'Category')
    const children = made.fields.get('children')!.type
    expect(children.kind === 'array' && children.item.type).toBe(made)
    expect(made.fields.get('parent')).toMatchObject({ optional: true, nullable: true })
    expect(made.fields.get('parent')!.type).toBe(made)
  })

  it('by z.lazy and z.json', () => {
    const made = slot(z.json())
    expect(made.nullable).toBe(true)
    expect(made.type.kind === 'union' && made.type.options.map((option) => option.kind)).toEqual([
      'string',
      'number',
      'boolean',
      'array',
      'record',
    ])
    const list = made.type.kind === 'union' ? made.type.options.find((option) => option.kind === 'array') : undefined
    expect(list?.kind === 'array' && list.item.type).toBe(made.type)
    expect(list?.kind === 'array' && list.item.nullable).toBe(true)
  })

  it('a codec deep inside makes all that holds it convert', () => {
    const Node = z.object({
      get next() {
        return Node.optional()
      },
      at: z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
    })
    const made = compileObject(z.object({ list: z.array(Node), plain: z.string() }), 'Thing')
    expect(made.fields.get('list')!.converts).toBe(true)
    expect(made.fields.get('plain')!.converts).toBe(false)
    const list = made.fields.get('list')!.type
    const inner = list.kind === 'array' ? list.item.type : undefined
    expect(inner?.kind === 'object' && inner.fields.get('next')!.converts).toBe(true)
  })

  it.each([
    [
      'itself alone',
      (): ZodType => {
        const self: z.ZodType = z.lazy(() => self)
        return self
      },
    ],
    [
      'itself as an option',
      (): ZodType => {
        const self: z.ZodType = z.lazy(() => z.union([z.string(), self]))
        return self
      },
    ],
    [
      'itself as a member of a set',
      (): ZodType => {
        const self: z.ZodType = z.set(z.lazy(() => self))
        return self
      },
    ],
  ])('a schema that is %s is refused', (_, make) => {
    expect(refusal(z.object({ field: make() as z.ZodType }))).toMatch(/field/)
  })

  it('a schema that makes new ones without end is refused', () => {
    const fresh = (): z.ZodType =>
      z.object({
        get next() {
          return fresh()
        },
      })
    expect(refusal(z.object({ field: fresh() }))).toMatch(
      /makes new schemas without end\. Instead, declare the recursive schema once/,
    )
  })
})

describe('codecs', () => {
  const isoDate = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })

  it('are stored as what they encode to', () => {
    expect(slot(isoDate)).toMatchObject({ type: { kind: 'string' }, converts: true, optional: false })
    expect(slot(isoDate.optional())).toMatchObject({ type: { kind: 'string' }, converts: true, optional: true })
    expect(slot(z.stringbool())).toMatchObject({ type: { kind: 'string' }, converts: true })
    expect(slot(z.string().pipe(isoDate))).toMatchObject({ type: { kind: 'string' }, converts: true })
    expect(slot(isoDate.pipe(z.date().min(new Date(0))))).toMatchObject({ type: { kind: 'string' }, converts: true })
    expect(slot(z.set(isoDate))).toMatchObject({ type: { kind: 'set', of: 'string' }, converts: true })
  })

  it('may have any value side that encodes', () => {
    class Money {
      readonly cents: number
      constructor(cents: number) {
        this.cents = cents
      }
    }
    const money = z.codec(z.int(), z.instanceof(Money), {
      decode: (cents) => new Money(cents),
      encode: ({ cents }) => cents,
    })
    expect(slot(money)).toMatchObject({ type: { kind: 'number', int: true }, converts: true })
  })

  it('in a union need stored values that tell which', () => {
    const told = z.union([isoDate, z.number()])
    expect(slot(told)).toMatchObject({ type: { kind: 'union' }, converts: true })
    expect(refusal(z.object({ field: z.union([isoDate, z.string()]) }))).toMatch(
      /field field is a union with a codec .*discriminatedUnion/,
    )
    const a = z.object({ kind: z.literal('a'), at: isoDate })
    const b = z.object({ kind: z.literal('b'), at: z.string() })
    expect(slot(z.discriminatedUnion('kind', [a, b]))).toMatchObject({ converts: true })
    expect(refusal(z.object({ field: z.union([a, b]) }))).toMatch(/discriminatedUnion/)
  })
})

describe('refusals name the field, the Zod type and the way out', () => {
  const refused: readonly (readonly [name: string, schema: unknown, message: RegExp])[] = [
    ['any', z.any(), /field field is of Zod type any, which cannot be stored\. Instead, say what it holds/],
    ['unknown', z.unknown(), /Zod type unknown.*z\.looseObject/],
    ['never', z.never(), /Zod type never.*leave it out/],
    ['symbol', z.symbol(), /Zod type symbol.*z\.string/],
    ['nan', z.nan(), /Zod type nan.*nullable/],
    ['map', z.map(z.string(), z.string()), /Zod type map.*z\.record/],
    ['intersection', z.intersection(z.object({}), z.object({})), /Zod type intersection.*extend/],
    ['transform', z.transform((x) => x), /Zod type transform.*z\.codec/],
    [
      'one-way transform',
      z.string().transform((text) => text.length),
      /one-way transform.*z\.codec with both directions/,
    ],
    ['preprocess', z.preprocess(String, z.string()), /z\.preprocess.*z\.codec/],
    ['catch', z.string().catch('x'), /Zod type catch.*read policy/],
    ['success', z.success(z.string()), /Zod type success/],
    ['file', z.file(), /Zod type file.*Uint8Array/],
    ['promise', z.promise(z.string()), /Zod type promise.*await/],
    ['function', z.function(), /Zod type function.*leave it out/],
    ['custom', z.custom<string>(), /z\.custom.*z\.codec.*Uint8Array/],
    ['a class', z.instanceof(Map), /z\.instanceof of its own/],
    ['another byte class', z.instanceof(Buffer), /Uint8Array/],
    ['another byte class, refined', z.instanceof(Buffer).refine(() => true), /Uint8Array/],
    ['a predicate that throws', z.custom<{ a: string }>((value) => (value as { a: string }).a.length > 0), /z\.codec/],
    ['undefined', z.undefined(), /field field holds nothing.*leave it out/],
    ['void', z.void(), /holds nothing/],
    ['a list of optionals', z.array(z.string().optional()), /field field is a list of what may be absent.*nullable/],
    ['a list with any', z.array(z.any()), /field field\[\] is of Zod type any/],
    ['a set of dates', z.set(z.date()), /field field is a set.*string, number or bigint/],
    ['a set of nullables', z.set(z.string().nullable()), /is a set of what sets do not hold/],
    ['a mixed set', z.set(z.union([z.string(), z.number()])), /is a set of what sets do not hold/],
    ['a record by number', z.record(z.number(), z.string()), /record whose keys are no strings/],
    ['a loose record', z.looseRecord(z.string().regex(/a/), z.string()), /z\.looseRecord.*z\.looseObject/],
    [
      'a literal no store holds',
      z.literal('\ud800'),
      /has a value that holds a lone surrogate, which no store can hold/,
    ],
    ['a bigint literal too large', z.literal(2n ** 63n), /no store can hold/],
    ['bounds that nothing fits', z.number().min(2).max(1), /bounds that no value fits/],
    [
      'a codec that stores nothing',
      z.codec(z.string().optional(), z.date(), { decode: () => new Date(), encode: () => undefined }),
      /z\.codec\(\.\.\.\)\.optional\(\)/,
    ],
    [
      'a codec over a transform',
      z.codec(z.string(), z.object({ a: z.string().transform(Number) }) as never, {
        decode: () => ({}) as never,
        encode: String,
      }),
      /one-way transform/,
    ],
  ]

  it.each(refused)('%s', (_, schema, message) => {
    expect(refusal(z.object({ field: schema as z.ZodType }))).toMatch(message)
    expect(refusal(z.object({ field: schema as z.ZodType }))).toMatch(/^Entity Thing: /)
  })

  it('deep inside, by the whole path', () => {
    const schema = z.object({
      lines: z.array(
        z.object({ 'odd name': z.record(z.string(), z.tuple([z.union([z.string(), z.map(z.string(), z.string())])])) }),
      ),
    })
    expect(refusal(schema)).toMatch(/^Entity Thing: field lines\[\]\.odd name\[key\]\[0\]\|2 is of Zod type map/)
  })

  it('a Zod type of a later Zod', () => {
    const strange = new $ZodType({ type: 'hologram' as 'any' })
    expect(refusal(z.object({ field: strange as unknown as z.ZodType }))).toMatch(
      /field field is of Zod type hologram, which is unknown here/,
    )
    const inherited = new $ZodType({ type: 'constructor' as 'any' })
    expect(refusal(z.object({ field: inherited as unknown as z.ZodType }))).toMatch(
      /Zod type constructor, which is unknown/,
    )
  })

  it('an entity that is no object', () => {
    expect(refusal(z.string())).toMatch(/the schema is of Zod type string; an entity is a z\.object/)
    expect(refusal(z.record(z.enum(['a']), z.string()))).toMatch(/Zod type record/)
    expect(refusal(z.object({}).nullable())).toMatch(/Zod type nullable/)
    for (const wrong of [undefined, null, 'schema', {}]) expect(refusal(wrong)).toMatch(/an entity is a z\.object/)
  })

  it('fields that no store can name', () => {
    expect(refusal(z.object({ 'a\ud800': z.string() }))).toMatch(/name holds a lone surrogate/)
    expect(refusal(z.object({ [Symbol('s')]: z.string() } as never))).toMatch(/named by a symbol/)
  })

  it('again the next time', () => {
    const schema = z.object({ field: z.array(z.any()) })
    expect(refusal(schema)).toBe(refusal(schema))
  })
})

describe('one schema', () => {
  it('compiles once, also of zod/mini', () => {
    const schema = mini.object({ a: mini.optional(mini.string().check(mini.minLength(2))) })
    expect(compileObject(schema, 'Thing')).toBe(compileObject(schema, 'Other'))
    expect(compileObject(schema, 'Thing').fields.get('a')).toMatchObject({ type: { kind: 'string' }, optional: true })
  })

  it('is frozen all through', () => {
    const made = compileObject(
      z.object({
        a: z.array(z.tuple([z.set(z.string()), z.record(z.string(), z.number())])),
        b: z.union([z.string(), z.date()]),
      }),
      'Thing',
    )
    const walk = (value: unknown, seen = new Set()): void => {
      if (typeof value !== 'object' || value === null || value instanceof Map || '_zod' in value || seen.has(value))
        return
      seen.add(value)
      expect(Object.isFrozen(value)).toBe(true)
      for (const inner of Object.values(value)) walk(inner, seen)
    }
    walk(made)
    for (const field of made.fields.values()) walk(field)
  })
})
