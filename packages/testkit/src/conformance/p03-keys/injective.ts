import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { show } from '../../same/show.js'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'

const Quad = defineEntity({
  name: 'P3Quad',
  schema: z.object({ group: z.string(), a: z.string(), b: z.string(), c: z.string(), d: z.string(), v: z.int() }),
  key: { partition: ['group', 'a', 'b'], sort: ['c', 'd'] },
  indexes: { byC: { partition: ['group', 'c'], sort: ['a', 'd'] } },
})

const Lone = defineEntity({
  name: 'P3Lone',
  schema: z.object({ id: z.string(), v: z.int() }),
  key: { partition: ['id'] },
})

const Typed = defineEntity({
  name: 'P3Typed',
  schema: z.object({
    group: z.string(),
    n: z.number(),
    big: z.bigint(),
    flag: z.boolean(),
    at: z.date(),
    bytes: z.instanceof(Uint8Array),
    v: z.int(),
  }),
  key: { partition: ['group', 'n', 'flag'], sort: ['big', 'at', 'bytes'] },
})

/** Every pair of these would meet another pair in a key that is joined without escaping, folded or normalised. */
const parts = ['', '#', '##', '$', '$23', '$2', '3', 'a', 'A', 'a#', '#a', 'é', 'e\u0301', '\0', ' ', '😀']

const pairs = parts.flatMap((one) => parts.map((other) => [one, other] as const))

export const injective: readonly Case[] = cases(
  'P3',
  'keys never meet',
  { Quad, Lone, Typed },
  {
    'partition fields full of separators are partitions of their own': async (t, db) => {
      const entities = pairs.map(([a, b], v) => ({ group: t.id, a, b, c: 'c', d: 'd', v }))
      await db.Quad.putMany(entities)
      same(await db.Quad.getMany(entities), entities, 'all of them by key')
      for (const [at, { a, b }] of entities.entries()) {
        if (at % 5 === 0)
          same(await db.Quad.query({ group: t.id, a, b }).all(), [entities[at]], `the partition ${show(a)}, ${show(b)}`)
      }
    },

    'sort fields full of separators are keys of their own': async (t, db) => {
      const entities = pairs.map(([c, d], v) => ({ group: t.id, a: 'a', b: 'b', c, d, v }))
      await db.Quad.putMany(entities)
      same(await db.Quad.getMany(entities), entities, 'all of them by key')
      const query = db.Quad.query({ group: t.id, a: 'a', b: 'b' })
      same(await query.count(), pairs.length, 'how many there are')
      for (const c of parts) {
        const found = await query.where((o, { eq }) => eq(o.c, c)).all()
        same(found.map(({ d }) => d).sort(), [...parts].sort(), `the entities with c = ${show(c)}`)
      }
      await db.Quad.deleteMany(entities.filter((_, at) => at % 2 === 0))
      const left = (await query.all()).map(({ v }) => v).sort((one, other) => one - other)
      same(
        left,
        pairs.map((_, at) => at).filter((at) => at % 2 === 1),
        'what a delete of every second one left',
      )
    },

    'index fields full of separators are entries of their own': async (t, db) => {
      const entities = pairs.map(([a, c], v) => ({ group: t.id, a, b: 'b', c, d: String(v), v }))
      await db.Quad.putMany(entities)
      for (const c of parts) {
        const expected = entities.filter((one) => one.c === c).map(({ a }) => a)
        await t.settled(
          async () => (await db.Quad.query('byC', { group: t.id, c }).all()).map(({ a }) => a).sort(),
          expected.sort(),
          `the index partition ${show(c)}`,
        )
      }
      same(
        (
          await db.Quad.query('byC', { group: t.id, c: '#' })
            .where((o, { eq }) => eq(o.a, '#a'))
            .all()
        ).map(({ a }) => a),
        ['#a'],
        'one sort value',
      )
    },

    'a key of one field holds any string': async (t, db) => {
      const ids = [
        '',
        '#',
        '$',
        'a',
        'A',
        'Å',
        'A\u030a',
        '😀',
        '\uffff',
        ' ',
        'a ',
        '\0',
        '\0a',
        '%00',
        'null',
        '{}',
        'x'.repeat(300),
      ]
      const entities = ids.map((id, v) => ({ id: `${t.id}${id}`, v }))
      await db.Lone.putMany(entities)
      same(await db.Lone.getMany(entities), entities)
      for (const entity of entities)
        same(await db.Lone.query({ id: entity.id }).all(), [entity], `the partition ${show(entity.id)}`)
    },

    'keys of every type are their own': async (t, db) => {
      const one = { group: t.id, n: 1, big: 1n, flag: true, at: new Date(1), bytes: Uint8Array.of(1) }
      const entities = [
        one,
        { ...one, n: 10 },
        { ...one, n: 1.0000000000000002 },
        { ...one, n: -1 },
        { ...one, n: 0 },
        { ...one, flag: false },
        { ...one, big: 2n ** 53n },
        { ...one, big: 2n ** 53n + 1n },
        { ...one, big: -1n },
        { ...one, at: new Date(0) },
        { ...one, at: new Date(-1) },
        { ...one, bytes: Uint8Array.of() },
        { ...one, bytes: Uint8Array.of(0) },
        { ...one, bytes: Uint8Array.of(0, 1) },
      ].map((entity, v) => ({ ...entity, v }))
      await db.Typed.putMany(entities)
      same(await db.Typed.getMany(entities), entities, 'all of them by key')
      same((await db.Typed.get({ ...one, n: -0 }))?.v, 4, 'the value under -0')
      same(await db.Typed.query({ group: t.id, n: 1, flag: false }).all(), [entities[5]], 'one partition')
    },

    'two namespaces of one store never meet': async (t) => {
      const [here, there] = [t.fresh(), t.fresh()]
      const mine = await here.connect({ Lone })
      const theirs = await there.connect({ Lone })
      await mine.setup()
      await theirs.setup()
      await mine.Lone.create({ id: t.id, v: 1 })
      await theirs.Lone.create({ id: t.id, v: 2 })
      await mine.Lone.delete({ id: t.id })
      same(await mine.Lone.get({ id: t.id }), undefined, 'what was deleted')
      same(await theirs.Lone.get({ id: t.id }), { id: t.id, v: 2 }, 'what the other has')
    },
  },
)
