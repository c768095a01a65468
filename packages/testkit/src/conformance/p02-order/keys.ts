import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import * as samples from './samples.js'
import { ordered } from './shelf.js'
import { shelfOf } from './shelf-of.js'

const group = z.string()
const key = { partition: ['group'], sort: ['value'] } as const

const Text = defineEntity({ name: 'P2Text', schema: z.object({ group, value: z.string() }), key })
const Num = defineEntity({ name: 'P2Number', schema: z.object({ group, value: z.number() }), key })
const Big = defineEntity({ name: 'P2Bigint', schema: z.object({ group, value: z.bigint() }), key })
const Flag = defineEntity({ name: 'P2Boolean', schema: z.object({ group, value: z.boolean() }), key })
const Day = defineEntity({ name: 'P2Date', schema: z.object({ group, value: z.date() }), key })
const Bytes = defineEntity({ name: 'P2Bytes', schema: z.object({ group, value: z.instanceof(Uint8Array) }), key })
const Kind = defineEntity({
  name: 'P2Enum',
  schema: z.object({ group, value: z.enum(['aa', '😀', 'b', 'ä', 'B', 'a']) }),
  key,
})
const Step = defineEntity({ name: 'P2Literal', schema: z.object({ group, value: z.literal([10, 9, -1, 100]) }), key })

export const keyOrder: readonly Case[] = cases(
  'P2',
  'order of keys',
  { Text, Num, Big, Flag, Day, Bytes, Kind, Step },
  {
    'strings by code point': (t, db) =>
      ordered(
        t,
        shelfOf(db.Text.query({ group: t.id }), 'value', (values) =>
          db.Text.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.strings,
      ),

    'numbers by value': (t, db) => {
      // Keys are encoded by the library, so that they hold numbers which a store's own number type does not; the entity's field does not.
      const { largest = Number.MAX_VALUE, smallest = 0 } = t.limits.number ?? {}
      const held = samples.numbers.filter(
        (value) => value === 0 || (Math.abs(value) <= largest && Math.abs(value) >= smallest),
      )
      return ordered(
        t,
        shelfOf(db.Num.query({ group: t.id }), 'value', (values) =>
          db.Num.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        held,
      )
    },

    'bigints by value': (t, db) =>
      ordered(
        t,
        shelfOf(db.Big.query({ group: t.id }), 'value', (values) =>
          db.Big.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.bigints,
      ),

    'false before true': (t, db) =>
      ordered(
        t,
        shelfOf(db.Flag.query({ group: t.id }), 'value', (values) =>
          db.Flag.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.booleans,
      ),

    'dates by time': (t, db) =>
      ordered(
        t,
        shelfOf(db.Day.query({ group: t.id }), 'value', (values) =>
          db.Day.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.dates,
      ),

    'bytes unsigned, a prefix first': (t, db) =>
      ordered(
        t,
        shelfOf(db.Bytes.query({ group: t.id }), 'value', (values) =>
          db.Bytes.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.bytes,
      ),

    'enums by value, not by declaration': (t, db) =>
      ordered(
        t,
        shelfOf(db.Kind.query({ group: t.id }), 'value', (values) =>
          db.Kind.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        samples.kinds,
      ),

    'literals by value': (t, db) =>
      ordered(
        t,
        shelfOf(db.Step.query({ group: t.id }), 'value', (values) =>
          db.Step.putMany(values.map((value) => ({ group: t.id, value }))),
        ),
        [-1, 9, 10, 100] as const,
      ),

    'prefixes of strings': async (t, db) => {
      await db.Text.putMany(samples.strings.map((value) => ({ group: t.id, value })))
      for (const prefix of [
        '',
        '#',
        '$',
        'a',
        'a#',
        '\0',
        '😀',
        'é',
        '\ud7ff',
        '\uffff',
        '\u{10ffff}',
        'zz',
        '.*',
        '%',
        '[a',
        '^',
      ]) {
        const found = await db.Text.query({ group: t.id })
          .where((o, { beginsWith }) => beginsWith(o.value, prefix))
          .all()
        same(
          found.map((one) => one.value),
          samples.strings.filter((value) => value.startsWith(prefix)),
          `beginsWith ${JSON.stringify(prefix)}`,
        )
      }
    },
  },
)
