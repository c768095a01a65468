import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { show } from '../../same/show.js'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { roundTrip, setEach } from './round-trip.js'

const Any = z.union([
  z.string(),
  z.number(),
  z.bigint(),
  z.boolean(),
  z.date(),
  z.instanceof(Uint8Array),
  z.set(z.string()),
  z.set(z.bigint()),
  z.array(z.union([z.string(), z.number(), z.bigint()])),
  z.record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.date(), z.record(z.string(), z.string())])),
])

const Shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), radius: z.number() }),
  z.object({ kind: z.literal('box'), width: z.number(), height: z.number(), radius: z.string().optional() }),
  z.object({ kind: z.literal('none') }),
])

const Either = defineEntity({
  name: 'P1Either',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    any: Any.nullable().optional(),
    shape: Shape.optional(),
    shapes: z.array(Shape).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const Open = defineEntity({
  name: 'P1Open',
  schema: z.looseObject({ group: z.string(), id: z.int(), meta: z.looseObject({}).optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

/** Values that a store without their types would give back as one of the others. */
const alike: readonly z.output<typeof Any>[] = [
  '',
  '1',
  1,
  1n,
  true,
  false,
  0,
  0n,
  'true',
  new Date(1),
  '1970-01-01T00:00:00.001Z',
  Uint8Array.of(1),
  '\u0001',
  'AQ==',
  new Set<string>(),
  new Set(['1']),
  new Set([1n]),
  [],
  ['1'],
  [1],
  [1n],
  [1, '1', 1n],
  2 ** 53,
  2n ** 53n,
  2n ** 53n + 1n,
  -5n,
  1.5,
  {},
  { '1': '1' },
  { $date: '1' },
  { $date: 1 },
  { $bigint: '1' },
  { $numberLong: '1' },
  { $set: '1' },
  { $bytes: 'AQ==' },
  { $object: { a: 'a' } },
  { $object: { $object: 'a' } },
  { $: 'x' },
  { $date: new Date(1) },
  { $bigint: 1n, a: 1n },
  { N: '1' },
  { S: '1' },
  { a: { $date: '1' } },
]

export const unions: readonly Case[] = cases(
  'P1',
  'unions',
  { Either, Open },
  {
    'a member of a union comes back as the type it was': async (t, db) => {
      const fields = alike.map((any) => ({ any }))
      const entities = fields.map((field, id) => ({ group: t.id, id, ...field }))
      await roundTrip(db.Either, entities)
      await setEach(
        db.Either,
        fields.map((_, id) => ({ group: t.id, id })),
        fields,
        entities,
      )
    },

    'a condition tells the types of a union apart': async (t, db) => {
      await db.Either.putMany([
        ...alike.map((any, id) => ({ group: t.id, id, any })),
        { group: t.id, id: 1_000 },
        { group: t.id, id: 1_001, any: null },
      ])
      for (const [id, any] of alike.entries()) {
        const found = await db.Either.query({ group: t.id })
          .where((o, { eq }) => eq(o.any, any))
          .all()
        same(
          found.map((one) => one.id),
          [id],
          `the entities whose union equals ${show(any)}`,
        )
        await refused(
          db.Either.update({ group: t.id, id: (id + 1) % alike.length }, {}, { if: (o, { eq }) => eq(o.any, any) }),
          'CONDITION_FAILED',
        )
      }
      const numbers = await db.Either.query({ group: t.id })
        .where((o, { gte }) => gte(o.any as never, 1 as never))
        .all()
      same(
        numbers.map((one) => one.any),
        [1, 2 ** 53, 1.5],
        'the numbers of a union from 1',
      )
    },

    'a discriminated union comes back equal': async (t, db) => {
      await roundTrip(db.Either, [
        { group: t.id, id: 1, shape: { kind: 'circle', radius: 0.1 } },
        { group: t.id, id: 2, shape: { kind: 'box', width: 1, height: 2, radius: 'r' } },
        {
          group: t.id,
          id: 3,
          shapes: [{ kind: 'none' }, { kind: 'circle', radius: 1 }, { kind: 'box', width: 0, height: 1e20 }],
        },
      ])
    },

    'a condition may enter a union': async (t, db) => {
      await db.Either.putMany([
        { group: t.id, id: 1, shape: { kind: 'circle', radius: 2 } },
        { group: t.id, id: 2, shape: { kind: 'box', width: 2, height: 2, radius: '2' } },
        { group: t.id, id: 3, shape: { kind: 'none' } },
        { group: t.id, id: 4 },
      ])
      const ids = async (found: Promise<{ readonly id: number }[]>): Promise<number[]> =>
        (await found).map(({ id }) => id)
      const query = db.Either.query({ group: t.id })
      same(await ids(query.where((o, { eq }) => eq(o.shape.radius, 2)).all()), [1], 'radius 2')
      same(await ids(query.where((o, { eq }) => eq(o.shape.radius, '2')).all()), [2], "radius '2'")
      same(await ids(query.where((o, { ne }) => ne(o.shape.radius, 2)).all()), [2], 'another radius')
      same(await ids(query.where((o, { notExists }) => notExists(o.shape.radius)).all()), [3, 4], 'no radius')
      same(await ids(query.where((o, { eq }) => eq(o.shape.kind, 'box')).all()), [2], 'boxes')
      await db.Either.update(
        { group: t.id, id: 1 },
        { shape: { kind: 'none' } },
        { if: (o, { gt }) => gt(o.shape.radius as never, 1 as never) },
      )
      same((await db.Either.get({ group: t.id, id: 1 }))?.shape, { kind: 'none' }, 'the guarded shape')
    },

    'an update may not enter a union, and may set the whole': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Either.create({ ...key, shape: { kind: 'circle', radius: 2 } })
      const { requests } = await t.trips(() =>
        refused(
          db.Either.update(key, (o, { set }) => set(o.shape.radius as never, 3 as never)),
          'VALIDATION',
          { path: ['shape', 'radius'] },
        ),
      )
      same(requests.length, 0, 'the round trips')
      same((await db.Either.update(key, (o, { set }) => set(o.shape, { kind: 'none' }))).shape, { kind: 'none' })
    },

    'a loose object keeps what the schema does not name, with its types': async (t, db) => {
      await roundTrip(db.Open, [
        {
          group: t.id,
          id: 1,
          extra: 'x',
          n: 1.5,
          big: 1n,
          when: new Date(-1),
          none: null,
          set: new Set(['a', 'b']),
          bytes: Uint8Array.of(0),
          list: [1, '1', null, [1n]],
          object: { $date: 'no', a: { $set: ['x'] } },
        },
        { group: t.id, id: 2, $bigint: '1', 'a.b': { $date: 1 }, pk: 'mine', meta: { $set: ['a'], b: { $bytes: '' } } },
      ])
    },
  },
)
