import { BatchError, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Part = defineEntity({
  name: 'P11Part',
  schema: z.object({ group: z.string(), id: z.int(), v: z.int().max(1_000_000), load: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byV: { partition: ['group'], sort: ['v'] } },
})

const Piece = defineEntity({
  name: 'P11Piece',
  schema: z.object({ group: z.string(), id: z.int() }),
  key: { partition: ['group', 'id'] },
})

const parts = (group: string, count: number) => Array.from({ length: count }, (_, id) => ({ group, id, v: id * 3 }))

/** The smallest batch that any store takes; a store that takes more makes fewer round trips. */
const WRITES_A_TRIP = 25
const READS_A_TRIP = 100

export const many: readonly Case[] = cases(
  'P11',
  'batches',
  { Part, Piece },
  {
    'of no, one and many items, around the limits of a request, do all of them': async (t, db) => {
      for (const count of [0, 1, 2, 24, 25, 26, 99, 100, 101]) {
        const group = `${t.id}-${count}`
        const entities = parts(group, count)
        same(await db.Part.putMany(entities), entities, `what putMany of ${count} gave`)
        same(await db.Part.getMany(entities), entities, `what getMany of ${count} gave`)
        same(await db.Part.query({ group }).count(), count, `how many of ${count} are stored`)
        same(await db.Part.deleteMany(entities), undefined, `what deleteMany of ${count} gave`)
        same(await db.Part.query({ group }).count(), 0, `how many of ${count} are left`)
      }
    },

    'of thousands are sent in few round trips and answered in the order asked': async (t, db) => {
      const count = 1_260
      const entities = parts(t.id, count)
      const put = await t.trips(() => db.Part.putMany(entities))
      same(put.answer, entities, 'what putMany gave')
      holds(
        put.requests.length <= Math.ceil(count / WRITES_A_TRIP) + 5,
        `putMany took ${put.requests.length} round trips`,
      )
      const asked = entities.map((_, at) => ({ group: t.id, id: (at * 997) % count }))
      const got = await t.trips(() => db.Part.getMany(asked))
      same(
        got.answer,
        asked.map(({ id }) => entities[id]),
        'what getMany gave',
      )
      holds(
        got.requests.length <= Math.ceil(count / READS_A_TRIP) + 5,
        `getMany took ${got.requests.length} round trips`,
      )
      const deleted = await t.trips(() => db.Part.deleteMany(asked))
      holds(
        deleted.requests.length <= Math.ceil(count / WRITES_A_TRIP) + 5,
        `deleteMany took ${deleted.requests.length} round trips`,
      )
      same(await db.Part.query({ group: t.id }).count(), 0, 'what is left')
    },

    'getMany keeps order and repetitions, and says undefined where there is none': async (t, db) => {
      const [a, b, c] = await db.Part.putMany(parts(t.id, 3))
      const key = (id: number) => ({ group: t.id, id })
      const asked = [2, 9, 0, 2, 1, 9, 0, -1].map(key)
      same(await db.Part.getMany(asked), [c, undefined, a, c, b, undefined, a, undefined])
      const [first, second] = await db.Part.getMany([key(2), key(2)])
      holds(first !== second, 'a repeated key gave one object twice')
      const many = Array.from({ length: 500 }, (_, at) => key(at % 3))
      const { answer, requests } = await t.trips(() => db.Part.getMany(many))
      same(
        answer,
        many.map(({ id }) => [a, b, c][id]),
        'five hundred times three keys',
      )
      same(requests.length, 1, 'its round trips')
    },

    'putMany of a repeated key writes it once, the last': async (t, db) => {
      const one = (v: number) => ({ group: t.id, id: 1, v })
      const given = [one(1), { group: t.id, id: 2, v: 5 }, one(2), one(3)]
      const { answer, requests } = await t.trips(() => db.Part.putMany(given))
      same(answer.length, 4, 'how many putMany gave')
      holds(requests.length <= 2, `two keys took ${requests.length} round trips`)
      same(await db.Part.query({ group: t.id }).all(), [one(3), given[1]], 'what is stored')
      await db.Part.deleteMany([given[1], given[0], given[1], given[1]].filter((each) => each !== undefined))
      same(await db.Part.query({ group: t.id }).all(), [], 'what a deleteMany of repeated keys left')
    },

    'an invalid item refuses the whole call before anything is sent, and is named': async (t, db) => {
      const entities = parts(t.id, 60)
      const { requests } = await t.trips(async () => {
        const error = await refused(db.Part.putMany(entities.with(57, { group: t.id, id: 57, v: 0.5 })), 'VALIDATION', {
          says: ['57'],
        })
        same(error.operation, 'putMany', 'the operation of the error')
        await refused(db.Part.putMany(entities.with(3, { group: t.id, id: '3' as never, v: 1 })), 'VALIDATION')
        await refused(db.Part.putMany([...entities, undefined as never]), 'VALIDATION')
        await refused(db.Part.getMany([...entities, { group: t.id } as never]), 'VALIDATION', { says: ['id'] })
        await refused(db.Part.deleteMany([...entities, { group: t.id, id: Number.NaN }]), 'VALIDATION', {
          says: ['id'],
        })
        await refused(db.Part.putMany('all' as never), 'VALIDATION')
        await refused(db.Part.getMany({ length: 2 } as never), 'VALIDATION')
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Part.query({ group: t.id }).count(), 0, 'what is stored')
    },

    'an item that the store cannot hold fails by itself, typed and named': async (t, db) => {
      const { entityBytes } = t.limits
      if (entityBytes === undefined) return
      const entities: { group: string; id: number; v: number; load?: string }[] = parts(t.id, 60)
      const given = entities.with(31, { group: t.id, id: 31, v: 1, load: 'x'.repeat(entityBytes + 1) })
      const error = await refused(db.Part.putMany(given), 'LIMIT_EXCEEDED', { retryable: false })
      holds(error instanceof BatchError, 'the error is no BatchError')
      same(
        error.failures.map(({ index, key, error: { code } }) => ({ index, key, code })),
        [{ index: 31, key: { group: t.id, id: 31 }, code: 'LIMIT_EXCEEDED' }],
        'the failures',
      )
      same(await db.Part.query({ group: t.id }).all(), entities.toSpliced(31, 1), 'what is stored')
    },

    'of many partitions work too, over what is there': async (t, db) => {
      const entities = Array.from({ length: 130 }, (_, id) => ({ group: t.id, id }))
      await db.Piece.putMany(entities)
      await db.Piece.putMany(entities)
      same(await db.Piece.getMany(entities), entities, 'what is stored')
      await db.Piece.deleteMany(entities.slice(0, 65))
      same(
        (await db.Piece.getMany(entities)).filter((found) => found !== undefined),
        entities.slice(65),
        'what is left',
      )
      await db.Piece.deleteMany(entities)
      same(
        (await db.Piece.getMany(entities)).filter((found) => found !== undefined),
        [],
        'what is left in the end',
      )
    },

    'near the largest bytes of a request are split': async (t, db) => {
      const size = Math.min(t.limits.entityBytes ?? 300_000, 300_000)
      const entities = parts(t.id, 64).map((part) => ({
        ...part,
        load: String(part.id).padEnd(Math.floor(size * 0.9), 'x'),
      }))
      await db.Part.putMany(entities)
      const found = await db.Part.getMany(entities)
      same(
        found.map((part) => part?.load?.length),
        entities.map((part) => part.load.length),
        'the sizes',
      )
      same(found[63], entities[63], 'the last one')
    },
  },
)
