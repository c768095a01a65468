import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import * as samples from './samples.js'
import { ordered } from './shelf.js'
import { shelfOf } from './shelf-of.js'

const by = <F extends string>(field: F) => ({ partition: ['group'], sort: [field] }) as const

const Sorted = defineEntity({
  name: 'P2Sorted',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    text: z.string().optional(),
    number: z.number().optional(),
    big: z.bigint().nullable().optional(),
    flag: z.boolean().optional(),
    day: z.date().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['aa', '😀', 'b', 'ä', 'B', 'a']).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: {
    byText: by('text'),
    byNumber: by('number'),
    byBig: by('big'),
    byFlag: by('flag'),
    byDay: by('day'),
    byBytes: by('bytes'),
    byKind: by('kind'),
  },
})

/** Entities with one field each, under ids that sort otherwise. */
const rows = <V, F extends string>(
  group: string,
  field: F,
  values: readonly V[],
): ({ group: string; id: number } & { [P in F]: V })[] =>
  values.map((value, id) => ({ group, id, [field]: value }) as { group: string; id: number } & { [P in F]: V })

export const indexOrder: readonly Case[] = cases(
  'P2',
  'order of indexes',
  { Sorted },
  {
    'strings by code point': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byText', { group: t.id }), 'text', (values) =>
          db.Sorted.putMany(rows(t.id, 'text', values)),
        ),
        samples.strings,
      ),
    'numbers by value': (t, db) => {
      const { largest = Number.MAX_VALUE, smallest = 0 } = t.limits.number ?? {}
      const held = samples.numbers.filter(
        (value) => value === 0 || (Math.abs(value) <= largest && Math.abs(value) >= smallest),
      )
      return ordered(
        t,
        shelfOf(db.Sorted.query('byNumber', { group: t.id }), 'number', (values) =>
          db.Sorted.putMany(rows(t.id, 'number', values)),
        ),
        held,
      )
    },
    'bigints by value': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byBig', { group: t.id }), 'big', (values) =>
          db.Sorted.putMany(rows(t.id, 'big', values)),
        ),
        samples.bigints,
      ),
    'false before true': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byFlag', { group: t.id }), 'flag', (values) =>
          db.Sorted.putMany(rows(t.id, 'flag', values)),
        ),
        samples.booleans,
      ),
    'dates by time': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byDay', { group: t.id }), 'day', (values) =>
          db.Sorted.putMany(rows(t.id, 'day', values)),
        ),
        samples.dates,
      ),
    'bytes unsigned, a prefix first': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byBytes', { group: t.id }), 'bytes', (values) =>
          db.Sorted.putMany(rows(t.id, 'bytes', values)),
        ),
        samples.bytes,
      ),
    'enums by value, not by declaration': (t, db) =>
      ordered(
        t,
        shelfOf(db.Sorted.query('byKind', { group: t.id }), 'kind', (values) =>
          db.Sorted.putMany(rows(t.id, 'kind', values)),
        ),
        samples.kinds,
      ),
  },
)
