import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused } from '../check.js'

const Account = defineEntity({
  name: 'P16Remote',
  schema: z.object({ tenant: z.string(), email: z.string() }),
  key: { partition: ['tenant'], sort: ['email'] },
})

export const unreachable: readonly Case[] = cases(
  'P16',
  'an unreachable store',
  { Account },
  {
    'is UNAVAILABLE, quickly, retryable, and nothing is committed': {
      needs: 'unreachable',
      run: async (t) => {
        const started = Date.now()
        const call = async (
          work: (db: Awaited<ReturnType<typeof t.connectNowhere<{ Account: typeof Account }>>>) => Promise<unknown>,
        ): Promise<unknown> => {
          const db = await t.connectNowhere({ Account }, { attempts: 1 })
          return work(db)
        }
        const key = { tenant: t.id, email: 'a@example.org' }
        for (const error of [
          await refused(
            call((db) => db.Account.get(key)),
            'UNAVAILABLE',
            { retryable: true },
          ),
          await refused(
            call((db) => db.Account.create(key)),
            'UNAVAILABLE',
            { retryable: true },
          ),
          await refused(
            call((db) => db.Account.query({ tenant: t.id }).all()),
            'UNAVAILABLE',
            { retryable: true },
          ),
        ]) {
          holds(error.cause !== undefined, "UNAVAILABLE has no cause with the client's own words")
          holds(
            /\d{2,5}|localhost|127\.0\.0\.1/.test(error.message),
            `the message does not say where: ${error.message}`,
          )
        }
        const took = Date.now() - started
        holds(took < 30_000, `it took ${took} ms to find that nothing listens`)
      },
    },
  },
)
