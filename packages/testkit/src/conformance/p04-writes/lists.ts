import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Listed = defineEntity({
  name: 'P4Listed',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    list: z.array(z.int()).optional(),
    maybe: z.array(z.string().nullable()).nullable().optional(),
    rows: z
      .array(z.object({ name: z.string(), n: z.int().optional(), inner: z.array(z.string()).optional() }))
      .optional(),
    grid: z.array(z.array(z.int())).optional(),
    title: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const key = (group: string) => ({ group, id: '1' })

export const lists: readonly Case[] = cases(
  'P4',
  'lists',
  { Listed },
  {
    'append and prepend add items, and start from an empty list': async (t, db) => {
      await db.Listed.create(key(t.id))
      same(
        (await db.Listed.update(key(t.id), (o, { append }) => append(o.list, [1, 2]))).list,
        [1, 2],
        'append to an absent list',
      )
      same(
        (await db.Listed.update(key(t.id), (o, { append }) => append(o.list, [3, 3]))).list,
        [1, 2, 3, 3],
        'append to a list',
      )
      same(
        (await db.Listed.update(key(t.id), (o, { prepend }) => prepend(o.list, [8, 9]))).list,
        [8, 9, 1, 2, 3, 3],
        'prepend keeps its order',
      )
      same(
        (await db.Listed.update(key(t.id), (o, { prepend }) => prepend(o.maybe, ['a', null]))).maybe,
        ['a', null],
        'prepend to an absent list',
      )
      same(
        (await db.Listed.update(key(t.id), (o, { append }) => append(o.list, []))).list,
        [8, 9, 1, 2, 3, 3],
        'append of nothing',
      )
      same(
        (await db.Listed.update(key(t.id), (o, { append }) => append(o.rows, []))).rows,
        [],
        'append of nothing to an absent list',
      )
      same(
        await db.Listed.get(key(t.id)),
        { ...key(t.id), list: [8, 9, 1, 2, 3, 3], maybe: ['a', null], rows: [] },
        'what is stored',
      )
    },

    'append and prepend on null are refused, and nothing is written': async (t, db) => {
      const one = { ...key(t.id), maybe: null, title: 'one' }
      await db.Listed.create(one)
      await refused(
        db.Listed.update(one, (o, { append, set }) => [set(o.title, 'no'), append(o.maybe, ['a'])]),
        'INVALID_VALUE',
        { path: ['maybe'] },
      )
      await refused(
        db.Listed.update(one, (o, { prepend, set }) => [set(o.title, 'no'), prepend(o.maybe, [null])]),
        'INVALID_VALUE',
        { path: ['maybe'] },
      )
      same(await db.Listed.get(one), one, 'what is stored')
    },

    'append and prepend reach lists in lists': async (t, db) => {
      await db.Listed.create({ ...key(t.id), rows: [{ name: 'a' }, { name: 'b', inner: ['x'] }], grid: [[1], []] })
      const changed = await db.Listed.update(key(t.id), (o, { append, prepend, at }) => [
        append(at(o.rows, 0).inner, ['p', 'q']),
        prepend(at(o.rows, 1).inner, ['w']),
        append(at(o.grid, 1), [7]),
      ])
      same(changed, {
        ...key(t.id),
        rows: [
          { name: 'a', inner: ['p', 'q'] },
          { name: 'b', inner: ['w', 'x'] },
        ],
        grid: [[1], [7]],
      })
    },

    'an element can be set, and fields of it': async (t, db) => {
      await db.Listed.create({ ...key(t.id), list: [0, 1, 2], rows: [{ name: 'a', n: 1 }, { name: 'b' }] })
      const changed = await db.Listed.update(key(t.id), (o, { set, add, remove, setIfAbsent, at }) => [
        set(at(o.list, 0), 10),
        set(at(o.list, 2), 12),
        add(at(o.rows, 0).n, 5),
        set(at(o.rows, 1).name, 'B'),
        setIfAbsent(at(o.rows, 1).n, 3),
        remove(at(o.rows, 0).inner),
      ])
      same(changed, {
        ...key(t.id),
        list: [10, 1, 12],
        rows: [
          { name: 'a', n: 6 },
          { name: 'B', n: 3 },
        ],
      })
      same(
        (await db.Listed.update(key(t.id), (o, { add, at }) => add(at(o.list, 1), 4))).list,
        [10, 5, 12],
        'add to an element',
      )
    },

    'removing an element closes the gap': async (t, db) => {
      await db.Listed.create({
        ...key(t.id),
        list: [0, 1, 2, 3],
        rows: [{ name: 'a' }, { name: 'b' }],
        grid: [[1, 2], [3]],
      })
      same(
        (await db.Listed.update(key(t.id), (o, { remove, at }) => remove(at(o.list, 1)))).list,
        [0, 2, 3],
        'in the middle',
      )
      same((await db.Listed.update(key(t.id), (o, { remove, at }) => remove(at(o.list, 0)))).list, [2, 3], 'the first')
      same((await db.Listed.update(key(t.id), (o, { remove, at }) => remove(at(o.list, 1)))).list, [2], 'the last')
      same((await db.Listed.update(key(t.id), (o, { remove, at }) => remove(at(o.list, 0)))).list, [], 'the only one')
      const changed = await db.Listed.update(key(t.id), (o, { remove, at }) => [
        remove(at(o.rows, 0)),
        remove(at(at(o.grid, 0), 1)),
      ])
      same(changed, { ...key(t.id), list: [], rows: [{ name: 'b' }], grid: [[1], [3]] }, 'what is stored')
    },

    'several changes of one list all count from the old list': async (t, db) => {
      await db.Listed.create({
        ...key(t.id),
        list: [0, 1, 2, 3, 4, 5],
        rows: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      })
      const changed = await db.Listed.update(key(t.id), (o, { remove, set, add, at }) => [
        remove(at(o.list, 0)),
        remove(at(o.list, 4)),
        remove(at(o.list, 2)),
        set(at(o.list, 5), 50),
        add(at(o.list, 1), 100),
        remove(at(o.rows, 0)),
        set(at(o.rows, 2).name, 'C'),
      ])
      same(changed, { ...key(t.id), list: [101, 3, 50], rows: [{ name: 'b' }, { name: 'C' }] }, 'what update gave')
      same(await db.Listed.get(key(t.id)), changed, 'what is stored')
    },

    'an element beyond the end is INVALID_PATH, and nothing is written': async (t, db) => {
      const one = { ...key(t.id), title: 'one', list: [0, 1], rows: [{ name: 'a' }], maybe: [] }
      await db.Listed.create(one)
      for (const index of [2, 3, 99]) {
        await refused(
          db.Listed.update(one, (o, { set, at }) => [set(o.title, 'no'), set(at(o.list, index), 9)]),
          'INVALID_PATH',
          { path: ['list', index] },
        )
        await refused(
          db.Listed.update(one, (o, { remove, at }) => [remove(o.title), remove(at(o.list, index))]),
          'INVALID_PATH',
          { path: ['list', index] },
        )
        await refused(
          db.Listed.update(one, (o, { add, set, at }) => [set(at(o.list, 0), 5), add(at(o.list, index), 9)]),
          'INVALID_PATH',
        )
        await refused(
          db.Listed.update(one, (o, { setIfAbsent, at }) => setIfAbsent(at(o.list, index), 9)),
          'INVALID_PATH',
        )
        await refused(
          db.Listed.update(one, (o, { set, at }) => set(at(o.rows, index).name, 'x')),
          'INVALID_PATH',
        )
      }
      await refused(
        db.Listed.update(one, (o, { set, at }) => [set(at(o.maybe, 0), 'x')]),
        'INVALID_PATH',
      )
      same(await db.Listed.get(one), one, 'what is stored')
    },

    'an element by something that is no index is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        for (const index of [-1, 0.5, Number.NaN, '0', '$', '$[]']) {
          await refused(
            db.Listed.update(key(t.id), (o, { set, at }) => set(at(o.list, index as never), 1)),
            'VALIDATION',
          )
        }
        await refused(
          db.Listed.update(key(t.id), (o, { append }) => append(o.list, 1 as never)),
          'VALIDATION',
          { path: ['list'] },
        )
        await refused(
          db.Listed.update(key(t.id), (o, { append }) => append(o.list, ['1'] as never)),
          'VALIDATION',
        )
        await refused(
          db.Listed.update(key(t.id), (o, { append }) => append(o.title as never, ['1'] as never)),
          'VALIDATION',
          { path: ['title'] },
        )
      })
      same(requests.length, 0, 'the round trips')
    },

    'thousands of items can be appended at once': async (t, db) => {
      const items = Array.from({ length: 9_000 }, (_, at) => at)
      await db.Listed.create({ ...key(t.id), list: [-1] })
      same((await db.Listed.update(key(t.id), (o, { append }) => append(o.list, items))).list, [-1, ...items])
    },
  },
)
