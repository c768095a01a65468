import { type Condition, defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { idsOf } from './fixtures.js'
import { subjects } from './subjects.js'
import { truths } from './truth-table.js'

const Subject = defineEntity({
  name: 'P8Subject',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    text: z.string().nullable().optional(),
    num: z.number().nullable().optional(),
    int: z.int().nullable().optional(),
    big: z.bigint().nullable().optional(),
    flag: z.boolean().nullable().optional(),
    date: z.date().nullable().optional(),
    bytes: z.instanceof(Uint8Array).nullable().optional(),
    kind: z.enum(['a', 'b', 'c']).nullable().optional(),
    list: z.array(z.string()).nullable().optional(),
    nums: z.array(z.number().nullable()).nullable().optional(),
    rows: z.array(z.object({ a: z.int(), b: z.string().optional() })).optional(),
    set: z.set(z.string()).nullable().optional(),
    bigs: z.set(z.bigint()).optional(),
    object: z
      .object({ a: z.int().nullable().optional(), b: z.object({ c: z.string().optional() }).optional() })
      .nullable()
      .optional(),
    record: z.record(z.string(), z.number()).nullable().optional(),
    any: z
      .union([z.string(), z.number(), z.bigint(), z.boolean(), z.array(z.number())])
      .nullable()
      .optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byGroup: { partition: ['group'] } },
})

const all = subjects.map(({ id }) => id)

