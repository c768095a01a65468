import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const schema = z.object({ group: z.string(), id: z.string(), n: z.int().optional() })
const key = { partition: ['group'], sort: ['id'] } as const

const Versioned = defineEntity({
  name: 'P5Versioned',
  schema,
  key,
  indexes: { byN: { partition: ['group'], sort: ['n'] } },
  revision: true,
})
const Renamed = defineEntity({ name: 'P5Renamed', schema, key, revision: 'etag' })

export const revisionCases: readonly Case[] = cases(
  'P5',
  'revisions',
  { Versioned, Renamed },
  {
    'every write gives a new revision, and every read the last one': async (t, db) => {
      const one = { group: t.id, id: '1' }
      const seen = [(await db.Versioned.create({ ...one, n: 1 })).revision]
      seen.push((await db.Versioned.put({ ...one, n: 1 })).revision)
      seen.push((await db.Versioned.upsert({ ...one, n: 1 })).revision)
      seen.push((await db.Versioned.update(one, { n: 1 })).revision)
      seen.push((await db.Versioned.update(one, (o, { add }) => add(o.n, 0))).revision)
      seen.push((await db.Versioned.update(one, {})).revision)
      seen.push(...(await db.Versioned.putMany([{ ...one, n: 1 }])).map(({ revision }) => revision))
      const last = seen.at(-1)
      same((await db.Versioned.get(one))?.revision, last, 'what get gave')
      same((await db.Versioned.getMany([one]))[0]?.revision, last, 'what getMany gave')
      same((await db.Versioned.query({ group: t.id }).one()).revision, last, 'what query gave')
      await t.settled(
        async () => (await db.Versioned.query('byN', { group: t.id }).first())?.revision,
        last,
        'what the index gave',
      )
      same((await db.Versioned.update(one, { n: 2 }, { return: 'old' }))?.revision, last, 'the old one')
      same(
        (await db.Versioned.delete(one, { return: 'old' }))?.revision === last,
        false,
        'that the last update changed it',
      )
      seen.push((await db.Versioned.create({ ...one, n: 1 })).revision)
      same(new Set(seen).size, seen.length, 'how many different ones there were')
      holds(
        seen.every((revision) => typeof revision === 'string' && revision !== ''),
        'a revision is no text',
      )
    },

    'ifRevision lets the reader of the last revision write, and no other': async (t, db) => {
      const one = { group: t.id, id: '1' }
      const first = await db.Versioned.create({ ...one, n: 1 })
      const second = await db.Versioned.update(one, { n: 2 }, { ifRevision: first.revision })
      same(second.n, 2, 'with the last revision')
      await refused(db.Versioned.update(one, { n: 3 }, { ifRevision: first.revision }), 'REVISION_MISMATCH', {
        retryable: false,
      })
      await refused(db.Versioned.put({ ...one, n: 3 }, { ifRevision: first.revision }), 'REVISION_MISMATCH')
      await refused(db.Versioned.upsert({ ...one, n: 3 }, { ifRevision: first.revision }), 'REVISION_MISMATCH')
      await refused(db.Versioned.delete(one, { ifRevision: first.revision }), 'REVISION_MISMATCH')
      same(await db.Versioned.get(one), second, 'what is stored')
      const third = await db.Versioned.put({ ...one, n: 3 }, { ifRevision: second.revision })
      const fourth = await db.Versioned.upsert({ ...one, n: 4 }, { ifRevision: third.revision })
      await db.Versioned.delete(one, { ifRevision: fourth.revision })
      same(await db.Versioned.get(one), undefined, 'what is left')
    },

    'an unknown revision is a mismatch, whatever it is': async (t, db) => {
      const one = { group: t.id, id: '1' }
      const stored = await db.Versioned.create(one)
      for (const revision of [
        '',
        '0',
        'x',
        '*',
        '$ne',
        stored.revision.toUpperCase() + 'x',
        `${stored.revision} `,
        stored.revision.slice(0, -1),
        'é'.repeat(500),
      ]) {
        await refused(db.Versioned.update(one, { n: 9 }, { ifRevision: revision }), 'REVISION_MISMATCH')
      }
      for (const revision of [null, 1, {}, { $ne: '' }, ['x'], true]) {
        await refused(db.Versioned.update(one, { n: 9 }, { ifRevision: revision as never }), 'VALIDATION')
      }
      same(await db.Versioned.get(one), stored, 'what is stored')
    },

    'a revision is never that of the same key before a delete': async (t, db) => {
      const one = { group: t.id, id: '1' }
      const before = await db.Versioned.create(one)
      await db.Versioned.delete(one)
      await refused(db.Versioned.update(one, { n: 1 }, { ifRevision: before.revision }), 'NOT_FOUND')
      const after = await db.Versioned.create(one)
      await refused(db.Versioned.update(one, { n: 1 }, { ifRevision: before.revision }), 'REVISION_MISMATCH')
      same(await db.Versioned.get(one), after, 'what is stored')
    },

    'a revision inside an entity is no guard, and is not taken over': async (t, db) => {
      const one = await db.Versioned.create({ group: t.id, id: '1', n: 1 })
      await db.Versioned.update(one, { n: 2 })
      const put = await db.Versioned.put({ ...one, n: 3 })
      same(put.n, 3, 'what put gave')
      same(put.revision === one.revision, false, 'that the revision is a new one')
      same((await db.Versioned.upsert({ ...one, n: 4 })).n, 4, 'what upsert gave')
      await refused(db.Versioned.update(one, { revision: 'mine' } as never), 'VALIDATION')
    },

    'of ten writers with one revision, one wins': async (t, db) => {
      const one = await db.Versioned.create({ group: t.id, id: '1', n: 0 })
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => db.Versioned.update(one, { n: n + 1 }, { ifRevision: one.revision })),
      )
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      same(won.length, 1, 'how many won')
      for (const result of results)
        if (result.status === 'rejected') await refused(Promise.reject(result.reason), 'REVISION_MISMATCH')
      same(await db.Versioned.get(one), won[0], 'what is stored')
    },

    'the revision can have another name': async (t, db) => {
      const one = await db.Renamed.create({ group: t.id, id: '1', n: 1 })
      same(Object.keys(one).sort(), ['etag', 'group', 'id', 'n'], 'the fields')
      await refused(db.Renamed.update(one, { n: 2 }, { ifRevision: 'x' }), 'REVISION_MISMATCH')
      const next = await db.Renamed.update(one, { n: 2 }, { ifRevision: one.etag })
      same(await db.Renamed.get(one), next, 'what is stored')
    },
  },
)
