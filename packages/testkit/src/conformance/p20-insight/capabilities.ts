import { type Capability, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Sized = defineEntity({
  name: 'P20Sized',
  schema: z.object({ group: z.string(), id: z.int() }),
  key: { partition: ['group'], sort: ['id'] },
})

const NAMES: readonly Capability[] = ['read:eventual', 'index:strong', 'transact:store', 'changes:exact']

export const capabilities: readonly Case[] = cases(
  'P20',
  'capabilities',
  { Sized },
  {
    'db says what its adapter claims, and what it keeps to': async (t, db) => {
      const { requests } = await t.trips(async () => {
        for (const name of NAMES) {
          same(db.capabilities[name], t.claims(name), `capabilities of ${name}`)
          same(db.supports(name), t.claims(name), `supports of ${name}`)
        }
        holds(Object.isFrozen(db.capabilities) && Object.isFrozen(db.limits), 'they are not frozen')
        await refused(() => db.supports('transact:galaxy' as never), 'VALIDATION', {
          says: ['transact:galaxy', ...NAMES],
        })
        same(db.limits.transactionItems > 0, t.claims('transact:store'), 'whether transactions have items')
        for (const name of ['getBatch', 'writeBatch', 'concurrency', 'scanSegments'] as const) {
          holds(Number.isSafeInteger(db.limits[name]) && db.limits[name] > 0, `limits.${name} is ${db.limits[name]}`)
        }
      })
      same(requests.length, 0, 'the round trips')
    },

    'a batch is cut as its limits say': async (t, db) => {
      const keys = (count: number): { group: string; id: number }[] =>
        Array.from({ length: count }, (_, id) => ({ group: t.id, id }))
      const { getBatch, writeBatch } = db.limits
      const trips = async (work: () => Promise<unknown>): Promise<number> => (await t.trips(work)).requests.length
      same(await trips(() => db.Sized.putMany(keys(writeBatch))), 1, 'the round trips of putMany')
      same(await trips(() => db.Sized.putMany(keys(writeBatch + 1))), 2, 'the round trips of one more')
      same(await trips(() => db.Sized.getMany(keys(getBatch))), 1, 'the round trips of getMany')
      same(await trips(() => db.Sized.getMany(keys(getBatch + 1))), 2, 'the round trips of one more')
    },

    'a transaction takes as many items as its limits say': {
      requires: 'transact:store',
      run: async (t, db) => {
        const { transactionItems } = db.limits
        const take = (count: number): Promise<unknown> =>
          db.transact((tx) => Array.from({ length: count }, (_, id) => tx.Sized.put({ group: t.id, id })))
        const { requests } = await t.trips(() => refused(take(transactionItems + 1), 'LIMIT_EXCEEDED'))
        same(requests.length, 0, 'the round trips of one too many')
        await take(transactionItems)
        same(await db.Sized.query({ group: t.id }).count(), transactionItems, 'how many were written')
      },
    },
  },
)
