import { type Db, StoreError } from '@isomodel/core'
import { type Case, cases } from '../../conformance/case.js'
import { same } from '../../conformance/check.js'
import { User } from './uniques.js'

const RACES = 10
const CONTENDERS = 200

const entities = { User }

/** Creations at once, over several connections, of users with one e-mail address. */
export const race = (handles: number): readonly Case[] =>
  cases('P6', 'races', entities, {
    'of 200 creations at once with one unique value one wins, ten times over': {
      requires: 'transact:store',
      run: async (t) => {
        const dbs = await Promise.all(Array.from({ length: handles }, () => t.connect(entities)))
        for (let at = 0; at < RACES; at += 1) await run(dbs, `${t.id}-${at}`)
      },
    },
  })

async function run(dbs: readonly Db<typeof entities>[], group: string): Promise<void> {
  const email = 'ann@example.com'
  const told = await Promise.all(
    Array.from({ length: CONTENDERS }, async (_, at) => {
      try {
        await dbs[at % dbs.length]?.User.create({ group, id: `${at}`, email })
        return 'created'
      } catch (error) {
        if (error instanceof StoreError && error.code !== 'UNSUPPORTED') return error.code
        throw error
      }
    }),
  )
  const counts = Object.fromEntries([...Map.groupBy(told, (one) => one)].map(([one, all]) => [one, all.length]))
  same(counts, { created: 1, UNIQUE_VIOLATION: CONTENDERS - 1 }, 'what came of them')
  const stored = await dbs[0]?.User.query({ group }).all()
  same(stored, [{ group, id: `${told.indexOf('created')}`, email }], 'what is stored')
}
