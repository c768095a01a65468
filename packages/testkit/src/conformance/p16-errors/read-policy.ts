import { defineEntity, type StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const ProfileBefore = defineEntity({
  name: 'P16Profile',
  schema: z.object({ group: z.string(), id: z.int(), age: z.string(), note: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
})
const ProfileNow = defineEntity({
  name: 'P16Profile',
  schema: z.object({ group: z.string(), id: z.int(), age: z.int(), note: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

export const readPolicy: readonly Case[] = cases(
  'P16',
  'stored entities that do not fit',
  { Profile: ProfileBefore },
  {
    'are given as they are by default': async (t, db) => {
      await db.Profile.create({ group: t.id, id: 1, age: 'old' })
      const now = await t.connect({ Profile: ProfileNow })
      const given: unknown = await now.Profile.get({ group: t.id, id: 1 })
      same(given, { group: t.id, id: 1, age: 'old' })
    },

    'are reported with their key, and given, under warn': async (t, db) => {
      await db.Profile.putMany([
        { group: t.id, id: 1, age: 'old' },
        { group: t.id, id: 2, age: '7' },
      ])
      const warnings: StoreError[] = []
      const now = await t.connect(
        { Profile: ProfileNow },
        { readPolicy: 'warn', onWarning: (problem) => warnings.push(problem) },
      )
      const given: unknown = await now.Profile.query({ group: t.id }).all()
      same(
        given,
        [
          { group: t.id, id: 1, age: 'old' },
          { group: t.id, id: 2, age: '7' },
        ],
        'what query gave',
      )
      same(
        warnings.map(({ code, key, path }) => ({ code, key, path })),
        [1, 2].map((id) => ({ code: 'CORRUPT', key: { group: t.id, id }, path: ['age'] })),
        'the warnings',
      )
    },

    'are CORRUPT with their key under strict, on every read': async (t, db) => {
      await db.Profile.create({ group: t.id, id: 1, age: 'old' })
      await db.Profile.create({ group: t.id, id: 2, age: 'x' })
      const now = await t.connect({ Profile: ProfileNow }, { readPolicy: 'strict' })
      const key = { group: t.id, id: 1 }
      const said = { path: ['age'], retryable: false } as const
      for (const error of [
        await refused(now.Profile.get(key), 'CORRUPT', said),
        await refused(now.Profile.getMany([key]), 'CORRUPT', said),
        await refused(now.Profile.query({ group: t.id }).all(), 'CORRUPT', said),
        await refused(now.Profile.query({ group: t.id }).first(), 'CORRUPT', said),
      ]) {
        same(error.key, key, 'the key of the error')
      }
      same(await now.Profile.query({ group: t.id }).count(), 2, 'a count, which reads no values')
      same((await now.Profile.put({ ...key, age: 7 })).age, 7, 'a put over it')
      same(await now.Profile.get(key), { ...key, age: 7 }, 'what is stored then')
    },

    'under strict make no write that was done look as if it was not': async (t, db) => {
      const now = await t.connect({ Profile: ProfileNow }, { readPolicy: 'strict' })
      const key = { group: t.id, id: 1 }
      const said = { path: ['age'], outcome: 'committed', says: ['The write is in the store'] } as const
      await db.Profile.create({ ...key, age: 'old' })
      await refused(now.Profile.update(key, { note: 'noted' }), 'CORRUPT', said)
      same(await db.Profile.get(key), { ...key, age: 'old', note: 'noted' }, 'what an update left')
      await refused(now.Profile.put({ ...key, age: 7 }, { return: 'old' }), 'CORRUPT', said)
      same(await now.Profile.get(key), { ...key, age: 7 }, 'what a put left')
      await db.Profile.put({ ...key, age: 'older' })
      await refused(now.Profile.delete(key, { return: 'old' }), 'CORRUPT', said)
      same(await db.Profile.get(key), undefined, 'what a delete left')
    },
  },
)
