import {
  type BatchOp,
  type BatchOutcome,
  type Call,
  type Changes,
  type CheckReport,
  type CollectionPlan,
  type Collections,
  changedFields,
  type Driver,
  type DriverLimits,
  type EntityModel,
  type Explanation,
  evaluate,
  type Fetched,
  type FetchedMembers,
  type FetchRequest,
  type GetRequest,
  getOwn,
  isExpired,
  type Judgement,
  judge,
  type KeyText,
  keyText,
  type MemberRow,
  type Model,
  memberRanges,
  outcomeOf,
  type Plan,
  placeOf,
  placeText,
  type QuerySpec,
  type ReadCall,
  type Row,
  type Scanned,
  type ScanPlan,
  type ScanRequest,
  type Scans,
  type SetupReport,
  type Stored,
  type Swap,
  setOwn,
  type Target,
  type Transactions,
  throwIfAborted,
  type Values,
  type WriteOp,
  type WriteOutcome,
} from '@isomodel/core/driver'
import { LogReader } from './changes.js'
import { codecOf, copyOf } from './codec.js'
import type { MemoryNative } from './index.js'
import { planCollection, planQuery, planScan, type Reach, reachOf } from './planner.js'
import type { Entry, Store } from './store.js'
import { stored } from './stored.js'
import { turn } from './turn.js'

const LIMITS: DriverLimits = Object.freeze({
  getBatch: 1_000,
  writeBatch: 1_000,
  concurrency: 8,
  fillsIndexes: true,
  expiryLag: 'until a few later writes, or sweep()',
})

const MEMORY: Target = Object.freeze({ system: 'memory' })

/** Rows that one request looks at, fitting or not: a page, so that a long filter does not hold up everybody else. */
const PAGE = 1_000

/** Expired entities that each write removes. */
const SWEPT = 2

export class MemoryDriver implements Driver {
  readonly limits: DriverLimits = LIMITS
  readonly transactions: Transactions = {
    items: 1_000,
    roundTrips: 1,
    commit: (swaps, call) => this.#request('commit', call, () => this.#commit(swaps)),
    read: (requests, call) => this.get(requests, { ...call, consistency: 'strong' }),
  }
  readonly collections: Collections = {
    plan: planCollection,
    fetch: (plan, request, call) => this.#request('collection', call, () => this.#together(plan, request)),
  }
  readonly changes: Changes = {
    open: (entities, after, call) =>
      this.#request('changes', call, () => new LogReader(this.#store.log, entities, after)),
  }
  readonly scans: Scans = {
    segments: 1,
    plan: planScan,
    fetch: (plan, request, call) => this.#request('scan', call, () => this.#scanned(plan, request)),
  }
  readonly #store: Store
  readonly #model: Model
  readonly #now: () => number
  readonly #native: (key: KeyText | undefined) => MemoryNative

  constructor(store: Store, model: Model, now: () => number, native: (key: KeyText | undefined) => MemoryNative) {
    this.#store = store
    this.#model = model
    this.#now = now
    this.#native = native
    for (const entity of model.entities) store.register(entity)
  }

  /** Partitions come with their first entity and indexes with the model, so there is nothing left to create. */
  setup(call: Call): Promise<SetupReport> {
    return this.#request('setup', call, () => ({ created: [] }))
  }

