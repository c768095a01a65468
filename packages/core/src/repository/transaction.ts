import { identityOf } from '../driver/batch.js'
import type { Call, GetRequest, Stored, Swap, Transactions, WriteOp, WriteOutcome } from '../driver/contract.js'
import { judgeGuard, liveOf, outcomeOf } from '../driver/judge.js'
import { shownKey } from '../driver/shown-key.js'
import { newToken } from '../driver/token.js'
import { StoreError, UnsupportedError } from '../errors/store-error.js'
import { TransactionError } from '../errors/transaction-error.js'
import { reportOf } from './call.js'
import { judgeChecked } from './checked-update.js'
import { masked } from './masked.js'
import { refusalError } from './refusal.js'
import type { Session } from './session.js'
import { confirm } from './settle.js'
import type { Asked, TransactionOp } from './transaction-items.js'
import { fingerprintOf, recordOf, transactionRecord } from './transaction-record.js'
import { recordKey } from './unique-record.js'
import { type Change, type KnownRecords, uniqueSwaps } from './unique-swaps.js'
import { untilFresh } from './until-fresh.js'

/** Does all items or none; the entities that they leave, in their order. */
export async function transact(
  session: Session,
  asked: readonly Asked[],
  token: string | undefined,
  call: Call,
): Promise<readonly (Stored | undefined)[]> {
  const now = session.now()
  const ops = composed(asked, now)
  refuseRepeated(asked, ops)
  if (ops.length === 0) return []
  const transactions = requireTransactions(session)
  const record = token === undefined ? undefined : await recordFor(token, ops, now)
  refuseTooMany(transactions, ops.length + (record === undefined ? 0 : 1))

  let known: KnownRecords = new Map()
  return untilFresh("the transaction's entities", call, async () => {
    const found = await read(session, ops, record, call)
    if (record !== undefined && isRepeated(found.record, record, now)) {
      return (await readTogether(session, ops, call)).map((stored, at) => (leaves(ops[at]) ? stored : undefined))
    }
    const judged = ops.map((op, index) => judgeItem(op, found.current.get(op), asked[index] as Asked, index))
    const uniques = await uniqueSwaps(judged.map(changeOf), known, now, (at, error) =>
      itemError(asked[at] as Asked, at, error),
    )
    const swaps = [...judged.flatMap(({ swap }) => swap ?? []), ...uniques.swaps]
    refuseTooMany(transactions, swaps.length + (record === undefined ? 0 : 1))
    if (record !== undefined) {
      swaps.push(swapOf(record, found.record, { values: record.values, token: newToken() }, false))
    }
    const outcome = await commit(session, transactions, swaps, call)
    if (outcome === 'done') return judged.map(({ left }) => left)
    known = await readRecords(session, uniques.values, call)
    return outcome
  })
}

/** One write of an entity with unique constraints: a transaction of its own. */
export function writeUnique(session: Session, op: WriteOp, call: Call): Promise<WriteOutcome> {
  const transactions = requireTransactions(session)
  let known: KnownRecords = new Map()
  return untilFresh('the entity', call, async () => {
    const [current] = await session.getMany([op], { ...call, consistency: 'strong' })
    const judgement = judgeChecked(op, current)
    if (judgement.status === 'refused') return judgement
    const next = judgement.next === undefined ? undefined : { values: judgement.next, token: op.token }
    const inPlace = op.kind === 'update' && judgement.live !== undefined
    const gone = current === undefined ? ('keep' as const) : ('delete' as const)
    const swap = swapOf(op, current, next ?? gone, inPlace)
    const change = { entity: op.entity, before: current, after: next }
    const uniques = await uniqueSwaps([change], known, op.now, (_, error) => error)
    const outcome = await commit(session, transactions, [swap, ...uniques.swaps], call)
    if (outcome === 'done') return outcomeOf(op, judgement)
    known = await readRecords(session, uniques.values, call)
    return outcome
  })
}

/** What is there of the records of values. */
export async function readRecords(session: Session, values: readonly string[], call: Call): Promise<KnownRecords> {
  if (values.length === 0) return new Map()
  const stored = await session.getMany(values.map(recordKey), { ...call, consistency: 'strong' })
  return new Map(values.map((value, at) => [value, stored[at]]))
}

