import type { Shop } from './entities.js'
import { accounts, counters, type Done, type Kind, OPENING } from './work.js'

/** What came of the calls of one kind. */
export interface Verdict {
  readonly kind: Kind
  readonly acknowledged: number
  readonly unknown: number
  /** Of those, the ones that are in the store. */
  readonly unknownDone: number
  readonly notCommitted: number
  /** Acknowledged, and not in the store. */
  readonly lost: readonly string[]
  /** Said not to be written, and in the store. */
  readonly denied: readonly string[]
  /** In the store more than once. */
  readonly twice: readonly string[]
  /** Whatever else does not add up. */
  readonly wrong: readonly string[]
}

/** Compares what callers were told with what is in the store. */
export async function judge(db: Shop, done: readonly Done[]): Promise<readonly Verdict[]> {
  const kinds = [...new Set(done.map(({ kind }) => kind))]
  return Promise.all(
    kinds.map(async (kind) => {
      const own = done.filter((one) => one.kind === kind)
      const { times, wrong } = await found[kind](db, own)
      const idsOf = (told: (one: Done) => boolean, count: (n: number) => boolean): string[] =>
        own.filter((one) => told(one) && count(times(one.id))).map(({ id }) => id)
      const isDone = ({ told }: Done): boolean => told === 'acknowledged' || told === 'committed'
      return {
        kind,
        acknowledged: own.filter(isDone).length,
        unknown: own.filter(({ told }) => told === 'unknown').length,
        unknownDone: idsOf(
          ({ told }) => told === 'unknown',
          (n) => n > 0,
        ).length,
        notCommitted: own.filter(({ told }) => told === 'not committed').length,
        lost: idsOf(isDone, (n) => n === 0),
        denied: idsOf(
          ({ told }) => told === 'not committed',
          (n) => n > 0,
        ),
        twice: idsOf(
          () => true,
          (n) => n > 1,
        ),
        wrong,
      }
    }),
  )
}

interface Found {
  /** How often a call's effect is there. */
  times(id: string): number
  readonly wrong: readonly string[]
}

type Find = (db: Shop, done: readonly Done[]) => Promise<Found>

const notes: Find = async (db, done) => {
  const there = await db.Note.getMany(done.map(({ id }) => ({ id })))
  return byId(
    done.flatMap(({ id }, at) => (there[at] === undefined ? [] : [id])),
    [],
  )
}

const found: { readonly [K in Kind]: Find } = {
  async add(db) {
    const all = await db.Counter.getMany(counters.map((id) => ({ id })))
    const wrong = all.flatMap((counter) =>
      counter?.n === counter?.log.length ? [] : [`${counter?.id} is ${counter?.n} of ${counter?.log.length} additions`],
    )
    return byId(
      all.flatMap((counter) => counter?.log ?? []),
      wrong,
    )
  },
  create: notes,
  put: notes,
  async transfer(db, done) {
    const there = (await db.Transfer.getMany(done.map(({ id }) => ({ id })))).filter((one) => one !== undefined)
    const balances = new Map(accounts.map((id) => [id, OPENING]))
    for (const { from, to, amount } of there) {
      balances.set(from, (balances.get(from) ?? 0) - amount)
      balances.set(to, (balances.get(to) ?? 0) + amount)
    }
    const stored = await db.Account.getMany(accounts.map((id) => ({ id })))
    const wrong = stored.flatMap((account) =>
      account?.balance === balances.get(account?.id ?? '')
        ? []
        : [`${account?.id} has ${account?.balance}, and its transfers make ${balances.get(account?.id ?? '')}`],
    )
    return byId(
      there.map(({ id }) => id),
      wrong,
    )
  },
  async unique(db, done) {
    const there = (await db.User.getMany(done.map(({ id }) => ({ id })))).filter((one) => one !== undefined)
    const wrong: string[] = []
    for (const [email, holders] of Map.groupBy(there, (user) => user.email)) {
      if (holders.length > 1) wrong.push(`${email} is held by ${holders.map(({ id }) => id).join(' and ')}`)
      // Whoever has it has it for good: another is refused now, and was not let in before.
      const other = await db.User.create({ id: `late-${email}`, email }).then(
        () => 'was let in',
        ({ code }: { readonly code: string }) => code,
      )
      if (other !== 'UNIQUE_VIOLATION') wrong.push(`${email} is held, and another one ${other}`)
    }
    return byId(
      there.map(({ id }) => id),
      wrong,
    )
  },
}

function byId(ids: readonly string[], wrong: readonly string[]): Found {
  const times = Map.groupBy(ids, (id) => id)
  return { times: (id) => times.get(id)?.length ?? 0, wrong }
}
