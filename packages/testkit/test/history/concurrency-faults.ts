import { StoreError } from '@isomodel/core'
import type { Driver, Stored, Swap, Transactions } from '@isomodel/core/driver'
import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/faults.js'
import type { Wrong } from '../faults/wrapped.js'

/** A way to be wrong, with a topic of histories that must find it. */
export interface ConcurrencyFault {
  readonly name: string
  readonly wrong: Wrong
  readonly caughtBy: string
}

const REGISTERS = 'histories of guarded writes'
const COUNTERS = 'histories of counters'
const UNIQUES = 'histories of unique values'
const TRANSACTIONS = 'histories of transactions'

const known = (name: string, caughtBy: string): ConcurrencyFault => {
  const { wrong } = faults.find((fault) => fault.name === name) as Fault
  return { name, wrong, caughtBy }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** True once in so many calls. */
function every(times: number): () => boolean {
  let calls = 0
  return () => {
    calls += 1
    return calls % times === 0
  }
}

const withTransactions =
  (wrong: (own: Transactions) => Partial<Transactions>): Wrong =>
  ({ transactions }: Driver) =>
    'missing' in transactions ? {} : { transactions: { ...transactions, ...wrong(transactions) } }

export const concurrencyFaults: readonly ConcurrencyFault[] = [
  known('a lost condition', REGISTERS),
  known('a condition judged before the write, not with it', REGISTERS),
  known('a lost update', COUNTERS),
  known('a write that is sent twice', COUNTERS),
  known('a commit that takes a key whoever has it', UNIQUES),
  known('a commit that leaves out what it removes', UNIQUES),
  {
    name: 'a lost guard of the revision',
    wrong: (driver) => ({
      write: (op, call) => {
        const { token: _, ...guard } = op.guard
        return driver.write({ ...op, guard }, call)
      },
    }),
    caughtBy: REGISTERS,
  },
  {
    name: 'a stale read',
    wrong: (driver) => {
      const isStale = every(5)
      const last = new Map<string, Stored | undefined | 'throttled'>()
      return {
        get: async (requests, call) => {
          const found = await driver.get(requests, call)
          const stale = isStale()
          return requests.map(({ entity, key }, at) => {
            const name = JSON.stringify([entity.name, key])
            const answer = stale && last.has(name) ? last.get(name) : found[at]
            last.set(name, found[at])
            return answer
          })
        },
      }
    },
    caughtBy: REGISTERS,
  },
  {
    name: 'a write that is refused and done',
    wrong: (driver) => ({
      write: async (op, call) => {
        const outcome = await driver.write(op, call)
        if (outcome.status === 'refused' && op.kind === 'put') {
          await driver.write({ ...op, guard: { exists: 'any' } }, call)
        }
        return outcome
      },
    }),
    caughtBy: REGISTERS,
  },
  {
    name: 'a write that is acknowledged and lost',
    wrong: (driver) => ({
      write: async (op, call) => (op.kind === 'delete' ? { status: 'done' } : driver.write(op, call)),
    }),
    caughtBy: REGISTERS,
  },
  {
    name: 'a write that is done and told not to be',
    wrong: (driver) => {
      const isLie = every(10)
      return {
        write: async (op, call) => {
          const outcome = await driver.write(op, call)
          if (!isLie()) return outcome
          throw new StoreError('It was not done.', { code: 'UNAVAILABLE', outcome: 'not committed' })
        },
      }
    },
    caughtBy: COUNTERS,
  },
  {
    name: 'a commit in two halves',
    wrong: withTransactions((own) => ({
      commit: async (swaps, call) => {
        const [first, ...others] = swaps
        if (first === undefined || others.length === 0) return own.commit(swaps, call)
        const came = await own.commit([first], call)
        if (came === 'stale') return came
        await turn()
        await own.commit(others.map(whatever), call)
        return 'done'
      },
    })),
    caughtBy: TRANSACTIONS,
  },
  {
    name: 'a commit that does not look at what was read',
    wrong: withTransactions((own) => ({ commit: (swaps, call) => own.commit(swaps.map(whatever), call) })),
    caughtBy: TRANSACTIONS,
  },
  {
    name: 'a transactional read of one after the other',
    wrong: withTransactions((own) => ({
      read: async (requests, call) => {
        const found: (Stored | undefined)[] = []
        for (const request of requests) {
          const [one] = (await own.read([request], call)) as readonly (Stored | undefined)[]
          found.push(one)
          await turn()
        }
        return found
      },
    })),
    caughtBy: TRANSACTIONS,
  },
]

const whatever = (swap: Swap): Swap => (swap.next === 'keep' ? swap : { ...swap, expected: 'any', inPlace: false })
