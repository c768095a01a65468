import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import type { NumberRange } from '../reference/changes.js'
import type { ReferenceKind } from '../reference/kind.js'

/** Every kind of field, changed in place: no constraint makes its writes transactions. */
const Note = defineEntity({
  name: 'GenNote',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    text: z.string().nullable().optional(),
    int: z.int().min(-5).max(20).nullable().optional(),
    big: z.bigint().optional(),
    float: z.number().optional(),
    flag: z.boolean().optional(),
    day: z.date().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['x', 'y', 'z']).default('x'),
    list: z.array(z.int()).nullable().optional(),
    few: z.array(z.string()).max(3).optional(),
    rows: z.array(z.object({ a: z.int(), b: z.string().optional() })).optional(),
    set: z.set(z.string()).nullable().optional(),
    object: z
      .object({ a: z.int().optional(), b: z.object({ c: z.string().optional() }).optional() })
      .nullable()
      .optional(),
    record: z.record(z.string(), z.number()).optional(),
    any: z.union([z.string(), z.int(), z.bigint(), z.boolean()]).optional(),
    until: z.date().nullable().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: {
    byText: { partition: ['group'], sort: ['text', 'int'], scope: 'local' },
    byKind: { partition: ['kind'], sort: ['float'] },
    byBig: { partition: ['group', 'flag'], sort: ['big', 'day'] },
  },
  ttl: 'until',
  revision: true,
})

/** Unique values, of one field and of two; each write takes and gives them back. */
const Member = defineEntity({
  name: 'GenMember',
  schema: z.object({
    name: z.string(),
    email: z.string().nullable().optional(),
    room: z.int().optional(),
    seat: z.string().optional(),
    visits: z.bigint().default(0n),
    until: z.date().optional(),
  }),
  key: { partition: ['name'] },
  indexes: { byRoom: { partition: ['room'], sort: ['visits'] } },
  uniques: { byEmail: ['email'], bySeat: ['room', 'seat'] },
  ttl: 'until',
  revision: true,
  timestamps: true,
})

/** In one partition with its lines, by the key and by an index. */
const Order = defineEntity({
  name: 'GenOrder',
  schema: z.object({
    customer: z.string(),
    order: z.int(),
    day: z.enum(['mon', 'tue']),
    total: z.number(),
    note: z.string().optional(),
  }),
  key: { partition: ['customer'], sort: ['order'], partitionName: 'GenAccount' },
  indexes: {
    byDay: { partition: ['day'], sort: ['total'], partitionName: 'GenDay' },
    byChange: { partition: ['customer'], sort: ['updatedAt'] },
  },
  timestamps: true,
})

const Line = defineEntity({
  name: 'GenLine',
  schema: z.strictObject({
    customer: z.string(),
    order: z.int(),
    line: z.bigint(),
    day: z.enum(['mon', 'tue']).optional(),
    product: z.string(),
    of: z
      .discriminatedUnion('is', [
        z.object({ is: z.literal('piece'), count: z.int() }),
        z.object({ is: z.literal('weight'), grams: z.number().nullable() }),
      ])
      .optional(),
  }),
  key: { partition: ['customer'], sort: ['order', 'line'], partitionName: 'GenAccount' },
  indexes: { byDay: { partition: ['day'], sort: ['product'], partitionName: 'GenDay' } },
  revision: true,
})

/** A key of other things than strings. */
const Event = defineEntity({
  name: 'GenEvent',
  schema: z.object({
    at: z.date(),
    flag: z.boolean(),
    big: z.bigint(),
    bytes: z.instanceof(Uint8Array),
    score: z.number().optional(),
  }),
  key: { partition: ['at', 'flag'], sort: ['big', 'bytes'] },
  indexes: { byScore: { partition: ['flag'], sort: ['score'] } },
})

export const entities = { GenNote: Note, GenMember: Member, GenOrder: Order, GenLine: Line, GenEvent: Event }

const ranges: { readonly [field: string]: NumberRange } = {
  int: { kind: 'int', min: -5, max: 20 },
  big: { kind: 'bigint' },
  float: { kind: 'double' },
  record: { kind: 'double' },
  visits: { kind: 'bigint' },
  total: { kind: 'double' },
  score: { kind: 'double' },
}
const rangeOf: NonNullable<ReferenceKind['rangeOf']> = (path) => ranges[String(path[0])] ?? { kind: 'int' }

/** The same said by hand, for the reference, which reads nothing of the library's. */
export const kinds: readonly ReferenceKind[] = [
  {
    name: 'GenNote',
    key: { partition: ['group'], sort: ['id'] },
    indexes: {
      byText: { partition: ['group'], sort: ['text', 'int'] },
      byKind: { partition: ['kind'], sort: ['float'] },
      byBig: { partition: ['group', 'flag'], sort: ['big', 'day'] },
    },
    defaults: { kind: 'x' },
    ttl: 'until',
    revision: true,
    rangeOf,
    misfits: ({ few }) => (Array.isArray(few) && few.length > 3 ? [['few']] : []),
  },
  {
    name: 'GenMember',
    key: { partition: ['name'], sort: [] },
    indexes: { byRoom: { partition: ['room'], sort: ['visits'] } },
    uniques: { byEmail: ['email'], bySeat: ['room', 'seat'] },
    defaults: { visits: 0n },
    ttl: 'until',
    revision: true,
    timestamps: true,
    rangeOf,
  },
  {
    name: 'GenOrder',
    key: { partition: ['customer'], sort: ['order'] },
    indexes: {
      byDay: { partition: ['day'], sort: ['total'] },
      byChange: { partition: ['customer'], sort: ['updatedAt'] },
    },
    required: ['day', 'total'],
    timestamps: true,
    rangeOf,
  },
  {
    name: 'GenLine',
    key: { partition: ['customer'], sort: ['order', 'line'] },
    indexes: { byDay: { partition: ['day'], sort: ['product'] } },
    required: ['product'],
    revision: true,
  },
  {
    name: 'GenEvent',
    key: { partition: ['at', 'flag'], sort: ['big', 'bytes'] },
    indexes: { byScore: { partition: ['flag'], sort: ['score'] } },
    rangeOf,
  },
]
