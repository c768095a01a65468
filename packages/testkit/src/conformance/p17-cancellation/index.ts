import { defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { ConformanceError, holds, refused, same } from '../check.js'

const Job = defineEntity({
  name: 'P17Job',
  schema: z.object({ group: z.string(), id: z.int(), n: z.int().optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

const jobs = (group: string, count: number) => Array.from({ length: count }, (_, id) => ({ group, id }))

export const cancellation: readonly Case[] = cases(
  'P17',
  'cancellation',
  { Job },
  {
    'an aborted signal stops every call before it is sent': async (t, db) => {
      const signal = AbortSignal.abort()
      const key = { group: t.id, id: 1 }
      const query = db.Job.query({ group: t.id })
      const { requests } = await t.trips(async () => {
        await refused(db.Job.get(key, { signal }), 'ABORTED')
        await refused(db.Job.getMany([key], { signal }), 'ABORTED')
        await refused(db.Job.create(key, { signal }), 'ABORTED')
        await refused(db.Job.put(key, { signal }), 'ABORTED')
        await refused(db.Job.upsert(key, { signal }), 'ABORTED')
        await refused(db.Job.update(key, { n: 1 }, { signal, orCreate: true }), 'ABORTED')
        await refused(db.Job.delete(key, { signal }), 'ABORTED')
        await refused(db.Job.putMany([key], { signal }), 'ABORTED')
        await refused(db.Job.deleteMany([key], { signal }), 'ABORTED')
        await refused(query.all({ signal }), 'ABORTED')
        await refused(query.page({ signal }), 'ABORTED')
        await refused(query.first({ signal }), 'ABORTED')
        await refused(query.one({ signal }), 'ABORTED')
        await refused(query.count({ signal }), 'ABORTED')
        await refused(async () => {
          for await (const _ of query.iterate({ signal })) throw new ConformanceError('an aborted walk gave something')
        }, 'ABORTED')
      })
      same(requests.length, 0, 'the round trips')
      same(await query.count(), 0, 'what is stored')
    },

    'a deadline that has passed stops a call before it is sent': async (t, db) => {
      const key = { group: t.id, id: 1 }
      const { requests } = await t.trips(async () => {
        for (const deadline of [new Date(Date.now() - 1_000), 0, -5]) {
          await refused(db.Job.create(key, { deadline }), 'TIMEOUT')
          await refused(db.Job.get(key, { deadline }), 'TIMEOUT')
          await refused(db.Job.query({ group: t.id }).all({ deadline }), 'TIMEOUT')
        }
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Job.get(key), undefined, 'what is stored')
    },

    'a deadline in time and a signal that stays quiet change nothing': async (t, db) => {
      const options = { signal: new AbortController().signal, deadline: 20_000 }
      const key = { group: t.id, id: 1 }
      same(await db.Job.create({ ...key, n: 1 }, options), { ...key, n: 1 }, 'create')
      same(await db.Job.get(key, options), { ...key, n: 1 }, 'get')
      same(
        await db.Job.query({ group: t.id }).all({ deadline: new Date(Date.now() + 20_000) }),
        [{ ...key, n: 1 }],
        'query',
      )
      await refused(db.Job.get(key, { deadline: Number.NaN }), 'VALIDATION')
      await refused(db.Job.get(key, { deadline: 'soon' as never }), 'VALIDATION')
    },

    'a write that is aborted under way tells the truth about its outcome': async (t, db) => {
      const keys = jobs(t.id, 40)
      const outcomes = await Promise.all(
        keys.map(async (key, at) => {
          const controller = new AbortController()
          const writing = db.Job.create(key, { signal: controller.signal })
          // At once, in the next microtasks, or a little later: before it leaves, on its way, or when it is done.
          if (at % 4 === 1) await Promise.resolve()
          if (at % 4 === 2) await new Promise((resolve) => setTimeout(resolve, at % 3))
          if (at % 4 === 3) await new Promise((resolve) => setImmediate(resolve))
          controller.abort()
          return writing.then(
            () => 'committed' as const,
            (error: unknown) => {
              if (error instanceof StoreError && error.code === 'ABORTED') return error.outcome
              throw new ConformanceError(`an aborted write failed with ${String(error)}`, { cause: error })
            },
          )
        }),
      )
      // What may still be under way with an unknown outcome gets the time to land.
      await new Promise((resolve) => setTimeout(resolve, 300))
      const stored = await db.Job.getMany(keys)
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome === 'unknown') continue
        same(stored[at] !== undefined, outcome === 'committed', `whether write ${at}, said to be ${outcome}, is stored`)
      }
    },

    'a read that is aborted under way is ABORTED, and others go on': async (t, db) => {
      await db.Job.putMany(jobs(t.id, 3))
      const controller = new AbortController()
      const [aborted, other] = [
        db.Job.get({ group: t.id, id: 0 }, { signal: controller.signal }),
        db.Job.get({ group: t.id, id: 1 }),
      ]
      controller.abort()
      await refused(aborted, 'ABORTED')
      same(await other, { group: t.id, id: 1 }, 'another get of the same tick')
    },

    'a walk that is aborted ends with ABORTED': async (t, db) => {
      await db.Job.putMany(jobs(t.id, 1_500))
      const controller = new AbortController()
      let seen = 0
      await refused(async () => {
        for await (const _ of db.Job.query({ group: t.id }).iterate({ signal: controller.signal })) {
          seen += 1
          if (seen === 10) controller.abort()
        }
      }, 'ABORTED')
      holds(seen >= 10 && seen < 1_500, `${seen} of 1,500 were given`)
    },

    'a closed handle refuses every call, and closing again is fine': async (t, db) => {
      const other = await t.connect({ Job })
      await other.Job.create({ group: t.id, id: 1 })
      const query = other.Job.query({ group: t.id })
      await other.close()
      await other.close()
      const key = { group: t.id, id: 1 }
      await refused(other.Job.get(key), 'CLOSED', { says: ['close'] })
      await refused(other.Job.put(key), 'CLOSED')
      await refused(other.Job.putMany([key]), 'CLOSED')
      await refused(query.all(), 'CLOSED')
      await refused(async () => {
        for await (const _ of query) throw new ConformanceError('a closed handle gave something')
      }, 'CLOSED')
      await refused(other.setup(), 'CLOSED')
      same(await db.Job.get(key), key, 'what another handle gets')
    },

    'a handle closes at the end of its scope': async (t, db) => {
      let left: { get(key: { readonly group: string; readonly id: number }): Promise<unknown> } | undefined
      {
        await using scoped = await t.connect({ Job })
        left = scoped.Job
        await scoped.Job.create({ group: t.id, id: 1 })
      }
      await refused(left.get({ group: t.id, id: 1 }), 'CLOSED')
      same(await db.Job.query({ group: t.id }).count(), 1, 'what is stored')
    },
  },
)
