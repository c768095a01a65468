import { type Outcome, StoreError } from '@isomodel/core'
import type { Shop } from './entities.js'

/** What an application asked for, and what it was told of it. */
export interface Done {
  readonly kind: Kind
  readonly id: string
  readonly told: 'acknowledged' | Outcome
  readonly error: unknown
}

export type Kind = 'add' | 'create' | 'put' | 'transfer' | 'unique'

const ACCOUNTS = 6
const COUNTERS = 6
/** What each account begins with. */
export const OPENING = 1_000
export const accounts: readonly string[] = Array.from({ length: ACCOUNTS }, (_, n) => `account-${n}`)
export const counters: readonly string[] = Array.from({ length: COUNTERS }, (_, n) => `counter-${n}`)

export async function begin(db: Shop): Promise<void> {
  await db.setup()
  await db.Account.putMany(accounts.map((id) => ({ id, balance: OPENING })))
  await db.Counter.putMany(counters.map((id) => ({ id, n: 0, log: [] })))
}

const at = (list: readonly string[], n: number): string => list[n % list.length] as string

const calls: { readonly [K in Kind]: (db: Shop, id: string, n: number) => Promise<unknown> } = {
  add: (db, id, n) =>
    db.Counter.update({ id: at(counters, n) }, (o, { add, append }) => [add(o.n, 1), append(o.log, [id])]),
  create: (db, id) => db.Note.create({ id, text: id }),
  put: (db, id) => db.Note.put({ id, text: id }),
  transfer: (db, id, n) => {
    const [from, to, amount] = [at(accounts, n), at(accounts, n + 1 + (n % 5)), 1 + (n % 7)]
    return db.transact((t) => [
      t.Account.update({ id: from }, (o, { add }) => add(o.balance, -amount)),
      t.Account.update({ id: to }, (o, { add }) => add(o.balance, amount)),
      t.Transfer.create({ id, from, to, amount }),
    ])
  },
  unique: (db, id, n) => db.User.create({ id, email: `user-${Math.floor(n / 3)}@example.com` }),
}

/** Runs calls of the kinds in turn, so many at a time, until `count` are done or `until` says so. */
export async function work(
  db: Shop,
  kinds: readonly Kind[],
  { count, together, until = () => false }: { count: number; together: number; until?: () => boolean },
): Promise<readonly Done[]> {
  const done: Done[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count && !until(); n = next++) {
      const kind = kinds[n % kinds.length] as Kind
      const id = `${kind}-${n}`
      const end = await calls[kind](db, id, Math.floor(n / kinds.length)).then(
        () => ({ told: 'acknowledged' as const, error: undefined }),
        (error: unknown) => ({ told: toldBy(error), error }),
      )
      done.push({ kind, id, ...end })
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
  return done
}

/** An error that is no StoreError says nothing of the outcome, and is wrong by itself. */
function toldBy(error: unknown): Outcome {
  if (error instanceof StoreError) return error.outcome
  throw error
}
