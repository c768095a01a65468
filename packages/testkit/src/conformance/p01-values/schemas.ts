import { defineEntity, ModelError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Loose = defineEntity({
  name: 'P1Stripping',
  schema: z.object({ group: z.string(), id: z.int(), inner: z.object({ a: z.int() }).optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

const Strict = defineEntity({
  name: 'P1Refusing',
  schema: z.strictObject({ group: z.string(), id: z.int(), inner: z.strictObject({ a: z.int() }).optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

const Defaults = defineEntity({
  name: 'P1Defaults',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    status: z.enum(['new', 'old']).default('new'),
    tags: z.set(z.string()).default(() => new Set(['fresh'])),
    address: z.object({ city: z.string().default('Oslo'), zip: z.string().optional() }).optional(),
    rows: z.array(z.object({ n: z.int().default(1) })).default([]),
    note: z.string().nullable().default(null),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const cents = z.codec(z.int(), z.string(), {
  decode: (amount) => (amount / 100).toFixed(2),
  encode: (text) => Math.round(Number(text) * 100),
})

const Coded = defineEntity({
  name: 'P1Coded',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    price: cents,
    fees: z.array(cents).optional(),
    at: z
      .codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() })
      .optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const refinedSlug = z
  .string()
  .regex(/^[a-z]+$/)
  .max(5)
const Refined = defineEntity({
  name: 'P1Refined',
  schema: z.object({ group: z.string(), id: z.int(), slug: refinedSlug, tags: z.array(refinedSlug).optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

export const schemas: readonly Case[] = cases(
  'P1',
  'schemas',
  { Loose, Strict, Defaults, Coded, Refined },
  {
    'z.object strips unknown fields': async (t, db) => {
      const given = { group: t.id, id: 1, inner: { a: 1, b: 2 }, extra: true }
      same(await db.Loose.create(given), { group: t.id, id: 1, inner: { a: 1 } }, 'what create gave')
      same(await db.Loose.get(given), { group: t.id, id: 1, inner: { a: 1 } }, 'what get gave')
    },

    'z.strictObject refuses unknown fields': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(db.Strict.create({ group: t.id, id: 1, extra: true } as never), 'VALIDATION', { says: ['extra'] })
        await refused(db.Strict.create({ group: t.id, id: 1, inner: { a: 1, b: 2 } } as never), 'VALIDATION', {
          says: ['b'],
        })
      })
      same(requests.length, 0, 'the round trips')
    },

    'defaults apply on create, put and putMany, at every depth': async (t, db) => {
      const full = (id: number) => ({
        group: t.id,
        id,
        status: 'new' as const,
        tags: new Set(['fresh']),
        address: { city: 'Oslo' },
        rows: [{ n: 1 }, { n: 2 }],
        note: null,
      })
      const given = (id: number) => ({ group: t.id, id, address: {}, rows: [{}, { n: 2 }] })
      same(await db.Defaults.create(given(1)), full(1), 'what create gave')
      same(await db.Defaults.put(given(2)), full(2), 'what put gave')
      same(await db.Defaults.putMany([given(3)]), [full(3)], 'what putMany gave')
      same(await db.Defaults.query({ group: t.id }).all(), [full(1), full(2), full(3)], 'what is stored')
    },

    'defaults apply on an upsert of a new entity, and leave an old one alone': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const fresh = { ...key, status: 'new' as const, tags: new Set(['fresh']), rows: [], note: null }
      same(await db.Defaults.upsert(key), fresh, 'what the first upsert gave')
      await db.Defaults.update(key, { status: 'old', note: 'kept' })
      same(
        await db.Defaults.upsert({ ...key, tags: new Set(['b']) }),
        { ...fresh, status: 'old', note: 'kept', tags: new Set(['b']) },
        'what the second gave',
      )
    },

    'a codec stores its storage form and gives its output, in conditions and updates too': async (t, db) => {
      const one = {
        group: t.id,
        id: 1,
        price: '12.50',
        fees: ['0.10', '3.00'],
        at: new Date('2026-02-03T04:05:06.007Z'),
      }
      same(await db.Coded.create(one), one, 'what create gave')
      same(await db.Coded.get(one), one, 'what get gave')
      same(
        await db.Coded.query({ group: t.id })
          .where((o, { eq }) => eq(o.price, '12.50'))
          .all(),
        [one],
        'what eq found',
      )
      const changed = await db.Coded.update(one, (o, { set, append }) => [
        set(o.price, '99.99'),
        append(o.fees, ['1.00']),
      ])
      same(changed, { ...one, price: '99.99', fees: ['0.10', '3.00', '1.00'] }, 'what update gave')
      same(await db.Coded.get(one), changed, 'what is stored')
    },

    'refinements are asked on every way in': async (t, db) => {
      const one = { group: t.id, id: 1, slug: 'abc', tags: ['a'] }
      await db.Refined.create(one)
      const { requests } = await t.trips(async () => {
        for (const slug of ['', 'ABC', 'abcdef']) {
          await refused(db.Refined.put({ ...one, slug }), 'VALIDATION', { path: ['slug'] })
          await refused(db.Refined.upsert({ ...one, slug }), 'VALIDATION', { path: ['slug'] })
          await refused(db.Refined.update(one, { slug }), 'VALIDATION', { path: ['slug'] })
          await refused(
            db.Refined.update(one, (o, { set, at }) => set(at(o.tags, 0), slug)),
            'VALIDATION',
            { path: ['tags', 0] },
          )
          await refused(
            db.Refined.update(one, (o, { append }) => append(o.tags, ['ok', slug])),
            'VALIDATION',
          )
        }
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Refined.get(one), one, 'what is stored')
    },

    'a condition may compare with what the field could never hold': async (t, db) => {
      await db.Refined.create({ group: t.id, id: 1, slug: 'abc' })
      same(
        await db.Refined.query({ group: t.id })
          .where((o, { eq }) => eq(o.slug, 'NEVER THIS'))
          .all(),
        [],
      )
      same(
        await db.Refined.query({ group: t.id })
          .where((o, { ne }) => ne(o.slug, 'NEVER THIS'))
          .count(),
        1,
      )
    },

    'what cannot be stored is refused by name when the entity is defined': async () => {
      const unfit = {
        any: z.any(),
        transform: z.string().transform((text) => text.length),
        map: z.map(z.string(), z.string()),
        symbol: z.symbol(),
      }
      for (const [name, type] of Object.entries(unfit)) {
        try {
          defineEntity({
            name: 'P1Unfit',
            schema: z.object({ id: z.string(), field: type }),
            key: { partition: ['id'] },
          })
        } catch (error) {
          holds(error instanceof ModelError, `${name} was refused with ${String(error)}, not with a ModelError`)
          holds(
            error.message.includes('field') && error.message.includes(name),
            `the message names neither the field nor ${name}: ${error.message}`,
          )
          continue
        }
        holds(false, `${name} was accepted`)
      }
    },
  },
)