export const conditions: readonly Case[] = cases(
  'P8',
  'conditions',
  { Subject },
  {
    'as a filter find exactly what they hold of, and their negation all others': async (t, db) => {
      await db.Subject.putMany(subjects.map((subject) => ({ ...subject, group: t.id })))
      const query = db.Subject.query({ group: t.id })
      for (const [name, build, ids] of truths) {
        same(await idsOf(query.where(build)), ids, name)
        same(
          await idsOf(query.where((o, operators) => operators.not(build(o, operators)))),
          all.filter((id) => !ids.includes(id)),
          `not: ${name}`,
        )
      }
    },

    'as a filter of an index find the same': async (t, db) => {
      await db.Subject.putMany(subjects.map((subject) => ({ ...subject, group: t.id })))
      const query = db.Subject.query('byGroup', { group: t.id })
      await t.settled(() => query.count(), subjects.length, 'how many the index holds')
      for (const [name, build, ids] of truths.filter((_, at) => at % 3 === 0))
        same(await idsOf(query.where(build)), ids, name)
    },

    'as a guard let through exactly what they hold of': async (t, db) => {
      await db.Subject.putMany(subjects.map((subject) => ({ ...subject, group: t.id })))
      for (const [name, build, ids] of truths) {
        const results = await Promise.all(
          all.map((id) => outcome(db.Subject.update({ group: t.id, id }, {}, { if: build, return: 'none' }))),
        )
        same(
          all.filter((id) => results[id] === 'done'),
          ids,
          `the guard ${name} let through`,
        )
        same(
          new Set(results.filter((result) => result !== 'done')),
          new Set(ids.length === all.length ? [] : ['CONDITION_FAILED']),
          `the codes of ${name}`,
        )
      }
    },

    'as data mean the same as in a callback': async (t, db) => {
      await db.Subject.putMany(subjects.map((subject) => ({ ...subject, group: t.id })))
      const condition: Condition = {
        op: 'and',
        conditions: [
          { op: 'gt', path: ['num'], value: 0 },
          { op: 'not', condition: { op: 'eq', path: ['int'], value: 7 } },
        ],
      }
      const revived = JSON.parse(JSON.stringify(condition)) as Condition
      same(await idsOf(db.Subject.query({ group: t.id }).where(condition)), [6, 7], 'as a filter')
      same(await idsOf(db.Subject.query({ group: t.id }).where(revived)), [6, 7], 'as a filter that was serialised')
      same((await db.Subject.update({ group: t.id, id: 6 }, { text: 'y' }, { if: revived })).text, 'y', 'as a guard')
    },

    'may be larger than a request of the store': async (t, db) => {
      await db.Subject.putMany(subjects.map((subject) => ({ ...subject, group: t.id })))
      const query = db.Subject.query({ group: t.id })
      const words = Array.from({ length: 350 }, (_, at) => `word-${at}`)
      const long = 'x'.repeat(6_000)
      same(await idsOf(query.where((o, { in: among }) => among(o.text, [...words, 'abc']))), [3], 'in of 351 values')
      same(
        await idsOf(query.where((o, { in: among, not }) => not(among(o.text, [...words, 'abc'])))),
        [0, 1, 2, 4, 5, 6, 7],
        'not in of 351 values',
      )
      same(
        await idsOf(query.where((o, { or, eq }) => or(...words.map((word) => eq(o.text, word)), eq(o.text, 'x')))),
        [7],
        'or of 351 parts',
      )
      same(await idsOf(query.where((o, { eq, or }) => or(eq(o.text, long), eq(o.text, 'abcd')))), [4], 'a long value')
      same(
        (
          await db.Subject.update(
            { group: t.id, id: 3 },
            { text: long },
            { if: (o, { in: among }) => among(o.text, [...words, 'abc']) },
          )
        ).text,
        long,
        'a guard',
      )
      same(await idsOf(query.where((o, { eq }) => eq(o.text, long))), [3], 'the long value found')
      await refused(
        db.Subject.update(
          { group: t.id, id: 4 },
          { text: 'no' },
          { if: (o, { and, ne }) => and(...words.map((word) => ne(o.text, word)), ne(o.text, 'abcd')) },
        ),
        'CONDITION_FAILED',
      )
    },

    'with values or fields that cannot be are refused before they are sent': async (t, db) => {
      const query = db.Subject.query({ group: t.id })
      const { requests } = await t.trips(async () => {
        const wrong: readonly Parameters<typeof query.where>[0][] = [
          (o, { eq }) => eq(o.text, 1 as never),
          (o, { eq }) => eq(o.text, undefined as never),
          (o, { eq }) => eq(o.text, { $ne: '' } as never),
          (o, { gt }) => gt(o.num, '1' as never),
          (o, { gt }) => gt(o.num, 1n as never),
          (o, { gt }) => gt(o.text, null as never),
          (o, { lt }) => lt(o.big, 1 as never),
          (o, { lt }) => lt(o.date, 0 as never),
          (o, { in: among }) => among(o.text, 'abc' as never),
          (o, { in: among }) => among(o.text, [1] as never),
          (o, { beginsWith }) => beginsWith(o.num as never, '1'),
          (o, { beginsWith }) => beginsWith(o.text, 1 as never),
          (o, { beginsWith }) => beginsWith(o.text, /a/ as never),
          (o, { gt }) => gt(o.list as never, ['a'] as never),
          (o, { contains }) => contains(o.num as never, 1 as never),
          (o, { eq }) => eq((o as never as { readonly nothing: typeof o.text }).nothing, 'x'),
          (_, { eq }) => eq('text' as never, 'x' as never),
          (o, { eq, at }) => eq(at(o.list, -1), 'x'),
          (o, { eq, at }) => eq(at(o.text as never, 0), 'x' as never),
          (_, { and }) => and({ op: '$where', path: ['text'], value: '1' } as never),
          { op: 'eq', path: ['nothing'], value: 1 },
          { op: 'eq', path: ['text', 'a'], value: 1 },
          { op: 'eq', path: [], value: 1 },
          { op: 'eq', path: 'text', value: 'a' } as never,
          { op: 'sum', path: ['num'], value: 1 } as never,
          { $where: '1' } as never,
          'text' as never,
        ]
        for (const condition of wrong) {
          await refused(() => query.where(condition).all(), 'VALIDATION')
          await refused(() => db.Subject.update({ group: t.id, id: 1 }, {}, { if: condition }), 'VALIDATION')
        }
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}
