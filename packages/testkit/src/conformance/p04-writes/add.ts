import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Meter = defineEntity({
  name: 'P4Meter',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    int: z.int().optional(),
    big: z.bigint().optional(),
    float: z.number().optional(),
    maybe: z.int().nullable().optional(),
    small: z.int().min(-3).max(10).optional(),
    bound: z.bigint().min(0n).max(100n).optional(),
    ratio: z.number().min(0).max(1).optional(),
    required: z.int(),
    named: z.record(z.string(), z.number()).optional(),
    title: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const key = (group: string) => ({ group, id: '1' })

export const adding: readonly Case[] = cases(
  'P4',
  'add',
  { Meter },
  {
    'adds to what is there, and from 0 to an absent optional field': async (t, db) => {
      await db.Meter.create({ ...key(t.id), required: 1 })
      const first = await db.Meter.update(key(t.id), (o, { add }) => [
        add(o.int, 5),
        add(o.big, -7n),
        add(o.float, 0.5),
        add(o.maybe, -1),
        add(o.required, 1),
      ])
      same(first, { ...key(t.id), int: 5, big: -7n, float: 0.5, maybe: -1, required: 2 }, 'from absent')
      const second = await db.Meter.update(key(t.id), (o, { add }) => [
        add(o.int, -6),
        add(o.big, 7n),
        add(o.float, -0.5),
        add(o.maybe, 0),
        add(o.required, 40),
      ])
      same(second, { ...key(t.id), int: -1, big: 0n, float: 0, maybe: -1, required: 42 }, 'to what was there')
      same(await db.Meter.get(key(t.id)), second, 'what is stored')
    },

    'adds as IEEE doubles do': async (t, db) => {
      const sums: readonly (readonly [number, number, number])[] = [
        [0.1, 0.2, 0.30000000000000004],
        [0.7, 0.1, 0.7999999999999999],
        [1e20, 1, 1e20],
        [1e16, 1, 1e16],
        [9007199254740992, 1, 9007199254740992],
        [1, 2 ** -53, 1],
        [-0.3, 0.3, 0],
        [1.1, 2.2, 3.3000000000000003],
        [123456789.123, 0.0001, 123456789.1231],
        [5, -0, 5],
      ]
      for (const [start, by, sum] of sums) {
        await db.Meter.put({ ...key(t.id), required: 1, float: start, named: { x: start } })
        const changed = await db.Meter.update(key(t.id), (o, { add, at }) => [
          add(o.float, by),
          add(at(o.named, 'x'), by),
        ])
        same([changed.float, changed.named], [sum, { x: sum }], `${start} + ${by}`)
        same((await db.Meter.get(key(t.id)))?.float, sum, `${start} + ${by}, stored`)
      }
    },

    'adds exactly over the whole of int64': async (t, db) => {
      const sums: readonly (readonly [bigint, bigint, bigint])[] = [
        [2n ** 53n, 1n, 2n ** 53n + 1n],
        [2n ** 63n - 2n, 1n, 2n ** 63n - 1n],
        [-(2n ** 63n) + 1n, -1n, -(2n ** 63n)],
        [2n ** 63n - 1n, -(2n ** 63n), -1n],
        [999999999999999999n, 1n, 1000000000000000000n],
      ]
      for (const [start, by, sum] of sums) {
        await db.Meter.put({ ...key(t.id), required: 1, big: start })
        same((await db.Meter.update(key(t.id), (o, { add }) => add(o.big, by))).big, sum, `${start} + ${by}`)
      }
    },

    'out of range is INVALID_VALUE, and nothing is written': async (t, db) => {
      const full = {
        ...key(t.id),
        int: Number.MAX_SAFE_INTEGER,
        big: 2n ** 63n - 1n,
        small: 9,
        bound: 1n,
        ratio: 0.75,
        required: Number.MIN_SAFE_INTEGER,
        title: 'one',
      }
      await db.Meter.create(full)
      const no = (field: string, change: Parameters<typeof db.Meter.update>[1]): Promise<unknown> =>
        refused(db.Meter.update(full, change), 'INVALID_VALUE', { path: [field], retryable: false })
      await no('int', (o, { add, set }) => [set(o.title, 'no'), add(o.int, 1)])
      await no('int', (o, { add }) => add(o.int, Number.MAX_SAFE_INTEGER))
      await no('required', (o, { add }) => [add(o.required, -1), add(o.small, 1)])
      await no('big', (o, { add }) => [add(o.big, 1n), add(o.int, -1)])
      await no('big', (o, { add }) => add(o.big, 2n ** 63n - 1n))
      await no('small', (o, { add }) => add(o.small, 2))
      await no('small', (o, { add }) => add(o.small, -13))
      await no('bound', (o, { add }) => add(o.bound, -2n))
      await no('bound', (o, { add }) => add(o.bound, 100n))
      await no('ratio', (o, { add }) => add(o.ratio, 0.5))
      same(await db.Meter.get(full), full, 'what is stored')
      same(
        (await db.Meter.update(full, (o, { add }) => [add(o.small, 1), add(o.bound, 99n), add(o.ratio, 0.25)])).small,
        10,
        'up to the bounds',
      )
    },

    'an absent field starts from 0 within its bounds': async (t, db) => {
      const one = { ...key(t.id), required: 0 }
      await db.Meter.create(one)
      await refused(
        db.Meter.update(one, (o, { add }) => add(o.small, 11)),
        'INVALID_VALUE',
        { path: ['small'] },
      )
      await refused(
        db.Meter.update(one, (o, { add }) => add(o.small, -4)),
        'INVALID_VALUE',
        { path: ['small'] },
      )
      await refused(
        db.Meter.update(one, (o, { add }) => add(o.bound, -1n)),
        'INVALID_VALUE',
        { path: ['bound'] },
      )
      same(await db.Meter.get(one), one, 'what is stored')
      same(
        (await db.Meter.update(one, (o, { add }) => [add(o.small, -3), add(o.bound, 0n)])).bound,
        0n,
        'within the bounds',
      )
    },

    'a double out of range is INVALID_VALUE, and nothing is written': async (t, db) => {
      const largest = t.limits.number?.largest ?? Number.MAX_VALUE
      const one = { ...key(t.id), required: 1, float: largest }
      await db.Meter.create(one)
      const code = t.limits.number === undefined ? 'INVALID_VALUE' : (['INVALID_VALUE', 'LIMIT_EXCEEDED'] as const)
      await refused(
        db.Meter.update(one, (o, { add }) => [add(o.float, largest), add(o.required, 1)]),
        code,
        { path: ['float'] },
      )
      same(await db.Meter.get(one), one, 'what is stored')
    },

    'add on null is INVALID_VALUE, under a missing parent INVALID_PATH': async (t, db) => {
      const one = { ...key(t.id), required: 1, maybe: null }
      await db.Meter.create(one)
      await refused(
        db.Meter.update(one, (o, { add }) => [add(o.required, 1), add(o.maybe, 1)]),
        'INVALID_VALUE',
        { path: ['maybe'] },
      )
      await refused(
        db.Meter.update(one, (o, { add, at }) => [add(o.required, 1), add(at(o.named, 'x'), 1)]),
        'INVALID_PATH',
        { path: ['named', 'x'] },
      )
      same(await db.Meter.get(one), one, 'what is stored')
    },

    'a step that is no number of the field is refused before it is sent': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.int, 0.5)),
          'VALIDATION',
          { path: ['int'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.int, 1n as never)),
          'VALIDATION',
          { path: ['int'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.big, 1 as never)),
          'VALIDATION',
          { path: ['big'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.big, 2n ** 63n)),
          'VALIDATION',
          { path: ['big'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.float, Number.NaN)),
          'VALIDATION',
          { path: ['float'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.float, Number.POSITIVE_INFINITY)),
          'VALIDATION',
          { path: ['float'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.float, '1' as never)),
          'VALIDATION',
          { path: ['float'] },
        )
        await refused(
          db.Meter.update(key(t.id), (o, { add }) => add(o.title as never, 1 as never)),
          'VALIDATION',
          { path: ['title'] },
        )
      })
      same(requests.length, 0, 'the round trips')
    },
  },
)
