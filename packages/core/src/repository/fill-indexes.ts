import type { Call, NoTransactions, ReadCall, ScanPlan, Stored, Swap, Transactions } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { shownKey } from '../driver/shown-key.js'
import { StoreError, UnsupportedError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { scanSegments } from '../query/scan-options.js'
import type { Values } from '../schema/value.js'
import { readRecord } from './model-record.js'
import type { Session } from './session.js'
import { recordModels, records, unfilled } from './set-up.js'
import { isUnsettled } from './settle.js'
import { readRecords } from './transaction.js'
import type { FillOptions, FillReport } from './types.js'
import { holdingsOf } from './unique-record.js'
import { uniqueSwaps } from './unique-swaps.js'
import { untilFresh } from './until-fresh.js'
import { tell } from './warn.js'

/** Entities that a segment reads at once. */
const CHUNK = 200

/**
 * Writes every entity of a kind whose indexes came later once more as it is, under its own token, and then records that the
 * indexes are whole.
 */
export async function fillIndexes(
  session: Session,
  models: readonly EntityModel[],
  options: FillOptions,
  call: Call,
): Promise<FillReport> {
  const { scans, transactions } = session.driver
  const segments = scanSegments(options.segments, scans.segments)
  const found = await records(session, models, call)
  const filled: string[] = []
  let written = 0
  for (const [at, model] of models.entries()) {
    const record = found[at]
    if (record === undefined) throw unrecorded(model)
    const names = unfilled(model, readRecord(record))
    if (names.length === 0) continue
    const commit = committer(transactions)
    const plan = scans.plan({ entity: model, where: undefined, select: undefined, segments })
    const count = (more: number): void => {
      written += more
      tell('onProgress', options.onProgress, { entity: model.name, written })
    }
    const work = { session, commit, plan, call: { ...call, consistency: 'strong' as const }, count }
    await Promise.all(Array.from({ length: segments }, (_, segment) => fillSegment(work, segment)))
    await recordModels(session, models, new Set(names.map((name) => `${model.name}.${name}`)), call)
    filled.push(...names.map((name) => `${model.name}.${name}`))
  }
  return { filled, written }
}

interface Work {
  readonly session: Session
  readonly commit: Transactions['commit']
  readonly plan: ScanPlan
  readonly call: ReadCall
  readonly count: (written: number) => void
}

/** Commits the entities one by one. Throws `UNSUPPORTED` where the store cannot even do that. */
function committer(transactions: Transactions | NoTransactions): Transactions['commit'] {
  if (!('missing' in transactions)) return (swaps, call) => transactions.commit(swaps, call)
  const { missing, commitOne } = transactions
  if (commitOne === undefined) {
    throw new UnsupportedError(`It writes by transactions ('transact:store'), which are missing: ${missing}.`)
  }
  // An entity with unique values is not even connected without transactions, so nothing goes beside it.
  return ([swap], call) => commitOne(swap as Swap, call)
}

async function fillSegment(work: Work, segment: number): Promise<void> {
  const { session, plan, call, count } = work
  const { scans, limits } = session.driver
  for (let after: { readonly after?: string } = {}; ; ) {
    const request = { segment, reads: CHUNK, now: session.now(), ...after }
    const { rows, next } = await session.reading(call, () => scans.fetch(plan, request, call))
    const queue = rows.map(({ stored }) => stored)
    const worker = async (): Promise<void> => {
      for (let stored = queue.pop(); stored !== undefined; stored = queue.pop()) await rewrite(work, stored)
    }
    await Promise.all(Array.from({ length: limits.concurrency }, worker))
    if (rows.length > 0) count(rows.length)
    if (next === undefined) return
    after = { after: next }
  }
}

/**
 * Every field and index entry as it is, in place: what lies beside them, such as a field of a newer model, stays. Whoever
 * wrote it meanwhile may have done so under the older model, so it is then read and written again.
 */
async function rewrite({ session, commit, plan, call }: Work, read: Stored): Promise<void> {
  const { entity } = plan.scan
  const place = { entity, key: keyOf(entity, read.values) }
  let stored: Stored | undefined = read
  const key = shownKey(entity, read.values)
  try {
    await untilFresh(`an entity of ${entity.name}`, call, async () => {
      const { values, token } = stored as Stored
      const swap = { ...place, expected: { values: {}, token }, next: { values, token }, inPlace: true }
      const uniques = await uniquesOf(session, entity, stored as Stored, call)
      const outcome = await session
        .writing(call, () => commit([swap, ...uniques], call))
        .catch((error: unknown) => {
          // Under its own token the same write may be done twice.
          if (isUnsettled(error, call)) return 'stale'
          throw error
        })
      if (outcome === 'done') return outcome
      stored = (await session.getMany([place], call))[0]
      return stored === undefined ? 'done' : 'stale'
    })
  } catch (error) {
    throw error instanceof StoreError ? error.at({ entity: entity.name, ...(key === undefined ? {} : { key }) }) : error
  }
}

/** The records of the unique values that a live entity has; throws `UNIQUE_VIOLATION`, with its key, where another has one. */
async function uniquesOf(
  session: Session,
  entity: EntityModel,
  stored: Stored,
  call: ReadCall,
): Promise<readonly Swap[]> {
  const now = session.now()
  if (entity.uniques.length === 0 || isExpired(entity, stored.values, now)) return []
  const known = await readRecords(session, [...holdingsOf(entity, stored).keys()], call)
  const change = { entity, before: undefined, after: stored }
  return (await uniqueSwaps([change], known, now, (_, error) => error)).swaps
}

function keyOf({ key }: EntityModel, values: Values): Values {
  return Object.fromEntries([...key.partition, ...key.sort].map(({ name }) => [name, values[name] as Values[string]]))
}

function unrecorded({ name }: EntityModel): StoreError {
  return new StoreError(`Nothing is recorded of the model of ${name}. Run await db.setup() first.`, {
    code: 'MODEL_MISMATCH',
  })
}