  check(call: Call): Promise<CheckReport> {
    return this.#request('check', call, () => {
      const problems = this.#model.entities.flatMap(({ name }) =>
        [...this.#store.faults(name)].map((found) => ({
          what: name,
          expected: 'an entry in every index for every entity',
          found,
          remedy: 'restore(snapshot()) builds all indexes anew; please report how it came to this',
        })),
      )
      return { ok: problems.length === 0, problems }
    })
  }

  get(requests: readonly GetRequest[], call: ReadCall): Promise<readonly (Stored | undefined)[]> {
    return this.#request('get', call, () =>
      requests.map(({ entity, key }) => {
        const entry = this.#store.get(keyText(entity, key))
        return entry === undefined ? undefined : stored(entity, entry)
      }),
    )
  }

  write(op: WriteOp, call: Call): Promise<WriteOutcome> {
    return this.#request(op.kind, call, () => {
      const outcome = outcomeOf(op, this.#apply(op))
      if (outcome.status === 'refused') {
        return outcome.current === undefined ? outcome : { ...outcome, current: copied(op.entity, outcome.current) }
      }
      return {
        status: 'done',
        ...(outcome.old === undefined ? {} : { old: copied(op.entity, outcome.old) }),
        ...(outcome.new === undefined ? {} : { new: copied(op.entity, outcome.new) }),
      }
    })
  }

  writeBatch(ops: readonly BatchOp[], call: Call): Promise<readonly BatchOutcome[]> {
    return this.#request('writeBatch', call, () =>
      ops.map((op): BatchOutcome => {
        this.#apply(op)
        return { status: 'done' }
      }),
    )
  }

  plan(query: QuerySpec): Plan {
    return planQuery(query)
  }

  fetch(plan: Plan, request: FetchRequest, call: ReadCall): Promise<Fetched> {
    return this.#request('query', call, () => this.#page(plan, request))
  }

  explainGet({ entity, key }: GetRequest): Explanation {
    return { request: { command: 'get', ...keyText(entity, key) }, roundTrips: 1 }
  }

  explainWrite({ kind, entity, key, guard, ...op }: WriteOp): Explanation {
    return { request: { command: kind, ...keyText(entity, key), guard, ...op }, roundTrips: 1 }
  }

  readonly target = (): Target => MEMORY

  native(entity: EntityModel, key: Values | undefined): MemoryNative {
    return this.#native(key === undefined ? undefined : keyText(entity, key))
  }

  async close(): Promise<void> {
    // The data belongs to the memory(), not to one connection.
  }

  #commit(swaps: readonly Swap[]): 'done' | 'stale' {
    const fits = swaps.every(({ entity, key, expected }) => {
      if (expected === 'any') return true
      const entry = this.#store.get(keyText(entity, key))
      return expected === 'absent' ? entry === undefined : entry?.token === expected.token
    })
    if (!fits) return 'stale'
    // Encoded before anything is written: what cannot be written leaves everything as it was.
    const writes = swaps.flatMap((swap) => {
      const { entity, key, next } = swap
      const place = keyText(entity, key)
      if (next === 'keep') return []
      if (next === 'delete') return () => this.#store.delete(place, this.#now())
      const fields = codecOf(entity).encode(this.#whole(swap, next.values))
      return () => this.#store.set(place, entity.name, next.token, fields, this.#now())
    })
    for (const write of writes) write()
    this.#store.sweep(this.#now(), SWEPT)
    return 'done'
  }

  /** What a swap leaves: with what else lies there, where it changes the entity in place. */
  #whole({ entity, key, expected, inPlace }: Swap, next: Values): Values {
    const entry = this.#store.get(keyText(entity, key))
    if (!inPlace || entry === undefined || typeof expected === 'string') return next
    const whole = { ...codecOf(entity).decode(entry.fields, 'keep') }
    for (const name of changedFields(expected.values, next)) {
      const value = getOwn(next, name)
      if (value === undefined) delete whole[name]
      else setOwn(whole, name, value)
    }
    return whole
  }

  #apply(op: WriteOp): Judgement {
    const place = keyText(op.entity, op.key)
    const codec = codecOf(op.entity)
    const entry = this.#store.get(place)
    const current = entry === undefined ? undefined : { values: codec.decode(entry.fields, 'keep'), token: entry.token }
    const judgement = judge(op, current)
    if (judgement.status === 'done') {
      if (judgement.next === undefined) this.#store.delete(place, op.now)
      else this.#store.set(place, op.entity.name, op.token, codec.encode(judgement.next), op.now)
      this.#store.sweep(this.#now(), SWEPT)
    }
    return judgement
  }

  #page(plan: Plan, { after, limit, now }: FetchRequest): Fetched {
    const { entity, reverse, select } = plan.query
    const rows: Row[] = []
    let seen = 0
    let last = ''
    for (const [sort, entry] of this.#range(reachOf(plan), after, reverse)) {
      if (rows.length === limit || seen === PAGE) return { rows, next: last, reads: seen }
      seen++
      last = sort
      const { values, token } = stored(entity, entry)
      if (isExpired(entity, values, now)) continue
      if (plan.pushed !== undefined && !evaluate(plan.pushed, values)) continue
      rows.push({
        stored: { values: select === undefined ? values : pick(values, select), token },
        position: () => sort,
      })
    }
    return { rows, reads: seen }
  }

  #together({ members }: CollectionPlan, { after, limit }: FetchRequest): FetchedMembers {
    const { from, to, at } = memberRanges(members)
    const [{ query }] = members as readonly [Plan]
    const rows: MemberRow[] = []
    let seen = 0
    let last = ''
    for (const [sort, entry] of this.#range({ ...reachOf(members[0] as Plan), from, to }, after, query.reverse)) {
      if (rows.length === limit || seen === PAGE) return { rows, next: last }
      seen++
      last = sort
      const member = at(sort)
      const plan = member === undefined ? undefined : members[member]
      if (member === undefined || plan === undefined) continue
      rows.push({ member, stored: stored(plan.query.entity, entry), position: () => sort })
    }
    return { rows }
  }

  /** The entries of a reach from behind a position. */
  #range(
    { index, partition, from, to }: Reach,
    after: string | undefined,
    reverse: boolean,
  ): Iterable<readonly [string, Entry]> {
    // What follows a text at once is the text and U+0000, in the order by code point.
    const start = after === undefined || reverse ? from : `${after}\u0000`
    const end = after === undefined || !reverse ? to : after
    return this.#store.range(index, partition, start, end, reverse)
  }

  #scanned({ scan: { entity, select }, pushed }: ScanPlan, { after, reads, now }: ScanRequest): Scanned {
    const rows: Row[] = []
    let seen = 0
    let last = ''
    for (const [place, entry] of this.#store.scan(entity, after === undefined ? undefined : placeOf(entity, after))) {
      if (seen === reads) return { rows, next: last, reads: seen }
      seen++
      last = placeText(place)
      const { values, token } = stored(entity, entry)
      if (isExpired(entity, values, now) || (pushed !== undefined && !evaluate(pushed, values))) continue
      const position = last
      rows.push({
        stored: { values: select === undefined ? values : pick(values, select), token },
        position: () => position,
      })
    }
    return { rows, reads: seen }
  }

  async #request<T>(command: string, call: Call, work: () => T): Promise<T> {
    throwIfAborted(call.signal)
    const reply = call.sent({ command })
    try {
      await turn()
      throwIfAborted(call.signal)
      const result = work()
      reply({})
      return result
    } catch (error) {
      reply({ error })
      throw error
    }
  }
}

function copied(entity: EntityModel, { values, token }: Stored): Stored {
  return { values: copyOf(entity, values), token }
}

function pick(values: Values, names: readonly string[]): Values {
  const picked = {}
  for (const name of names) {
    const value = getOwn(values, name)
    if (value !== undefined) setOwn(picked, name, value)
  }
  return picked
}