/** Entities at one moment. */
export async function transactGet(
  session: Session,
  asked: readonly Asked[],
  call: Call,
): Promise<readonly (Stored | undefined)[]> {
  return readTogether(session, composed(asked, session.now()), call)
}

interface TokenRecord extends GetRequest {
  readonly values: ReturnType<typeof recordOf>
}

async function recordFor(token: string, ops: readonly TransactionOp[], now: number): Promise<TokenRecord> {
  return {
    entity: transactionRecord,
    key: { token },
    values: recordOf(token, await fingerprintOf(ops), now),
  }
}

/** What the items are judged on. What need not be known is not read: a put or a delete that nothing guards. */
async function read(
  session: Session,
  ops: readonly TransactionOp[],
  record: TokenRecord | undefined,
  call: Call,
): Promise<{ current: Map<TransactionOp, Stored | undefined>; record: Stored | undefined }> {
  const needed = ops.filter(
    (op) => op.kind === 'update' || op.kind === 'check' || op.guard.exists !== 'any' || isUnique(op),
  )
  const requests: GetRequest[] = record === undefined ? [...needed] : [...needed, record]
  if (requests.length === 0) return { current: new Map(), record: undefined }
  const stored = await session.getMany(requests, { ...call, consistency: 'strong' })
  return {
    current: new Map(needed.map((op, at) => [op, stored[at]])),
    record: record === undefined ? undefined : stored[needed.length],
  }
}

/** Whether the token's transaction was done already. */
function isRepeated(found: Stored | undefined, record: TokenRecord, now: number): boolean {
  const live = liveOf({ entity: transactionRecord, now }, found)
  if (live === undefined) return false
  if (live.values.fingerprint === record.values.fingerprint) return true
  throw new StoreError(
    'The token names a transaction with other writes. Give each transaction a token of its own; ids and defaults that are made anew with each call make other writes.',
    { code: 'VALIDATION' },
  )
}

const isUnique = ({ entity }: GetRequest): boolean => entity.uniques.length > 0

/** What an item does to its entity, for the unique values that it has. */
const changeOf = ({ op, before, after }: Judged): Change => ({ entity: op.entity, before, after })

interface Judged {
  readonly op: TransactionOp
  readonly before: Stored | undefined
  readonly after: Stored | undefined
  readonly swap: Swap | undefined
  readonly left: Stored | undefined
}

function judgeItem(op: TransactionOp, current: Stored | undefined, asked: Asked, index: number): Judged {
  if (op.kind === 'check') {
    const refusal = judgeGuard(op.guard, liveOf(op, current))
    if (refusal !== undefined) throw itemError(asked, index, refusalError(refusal))
    return { op, before: current, after: current, swap: swapOf(op, current, 'keep', false), left: undefined }
  }
  if (op.kind !== 'update' && op.guard.exists === 'any' && !isUnique(op)) {
    const next = op.kind === 'put' ? { values: op.values, token: op.token } : 'delete'
    return {
      op,
      before: undefined,
      after: undefined,
      swap: { entity: op.entity, key: op.key, expected: 'any', next, inPlace: false },
      left: next === 'delete' ? undefined : next,
    }
  }
  const judgement = judgeChecked(op, current)
  if (judgement.status === 'refused') throw itemError(asked, index, refusalError(judgement))
  if (judgement.next === undefined) {
    const swap = swapOf(op, current, current === undefined ? 'keep' : 'delete', false)
    return { op, before: current, after: undefined, swap, left: undefined }
  }
  const next = { values: judgement.next, token: op.token }
  const inPlace = op.kind === 'update' && judgement.live !== undefined
  const left = leftBy(outcomeOf({ ...op, returning: 'new' }, judgement))
  return { op, before: current, after: next, swap: swapOf(op, current, next, inPlace), left }
}

const leftBy = (outcome: WriteOutcome): Stored | undefined => (outcome.status === 'done' ? outcome.new : undefined)

