import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Listed = defineEntity({
  name: 'P4FarListed',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    list: z.array(z.int()).optional(),
    rows: z.array(z.object({ name: z.string(), n: z.int().optional() })).optional(),
    grid: z.array(z.array(z.int())).optional(),
    title: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const one = (group: string) => ({ group, id: '1', list: [0, 1], rows: [{ name: 'a' }], grid: [[1]], title: 'one' })

/** Beyond what some stores can hold, can count to, or can even read in a path. */
const FAR = [409_599, 409_600, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER] as const

export const farElements: readonly Case[] = cases(
  'P4',
  'far elements',
  { Listed },
  {
    'an element that no list has is absent to a guard': async (t, db) => {
      const entity = one(t.id)
      await db.Listed.create(entity)
      for (const index of FAR) {
        for (const work of [
          () =>
            db.Listed.update(entity, (o, { set }) => set(o.title, 'no'), {
              if: (o, { exists, at }) => exists(at(o.list, index)),
            }),
          () => db.Listed.put(entity, { if: (o, { eq, at }) => eq(at(o.list, index), 1) }),
          () => db.Listed.delete(entity, { if: (o, { ne, at }) => ne(at(o.rows, index).name, 'a') }),
        ]) {
          await refused(work, 'CONDITION_FAILED')
        }
        const changed = await db.Listed.update(entity, (o, { set }) => set(o.title, `far ${index}`), {
          if: (o, { notExists, not, and, lt, at }) =>
            and(notExists(at(o.list, index)), not(lt(at(at(o.grid, 0), index), 9))),
        })
        same(changed, { ...entity, title: `far ${index}` })
      }
    },

    'and to a filter': async (t, db) => {
      const entity = one(t.id)
      await db.Listed.create(entity)
      for (const index of FAR) {
        const query = db.Listed.query({ group: t.id })
        same(await query.where((o, { exists, at }) => exists(at(o.list, index))).all(), [], 'exists')
        same(await query.where((o, { ne, at }) => ne(at(o.rows, index).name, 'x')).all(), [], 'ne')
        same(await query.where((o, { notExists, at }) => notExists(at(o.list, index))).all(), [entity], 'notExists')
        same(
          await query.where((o, { or, eq, at }) => or(eq(at(o.list, index), 1), eq(at(o.list, 1), 1))).all(),
          [entity],
          'or',
        )
      }
    },

    'and INVALID_PATH to a change, of which nothing is written': async (t, db) => {
      const entity = one(t.id)
      await db.Listed.create(entity)
      for (const index of FAR) {
        const path = { path: ['list', index] } as const
        await refused(
          db.Listed.update(entity, (o, { set, at }) => [set(o.title, 'no'), set(at(o.list, index), 5)]),
          'INVALID_PATH',
          path,
        )
        await refused(
          db.Listed.update(entity, (o, { set, remove, at }) => [set(o.title, 'no'), remove(at(o.list, index))]),
          'INVALID_PATH',
          path,
        )
        await refused(
          db.Listed.update(entity, (o, { set, add, at }) => [set(o.title, 'no'), add(at(o.list, index), 5)]),
          'INVALID_PATH',
          path,
        )
        await refused(
          db.Listed.update(entity, (o, { setIfAbsent, at }) => setIfAbsent(at(o.list, index), 5)),
          'INVALID_PATH',
          path,
        )
        await refused(
          db.Listed.update(entity, (o, { append, at }) => append(at(o.grid, index), [5])),
          'INVALID_PATH',
        )
        await refused(
          db.Listed.update(entity, (o, { set, at }) => set(at(o.rows, index).name, 'x')),
          'INVALID_PATH',
        )
      }
      same(await db.Listed.get(entity), entity, 'what is stored')
    },
  },
)
