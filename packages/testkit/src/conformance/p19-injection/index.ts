import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { show } from '../../same/show.js'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Target = defineEntity({
  name: 'P19Target',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    text: z.string(),
    tag: z.string().optional(),
    list: z.array(z.string()).optional(),
    set: z.set(z.string()).optional(),
    record: z.record(z.string(), z.string()).optional(),
    any: z.union([z.string(), z.number(), z.record(z.string(), z.string())]).optional(),
    n: z.int().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byTag: { partition: ['group', 'tag'], sort: ['text'] } },
})

/** Texts that are an operator, a path, a separator, a pattern or a script to some store. */
const hostile: readonly string[] = [
  '$ne',
  '$gt',
  '$where',
  '$text',
  '$$ROOT',
  '$_id',
  '{"$gt":""}',
  '{ $where: "sleep(1000)" }',
  'this.constructor.constructor("return process")()',
  ':v0',
  '#n0',
  'attribute_exists(pk)',
  'SET x = :x REMOVE y',
  'a) OR (1 = 1',
  "' OR '1'='1",
  '"; DROP TABLE orders; --',
  '\\',
  '\\u0000',
  '\0',
  '\r\nFLUSHALL\r\n',
  '*1\r\n$8\r\nFLUSHALL\r\n',
  ']] redis.call("FLUSHALL") --[[',
  '"..redis.call(\'FLUSHALL\').."',
  '%s%n%%',
  '.*',
  '^',
  '(a+)+$',
  '[',
  '*',
  '?',
  'a*',
  '-',
  '+',
  '(',
  '[a',
  'a.b',
  'a[0]',
  '../..',
  '{tag}',
  '{}:{1}',
  '#',
  'P19Target#',
  '__proto__',
  'constructor',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant as data.
  '${1+1}',
  '{{7*7}}',
  '<script>alert(1)</script>',
]

/** What untyped code might hand in where a text belongs. */
const objects: readonly unknown[] = [
  { $gt: '' },
  { $ne: null },
  { $regex: '.*' },
  ['a'],
  { S: 'a' },
  { toString: () => 'a' },
  1,
  true,
  null,
  new Date(0),
  /a/,
  () => 'a',
  Symbol('a'),
]