const swapOf = (
  { entity, key }: GetRequest,
  current: Stored | undefined,
  next: Swap['next'],
  inPlace: boolean,
): Swap => ({
  entity,
  key,
  expected: current ?? 'absent',
  next,
  inPlace,
})

/** One commit. When its reply is lost, it was done exactly when an entity carries the token that it wrote. */
async function commit(
  session: Session,
  transactions: Transactions,
  swaps: readonly Swap[],
  call: Call,
): Promise<'done' | 'stale'> {
  try {
    return await session.writing(call, () => transactions.commit(swaps, call))
  } catch (error) {
    if (!(error instanceof StoreError) || error.outcome !== 'unknown') throw error
    const written = swaps.filter(({ next }) => typeof next === 'object')
    if (written.length === 0) throw error
    const stored = await session.getMany(written, { ...call, consistency: 'strong' }).catch(() => {
      // The store cannot be asked either: what is known is what the commit's own error says.
      throw error
    })
    const found = written.find(({ next }, at) => typeof next === 'object' && stored[at]?.token === next.token)
    if (found === undefined) throw error
    await confirm(session, { ...found, token: (found.next as Stored).token }, call, error)
    return 'done'
  }
}

function composed(asked: readonly Asked[], now: number): readonly TransactionOp[] {
  return asked.map((item, index) => placed(item, index, () => item.compose(now)))
}

async function readTogether(
  session: Session,
  ops: readonly TransactionOp[],
  call: Call,
): Promise<readonly (Stored | undefined)[]> {
  if (ops.length === 0) return []
  const transactions = requireTransactions(session)
  const places = new Map<string, GetRequest>()
  for (const op of ops) places.set(identityOf(op), op)
  refuseTooMany(transactions, places.size)
  const found = await untilFresh("the transaction's entities", call, () =>
    session.reading(call, () => transactions.read([...places.values()], call)),
  )
  reportOf(call)?.read(found.filter((stored) => stored !== undefined).length)
  const byPlace = new Map([...places.keys()].map((place, at) => [place, found[at]]))
  return ops.map((op) => liveOf(op, byPlace.get(identityOf(op))))
}

/** @throws StoreError `UNSUPPORTED` where the store has no transactions, saying what would have them. */
export function requireTransactions({ driver, store }: Session): Transactions {
  const { transactions } = driver
  if ('missing' in transactions) {
    throw new UnsupportedError(`This ${store} has no transactions ('transact:store'): ${transactions.missing}.`)
  }
  return transactions
}

function refuseTooMany({ items }: Transactions, count: number): void {
  if (count <= items) return
  throw new StoreError(
    `The transaction has ${count} items, and this store takes ${items}, a token among them. Split it, or keep together only what must be.`,
    { code: 'LIMIT_EXCEEDED' },
  )
}

function refuseRepeated(asked: readonly Asked[], ops: readonly TransactionOp[]): void {
  const seen = new Map<string, number>()
  for (const [index, op] of ops.entries()) {
    const place = identityOf(op)
    const earlier = seen.get(place)
    if (earlier !== undefined) {
      const error = new StoreError(
        `it has the key of item ${earlier}; a transaction takes one item for an entity. Put what is to be done to it into one.`,
        { code: 'VALIDATION' },
      )
      throw itemError(asked[index] as Asked, index, error)
    }
    seen.set(place, index)
  }
}

const leaves = (op: TransactionOp | undefined): boolean => op?.kind === 'put' || op?.kind === 'update'

function placed<T>(asked: Asked, index: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof StoreError ? itemError(asked, index, error) : error
  }
}

function itemError(asked: Asked, index: number, raised: StoreError): TransactionError {
  const error = masked(asked.entity.model, raised)
  const key = shownKey(asked.entity.model, asked.source)
  return new TransactionError(`item ${index}: ${error.detail} Nothing of the transaction was written.`, index, {
    code: error.code,
    retryable: error.retryable,
    operation: asked.operation,
    entity: asked.entity.name,
    ...(key === undefined ? {} : { key }),
    ...(error.path === undefined ? {} : { path: error.path }),
    cause: error,
  })
}
