import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileObject } from '../../src/schema/compile.js'
import { dynamicSlot } from '../../src/schema/dynamic-slot.js'
import { isOrderable } from '../../src/schema/orderable.js'
import { slotAt } from '../../src/schema/slot-at.js'
import type { Path } from '../../src/schema/value.js'

const Node = z.object({
  name: z.string(),
  get next() {
    return Node.optional()
  },
})
const type = compileObject(
  z.object({
    'a.b': z.string(),
    lines: z.array(z.object({ n: z.int(), tags: z.set(z.string()) })),
    pair: z.tuple([z.string(), z.date().optional()]),
    open: z.tuple([z.string()], z.boolean()),
    by: z.record(z.string(), z.object({ n: z.bigint() })),
    exact: z.record(z.enum(['x']), z.number()),
    loose: z.looseObject({ known: z.string() }),
    rest: z.object({ known: z.string() }).catchall(z.number()),
    shape: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('circle'), radius: z.number(), at: z.object({ x: z.number() }) }),
      z.object({ kind: z.literal('square'), side: z.number(), at: z.object({ x: z.string() }) }),
    ]),
    either: z.union([z.string(), z.array(z.int())]),
    json: z.json(),
    maybe: z.object({ n: z.string() }).nullable().optional(),
    tree: Node,
  }),
  'Entity',
)

const kind = (...path: Path): readonly [string, boolean] | undefined => {
  const place = slotAt(type, path)
  return place === undefined ? undefined : [place.slot.type.kind, place.dynamic]
}

describe('slotAt', () => {
  it.each<readonly [Path, string]>([
    [['a.b'], 'string'],
    [['lines'], 'array'],
    [['lines', 0], 'object'],
    [['lines', 999, 'n'], 'number'],
    [['lines', 0, 'tags'], 'set'],
    [['pair', 1], 'date'],
    [['open', 0], 'string'],
    [['open', 7], 'boolean'],
    [['by', 'anything'], 'object'],
    [['by', '__proto__', 'n'], 'bigint'],
    [['exact', 'x'], 'number'],
    [['loose', 'known'], 'string'],
    [['rest', 'known'], 'string'],
    [['rest', 'other'], 'number'],
    [['shape'], 'union'],
    [['maybe', 'n'], 'string'],
    [['tree', 'next', 'next', 'next', 'name'], 'string'],
  ])('%j is a %s', (path, wanted) => {
    expect(kind(...path)).toEqual([wanted, false])
  })

  it.each<readonly [Path, string]>([
    [['loose', 'other'], 'dynamic'],
    [['loose', 'other', 3, 'x'], 'dynamic'],
    [['shape', 'radius'], 'number'],
    [['shape', 'kind'], 'dynamic'],
    [['shape', 'at', 'x'], 'dynamic'],
    [['either', 0], 'number'],
    [['json', 'a', 0], 'union'],
  ])('%j depends on the entity, and is a %s', (path, wanted) => {
    const found = slotAt(type, path)
    expect(found?.slot.type.kind).toBe(wanted)
    // The field of a loose object is a dynamic place; only what is inside its value depends on the entity.
    expect(found?.dynamic).toBe(!(path.length === 2 && path[0] === 'loose'))
  })

  it.each<readonly [Path]>([
    [[]],
    [['absent']],
    [['constructor']],
    [['__proto__']],
    [['lines', 'n']],
    [['lines', 0, 'absent']],
    [['lines', 0, 'tags', 'x']],
    [['pair', 2]],
    [['pair', '0']],
    [['by', 0]],
    [['exact', 'y']],
    [['a.b', 'length']],
    [['shape', 'absent']],
    [['either', 'x']],
  ])('%j is no place', (path) => {
    expect(slotAt(type, path)).toBeUndefined()
  })

  it('is the very slot that the type has', () => {
    expect(slotAt(type, ['a.b'])?.slot).toBe(type.fields.get('a.b'))
    expect(slotAt(type, ['loose', 'x'])?.slot).toBe(dynamicSlot)
  })
})

describe('isOrderable', () => {
  it.each([
    [z.string(), true],
    [z.number(), true],
    [z.bigint(), true],
    [z.boolean(), true],
    [z.date(), true],
    [z.instanceof(Uint8Array), true],
    [z.enum(['a']), true],
    [z.union([z.literal('a'), z.literal('b')]), true],
    [z.union([z.email(), z.uuid()]), true],
    [z.codec(z.iso.date(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }), true],
    [z.literal(['a', 1]), false],
    [z.null(), false],
    [z.array(z.string()), false],
    [z.set(z.string()), false],
    [z.record(z.string(), z.string()), false],
    [z.object({}), false],
    [z.tuple([z.string()]), false],
    [z.json(), false],
  ])('%#', (schema, wanted) => {
    expect(isOrderable(compileObject(z.object({ field: schema as z.ZodType }), 'E').fields.get('field')!.type)).toBe(
      wanted,
    )
  })
})
