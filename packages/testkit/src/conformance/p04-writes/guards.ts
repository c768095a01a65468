import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Guarded = defineEntity({
  name: 'P4Guarded',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    status: z.enum(['open', 'closed']),
    stock: z.int().optional(),
    owner: z.string().nullable().optional(),
    lines: z.array(z.object({ sku: z.string(), n: z.int() })).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  revision: true,
})

const one = (group: string) => ({ group, id: '1', status: 'open' as const, stock: 3 })

export const guards: readonly Case[] = cases(
  'P4',
  'guards',
  { Guarded },
  {
    'a guard that holds lets each write through': async (t, db) => {
      await db.Guarded.create(one(t.id))
      same((await db.Guarded.put({ ...one(t.id), stock: 4 }, { if: (o, { eq }) => eq(o.stock, 3) })).stock, 4, 'put')
      same(
        (await db.Guarded.upsert({ ...one(t.id), stock: 5 }, { if: (o, { eq }) => eq(o.stock, 4) })).stock,
        5,
        'upsert',
      )
      same((await db.Guarded.update(one(t.id), { stock: 6 }, { if: (o, { eq }) => eq(o.stock, 5) })).stock, 6, 'update')
      same(
        (await db.Guarded.delete(one(t.id), { if: (o, { eq }) => eq(o.stock, 6), return: 'old' }))?.stock,
        6,
        'delete',
      )
      same(await db.Guarded.get(one(t.id)), undefined, 'what is left')
    },

    'a guard that does not hold is CONDITION_FAILED, and nothing is written': async (t, db) => {
      const stored = await db.Guarded.create(one(t.id))
      const no = { if: { op: 'eq', path: ['stock'], value: 4 } } as const
      await refused(db.Guarded.put({ ...one(t.id), stock: 9 }, no), 'CONDITION_FAILED', { retryable: false })
      await refused(db.Guarded.upsert({ ...one(t.id), stock: 9 }, no), 'CONDITION_FAILED')
      await refused(db.Guarded.update(one(t.id), { stock: 9 }, no), 'CONDITION_FAILED')
      await refused(
        db.Guarded.update(one(t.id), { stock: 9, status: 'closed' }, { ...no, orCreate: true }),
        'CONDITION_FAILED',
      )
      await refused(db.Guarded.delete(one(t.id), no), 'CONDITION_FAILED')
      same(await db.Guarded.get(one(t.id)), stored, 'what is stored, its revision too')
    },

    'a guard on what is absent is NOT_FOUND, never CONDITION_FAILED': async (t, db) => {
      const guard = { if: { op: 'notExists', path: ['owner'] } } as const
      await refused(db.Guarded.put(one(t.id), guard), 'NOT_FOUND')
      await refused(db.Guarded.update(one(t.id), { stock: 1 }, guard), 'NOT_FOUND')
      await refused(db.Guarded.delete(one(t.id), guard), 'NOT_FOUND')
      await refused(db.Guarded.put(one(t.id), { ifRevision: 'x' }), 'NOT_FOUND')
      await refused(db.Guarded.delete(one(t.id), { ifRevision: 'x' }), 'NOT_FOUND')
      same(await db.Guarded.get(one(t.id)), undefined, 'what is stored')
    },

    "upsert's guard is judged only when there is an entity": async (t, db) => {
      const never = { if: { op: 'or', conditions: [] } } as const
      same((await db.Guarded.upsert(one(t.id), never)).stock, 3, 'a new one')
      await refused(db.Guarded.upsert({ ...one(t.id), stock: 4 }, never), 'CONDITION_FAILED')
      await refused(db.Guarded.upsert({ ...one(t.id), id: '2' }, { ifRevision: 'x' }), 'NOT_FOUND')
      same(await db.Guarded.query({ group: t.id }).count(), 1, 'how many there are')
    },

    'errors come in one order: absent, revision, condition, then what depends on the data': async (t, db) => {
      const no = { op: 'eq', path: ['stock'], value: 99 } as const
      const bad = { ifRevision: 'bad', if: no }
      const path = (
        o: { readonly lines: never },
        {
          set,
          at,
        }: { set(field: unknown, value: unknown): never; at(list: never, index: number): { readonly n: unknown } },
      ) => set(at(o.lines, 5).n, 1)
      const change = path as never as Parameters<typeof db.Guarded.update>[1]
      await refused(db.Guarded.update(one(t.id), change, bad), 'NOT_FOUND')
      await refused(db.Guarded.delete(one(t.id), bad), 'NOT_FOUND')
      const { revision } = await db.Guarded.create(one(t.id))
      await refused(db.Guarded.create({ ...one(t.id), stock: 8 }), 'ALREADY_EXISTS')
      await refused(db.Guarded.update(one(t.id), change, bad), 'REVISION_MISMATCH')
      await refused(db.Guarded.put(one(t.id), bad), 'REVISION_MISMATCH')
      await refused(db.Guarded.delete(one(t.id), bad), 'REVISION_MISMATCH')
      await refused(db.Guarded.update(one(t.id), change, { ifRevision: revision, if: no }), 'CONDITION_FAILED')
      await refused(db.Guarded.update(one(t.id), change, { ifRevision: revision }), 'INVALID_PATH')
      await refused(db.Guarded.update(one(t.id), { stock: 0.5 }, bad), 'VALIDATION')
      await refused(db.Guarded.update({ group: t.id, id: 'none' }, { stock: 'x' } as never, bad), 'VALIDATION')
      same((await db.Guarded.get(one(t.id)))?.revision, revision, 'the revision after all of them')
    },

    'a guard reaches into lists and compares key fields': async (t, db) => {
      await db.Guarded.create({
        ...one(t.id),
        lines: [
          { sku: 'a', n: 1 },
          { sku: 'b', n: 2 },
        ],
      })
      const changed = await db.Guarded.update(one(t.id), (o, { add, at }) => add(at(o.lines, 1).n, 1), {
        if: (o, { and, eq, gte, at }) => and(eq(at(o.lines, 1).sku, 'b'), gte(at(o.lines, 1).n, 2), eq(o.id, '1')),
      })
      same(
        changed.lines,
        [
          { sku: 'a', n: 1 },
          { sku: 'b', n: 3 },
        ],
        'what update gave',
      )
      await refused(
        db.Guarded.update(one(t.id), { stock: 0 }, { if: (o, { eq }) => eq(o.id, '2') }),
        'CONDITION_FAILED',
      )
      await refused(
        db.Guarded.update(one(t.id), { stock: 0 }, { if: (o, { eq, at }) => eq(at(o.lines, 2).sku, 'b') }),
        'CONDITION_FAILED',
      )
      await refused(
        db.Guarded.update(one(t.id), { stock: 0 }, { if: (o, { eq, at }) => eq(at(o.lines, 0).sku, 'b') }),
        'CONDITION_FAILED',
      )
    },

    'a guard and its write are one: of fifty takers of ten, ten get one': async (t, db) => {
      await db.Guarded.create({ ...one(t.id), stock: 10 })
      const takers = Array.from({ length: 50 }, () =>
        db.Guarded.update(one(t.id), (o, { add }) => add(o.stock, -1), { if: (o, { gt }) => gt(o.stock, 0) }),
      )
      const results = await Promise.allSettled(takers)
      const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.stock] : []))
      same(
        taken.sort((a, b) => Number(b) - Number(a)),
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        'what the winners saw',
      )
      for (const result of results)
        if (result.status === 'rejected') await refused(Promise.reject(result.reason), 'CONDITION_FAILED')
      same((await db.Guarded.get(one(t.id)))?.stock, 0, 'what is left')
    },
  },
)