export const injection: readonly Case[] = cases(
  'P19',
  'injection',
  { Target },
  {
    'a hostile text is data wherever it stands': async (t, db) => {
      const canary = { group: t.id, id: 'canary', text: 'safe', tag: 'safe', n: 1 }
      await db.Target.create(canary)
      const entities = hostile.map((text) => ({
        group: t.id,
        id: text,
        text,
        tag: text,
        list: [text],
        set: new Set([text]),
        record: { [`${text}!`]: text },
        any: text,
      }))
      await db.Target.putMany(entities)
      same(await db.Target.getMany(entities), entities, 'what is stored')
      const query = db.Target.query({ group: t.id })
      for (const entity of entities) {
        const { text } = entity
        const only = async (what: string, found: Promise<{ readonly id: string }[]>): Promise<void> =>
          same(
            (await found).map(({ id }) => id),
            [text],
            `${what} ${show(text)}`,
          )
        await Promise.all([
          only('sort key =', query.where((o, { eq }) => eq(o.id, text)).all()),
          only('field =', query.where((o, { eq }) => eq(o.text, text)).all()),
          only('in', query.where((o, { in: among }) => among(o.text, [text])).all()),
          only('list contains', query.where((o, { contains }) => contains(o.list, text)).all()),
          only('set contains', query.where((o, { contains }) => contains(o.set, text)).all()),
          only('record entry =', query.where((o, { eq, at }) => eq(at(o.record, `${text}!`), text)).all()),
          only('union =', query.where((o, { eq }) => eq(o.any, text)).all()),
        ])
        const prefixed = hostile.filter((other) => other.startsWith(text)).length
        same(
          await query.where((o, { beginsWith }) => beginsWith(o.text, text)).count(),
          prefixed,
          `beginsWith ${show(text)}`,
        )
        const containing = hostile.filter((other) => other.includes(text)).length
        same(
          await query.where((o, { contains }) => contains(o.text, text)).count(),
          containing,
          `contains ${show(text)}`,
        )
        await t.settled(
          async () => (await db.Target.query('byTag', { group: t.id, tag: text }).all()).map(({ id }) => id),
          [text],
          `the index partition ${show(text)}`,
        )
      }
      same(await db.Target.get(canary), canary, 'the canary')
    },

    'a hostile text is data in guards and updates': async (t, db) => {
      const canary = { group: t.id, id: 'canary', text: 'safe', n: 1 }
      await db.Target.create(canary)
      for (const text of hostile) {
        const key = { group: t.id, id: 'one' }
        await db.Target.put({ ...key, text: 'x', list: [], set: new Set(), record: {} })
        const name = `${text}!`
        const changed = await db.Target.update(key, (o, { set, append, addToSet, at, setIfAbsent }) => [
          set(o.text, text),
          setIfAbsent(o.tag, text),
          append(o.list, [text]),
          addToSet(o.set, new Set([text])),
          set(at(o.record, name), text),
        ])
        const expected = { ...key, text, tag: text, list: [text], set: new Set([text]), record: { [name]: text } }
        same(changed, expected, `what an update with ${show(text)} gave`)
        await refused(db.Target.update(key, { n: 9 }, { if: (o, { ne }) => ne(o.text, text) }), 'CONDITION_FAILED')
        await refused(
          db.Target.update(key, { n: 9 }, { if: (o, { eq }) => eq(o.text, `${text} `) }),
          'CONDITION_FAILED',
        )
        const removed = await db.Target.update(
          key,
          (o, { remove, deleteFromSet, at }) => [remove(at(o.record, name)), deleteFromSet(o.set, new Set([text]))],
          { if: (o, { eq, and, contains }) => and(eq(o.text, text), contains(o.list, text)) },
        )
        same(removed, { ...expected, set: new Set(), record: {} }, `what a removal of ${show(text)} gave`)
      }
      same(await db.Target.get(canary), canary, 'the canary')
      same(await db.Target.query({ group: t.id }).count(), 2, 'how many there are')
    },

    'an object is no text, so that it can be no operator': async (t, db) => {
      const one = { group: t.id, id: 'one', text: 'x' }
      await db.Target.create(one)
      const query = db.Target.query({ group: t.id })
      const { requests } = await t.trips(async () => {
        for (const value of objects) {
          const text = value as string
          await refused(db.Target.get({ group: t.id, id: text }), 'VALIDATION')
          await refused(db.Target.get({ group: text, id: 'one' }), 'VALIDATION')
          await refused(db.Target.delete({ group: t.id, id: text }), 'VALIDATION')
          await refused(db.Target.put({ ...one, text }), 'VALIDATION')
          await refused(db.Target.update({ group: t.id, id: text }, { n: 1 }), 'VALIDATION')
          await refused(db.Target.update(one, { text }), 'VALIDATION')
          await refused(() => db.Target.query({ group: text }).all(), 'VALIDATION')
          await refused(() => db.Target.query('byTag', { group: t.id, tag: text }).all(), 'VALIDATION')
          await refused(() => query.where((o, { gte }) => gte(o.text, text)).all(), 'VALIDATION')
          await refused(() => query.where((o, { beginsWith }) => beginsWith(o.id, text)).all(), 'VALIDATION')
          // Whether a text is null is a fair question; whether it is an object is none.
          if (value === null) continue
          await refused(() => query.where((o, { eq }) => eq(o.text, text)).all(), 'VALIDATION')
          await refused(db.Target.update(one, {}, { if: (o, { eq }) => eq(o.text, text) }), 'VALIDATION')
        }
      })
      same(requests.length, 0, 'the round trips')
      same(await query.all(), [one], 'what is stored')
    },

    'an operator as a field, an index or an option is refused': async (t, db) => {
      const one = { group: t.id, id: 'one', text: 'x' }
      await db.Target.create(one)
      const { requests } = await t.trips(async () => {
        for (const name of ['$set', '$where', '_id', 'pk', '__proto__', 'constructor', 'toString', 'text.x', '']) {
          await refused(db.Target.update(one, JSON.parse(`{${JSON.stringify(name)}:"x"}`) as never), 'VALIDATION')
          await refused(
            () =>
              db.Target.query({ group: t.id })
                .where({ op: 'eq', path: [name], value: 'x' })
                .all(),
            'VALIDATION',
          )
          await refused(() => db.Target.query(name as never, { group: t.id } as never).all(), 'VALIDATION')
          await refused(
            () =>
              db.Target.query({ group: t.id })
                .select(name as never)
                .all(),
            'VALIDATION',
          )
        }
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Target.get(one), one, 'what is stored')
    },

    'no prototype is changed by what is written or asked': async (t, db) => {
      const evil = JSON.parse(
        '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}',
      ) as object
      await db.Target.create({ group: t.id, id: 'one', text: 'x', any: { ['__proto__']: 'yes' }, ...evil })
      await db.Target.update(
        { group: t.id, id: 'one' },
        { any: JSON.parse('{"__proto__":"polluted","constructor":"x"}') as Record<string, string> },
      )
      const found = await db.Target.get({ group: t.id, id: 'one' })
      same(found?.any, JSON.parse('{"__proto__":"polluted","constructor":"x"}'), 'what is stored')
      same(({} as { readonly polluted?: unknown }).polluted, undefined, 'what all objects have')
      same(Object.keys(Object.prototype), [], 'the names on the prototype of objects')
    },
  },
)
