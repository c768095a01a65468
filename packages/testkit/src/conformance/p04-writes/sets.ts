import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Tagged = defineEntity({
  name: 'P4Tagged',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    words: z.set(z.string()).optional(),
    numbers: z.set(z.number()).optional(),
    bigs: z.set(z.bigint()).optional(),
    maybe: z.set(z.string()).nullable().optional(),
    inner: z.object({ words: z.set(z.string()).optional() }).optional(),
    named: z.record(z.string(), z.set(z.int())).optional(),
    list: z.array(z.string()).optional(),
    title: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const key = (group: string) => ({ group, id: '1' })

export const sets: readonly Case[] = cases(
  'P4',
  'sets',
  { Tagged },
  {
    'addToSet adds members, and starts from the empty set': async (t, db) => {
      await db.Tagged.create(key(t.id))
      const first = await db.Tagged.update(key(t.id), (o, { addToSet }) => [
        addToSet(o.words, new Set(['b', '', 'a'])),
        addToSet(o.numbers, new Set([0.1, -1])),
        addToSet(o.bigs, new Set([2n ** 60n + 1n])),
        addToSet(o.maybe, new Set()),
      ])
      same(
        first,
        {
          ...key(t.id),
          words: new Set(['', 'a', 'b']),
          numbers: new Set([-1, 0.1]),
          bigs: new Set([2n ** 60n + 1n]),
          maybe: new Set(),
        },
        'from absent',
      )
      const second = await db.Tagged.update(key(t.id), (o, { addToSet }) => [
        addToSet(o.words, new Set(['a', '😀'])),
        addToSet(o.numbers, new Set([0.1, 1e20])),
        addToSet(o.bigs, new Set([2n ** 60n, 2n ** 60n + 1n])),
        addToSet(o.maybe, new Set(['x'])),
      ])
      const expected = {
        ...key(t.id),
        words: new Set(['', 'a', 'b', '😀']),
        numbers: new Set([-1, 0.1, 1e20]),
        bigs: new Set([2n ** 60n, 2n ** 60n + 1n]),
        maybe: new Set(['x']),
      }
      same(second, expected, 'with members that are there')
      same(await db.Tagged.get(key(t.id)), expected, 'what is stored')
    },

    'deleteFromSet drops members, and leaves an empty set or absence': async (t, db) => {
      await db.Tagged.create({
        ...key(t.id),
        words: new Set(['a', 'b', '']),
        numbers: new Set([1]),
        bigs: new Set([1n, 2n]),
      })
      const changed = await db.Tagged.update(key(t.id), (o, { deleteFromSet }) => [
        deleteFromSet(o.words, new Set(['b', 'zzz', ''])),
        deleteFromSet(o.numbers, new Set([1])),
        deleteFromSet(o.bigs, new Set()),
        deleteFromSet(o.maybe, new Set(['a'])),
      ])
      const expected = { ...key(t.id), words: new Set(['a']), numbers: new Set<number>(), bigs: new Set([1n, 2n]) }
      same(changed, expected, 'what update gave')
      same(await db.Tagged.get(key(t.id)), expected, 'what is stored')
      same(
        (await db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.numbers, new Set([5])))).numbers,
        new Set([5]),
        'an emptied set, filled again',
      )
    },

    'set operations reach into objects and records': async (t, db) => {
      await db.Tagged.create({ ...key(t.id), inner: {}, named: { a: new Set([1]) } })
      const changed = await db.Tagged.update(key(t.id), (o, { addToSet, deleteFromSet, at }) => [
        addToSet(o.inner.words, new Set(['x'])),
        deleteFromSet(at(o.named, 'a'), new Set([1])),
        addToSet(at(o.named, 'b'), new Set([2])),
        deleteFromSet(at(o.named, 'c'), new Set([3])),
      ])
      same(changed, { ...key(t.id), inner: { words: new Set(['x']) }, named: { a: new Set(), b: new Set([2]) } })
      await refused(
        db.Tagged.update({ group: t.id, id: '2' }, (o, { addToSet }) => addToSet(o.inner.words, new Set(['x']))),
        'NOT_FOUND',
      )
    },

    'set operations on null are refused, and nothing is written': async (t, db) => {
      const one = { ...key(t.id), maybe: null, title: 'one' }
      await db.Tagged.create(one)
      await refused(
        db.Tagged.update(one, (o, { addToSet, set }) => [set(o.title, 'no'), addToSet(o.maybe, new Set(['a']))]),
        'INVALID_VALUE',
        { path: ['maybe'] },
      )
      await refused(
        db.Tagged.update(one, (o, { deleteFromSet, set }) => [
          set(o.title, 'no'),
          deleteFromSet(o.maybe, new Set(['a'])),
        ]),
        'INVALID_VALUE',
        { path: ['maybe'] },
      )
      await refused(
        db.Tagged.update(one, (o, { addToSet, set }) => [set(o.title, 'no'), addToSet(o.inner.words, new Set(['a']))]),
        'INVALID_PATH',
      )
      same(await db.Tagged.get(one), one, 'what is stored')
    },

    'set operations are for sets, and take a Set': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(
          db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.list as never, new Set(['a']) as never)),
          'VALIDATION',
          { path: ['list'] },
        )
        await refused(
          db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.words, ['a'] as never)),
          'VALIDATION',
          { path: ['words'] },
        )
        await refused(
          db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.words, new Set([1]) as never)),
          'VALIDATION',
        )
        await refused(
          db.Tagged.update(key(t.id), (o, { deleteFromSet }) => deleteFromSet(o.numbers, new Set(['1']) as never)),
          'VALIDATION',
        )
        await refused(
          db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.words, new Set(['\ud800']))),
          'VALIDATION',
        )
        await refused(
          db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.bigs, new Set([2n ** 63n]))),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
    },

    'members are told apart by value': async (t, db) => {
      const words = ['1', '01', '1.0', 'é', 'e\u0301', 'A', 'a', ' ', '', '\0', '__proto__', '😀']
      await db.Tagged.create({ ...key(t.id), words: new Set(words) })
      for (const word of words) {
        const without = new Set(words.filter((other) => other !== word))
        same(
          (await db.Tagged.update(key(t.id), (o, { deleteFromSet }) => deleteFromSet(o.words, new Set([word])))).words,
          without,
          `without ${JSON.stringify(word)}`,
        )
        same(
          (await db.Tagged.update(key(t.id), (o, { addToSet }) => addToSet(o.words, new Set([word])))).words,
          new Set(words),
          `with ${JSON.stringify(word)} again`,
        )
      }
    },
  },
)
