import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { roundTrip, setEach } from './round-trip.js'

const Holder = defineEntity({
  name: 'P1Holder',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    object: z
      .object({ a: z.string().optional(), b: z.object({ c: z.int().nullable().optional() }).optional() })
      .optional(),
    record: z.record(z.string(), z.union([z.int(), z.string()]).nullable()).optional(),
    amounts: z.record(z.string(), z.number()).optional(),
    list: z.array(z.string()).optional(),
    sparse: z.array(z.number().nullable()).optional(),
    grid: z.array(z.array(z.bigint())).optional(),
    rows: z.array(z.object({ n: z.int(), when: z.date().optional(), tags: z.set(z.string()).optional() })).optional(),
    pair: z.tuple([z.string(), z.int()]).optional(),
    path: z.tuple([z.string()]).rest(z.boolean()).optional(),
    words: z.set(z.string()).optional(),
    scores: z.set(z.number()).optional(),
    ids: z.set(z.bigint()).optional(),
    named: z.record(z.string(), z.set(z.number())).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

type Fields = Partial<Omit<z.output<typeof Holder.schema>, 'group' | 'id'>>

const holdsAll =
  (fields: readonly Fields[]) =>
  async (
    t: { readonly id: string },
    db: { readonly Holder: Parameters<typeof roundTrip<typeof Holder>>[0] },
  ): Promise<void> => {
    const entities = fields.map((field, id) => ({ group: t.id, id, ...field }))
    await roundTrip(db.Holder, entities)
    await setEach(
      db.Holder,
      fields.map((_, id) => ({ group: t.id, id })),
      fields,
      entities,
    )
  }

const many = Array.from({ length: 9_000 }, (_, at) => at)

export const containers: readonly Case[] = cases(
  'P1',
  'containers',
  { Holder },
  {
    'objects come back equal, empty ones too': holdsAll([
      { object: {} },
      { object: { a: '' } },
      { object: { b: {} } },
      { object: { a: 'x', b: { c: null } } },
      { object: { b: { c: 0 } } },
    ]),
    'records come back equal, empty ones too': holdsAll([
      { record: {} },
      { record: { a: 1, b: '1', c: null, '': '' } },
      { record: { 10: 1, 9: 2, 0: 3, '-1': 4, '01': 5 } },
      { amounts: { a: 0.1, b: -2.5, c: 1e20 } },
    ]),
    'lists come back equal, empty ones and those in lists too': holdsAll([
      { list: [] },
      { list: ['', '', 'a'] },
      { sparse: [null] },
      { sparse: [null, 0, null] },
      { grid: [] },
      { grid: [[]] },
      { grid: [[1n], [], [2n ** 60n, -1n]] },
      { rows: [] },
      { rows: [{ n: 1 }, { n: 2, when: new Date(-5), tags: new Set() }, { n: 3, tags: new Set(['b', 'a']) }] },
    ]),
    'tuples come back equal': holdsAll([{ pair: ['', 0] }, { path: ['p'] }, { path: ['p', true, false] }]),
    'sets come back equal, empty ones and those in containers too': holdsAll([
      { words: new Set() },
      { words: new Set(['']) },
      { words: new Set(['b', '', 'a', '1', '😀', '\0', '__proto__']) },
      { scores: new Set() },
      { scores: new Set([1, 0.1, -5, 1e20, 2 ** 53]) },
      { ids: new Set() },
      { ids: new Set([2n ** 63n - 1n, -(2n ** 63n), 0n, 2n ** 53n + 1n]) },
      { named: { a: new Set(), b: new Set([0.5]) } },
    ]),
    'large containers come back equal': async (t, db) => {
      const large = [
        { group: t.id, id: 1, list: many.map(String) },
        { group: t.id, id: 2, scores: new Set(many) },
        { group: t.id, id: 3, amounts: Object.fromEntries(many.map((at) => [`k${at}`, at])) },
      ]
      for (const entity of large) {
        await db.Holder.create(entity, { return: 'none' })
        same(await db.Holder.get(entity), entity, 'what get gave')
      }
    },
    'all fields together come back equal': holdsAll([
      {
        object: { a: 'a', b: { c: 1 } },
        record: { x: 1 },
        amounts: { y: 0.5 },
        list: ['l'],
        sparse: [null, 1],
        grid: [[1n]],
        rows: [{ n: 1 }],
        pair: ['p', 1],
        path: ['q', true],
        words: new Set(['w']),
        scores: new Set([1]),
        ids: new Set([1n]),
        named: { n: new Set([2]) },
      },
    ]),

    '-0 in containers becomes 0': async (t, db) => {
      const given = {
        group: t.id,
        id: 1,
        amounts: { a: -0 },
        sparse: [-0],
        scores: new Set([-0]),
        pair: ['', -0] as [string, number],
      }
      const kept = {
        group: t.id,
        id: 1,
        amounts: { a: 0 },
        sparse: [0],
        scores: new Set([0]),
        pair: ['', 0] as [string, number],
      }
      await roundTrip(db.Holder, [given], [kept])
    },

    'an object without a prototype is an object': async (t, db) => {
      const bare = <T extends object>(value: T): T => Object.assign(Object.create(null) as T, value)
      const given = bare({ group: t.id, id: 1, object: bare({ a: 'x', b: bare({}) }), amounts: bare({ y: 1 }) })
      await roundTrip(db.Holder, [given], [{ group: t.id, id: 1, object: { a: 'x', b: {} }, amounts: { y: 1 } }])
    },

    'what is undefined in an object is absent': async (t, db) => {
      const given = {
        group: t.id,
        id: 1,
        list: undefined,
        object: { a: undefined, b: { c: undefined } },
        rows: [{ n: 1, when: undefined }],
      }
      await roundTrip(db.Holder, [given as never], [{ group: t.id, id: 1, object: { b: {} }, rows: [{ n: 1 }] }])
    },

    'an element that is undefined, or a value of another type, is refused and named': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const wrong: readonly (readonly [fields: object, path: readonly (string | number)[]])[] = [
        [{ list: ['a', undefined] }, ['list', 1]],
        [{ list: ['a', 1] }, ['list', 1]],
        [{ grid: [[1n], [1]] }, ['grid', 1, 0]],
        [{ rows: [{ n: 1 }, { n: 1.5 }] }, ['rows', 1, 'n']],
        [{ amounts: { a: '1' } }, ['amounts', 'a']],
        [{ object: { b: { c: 'x' } } }, ['object', 'b', 'c']],
        [{ record: { a: '\ud800' } }, ['record', 'a']],
        [{ sparse: [1, Number.NaN] }, ['sparse', 1]],
        [{ pair: ['x'] }, ['pair', 1]],
      ]
      const { requests } = await t.trips(async () => {
        for (const [fields, path] of wrong) {
          await refused(db.Holder.create({ ...key, ...fields } as never), 'VALIDATION', { path })
          await refused(db.Holder.update(key, fields as never), 'VALIDATION', { path })
        }
        for (const words of [new Set([1]), new Set(['\ud800']), ['a']]) {
          await refused(db.Holder.create({ ...key, words } as never), 'VALIDATION')
        }
        await refused(db.Holder.create({ ...key, amounts: { '\udc00': 1 } }), 'VALIDATION')
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
