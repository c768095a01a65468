import {
  type Call,
  changedFields,
  type GetRequest,
  type Stored,
  StoreError,
  type Swap,
  type Transactions,
} from '@isomodel/core/driver'
import type { Access } from './access.js'
import { FEED, INDEX, TOKEN } from './codec.js'
import { notAnEntity } from './errors.js'
import { indexId, indexMembers, type Place } from './keys.js'
import type { Layout } from './layout.js'
import { oversize, refuseOversize, within } from './limits.js'
import { readImage } from './read-image.js'
import type { ScriptCall } from './request.js'
import { commitScript, readScript } from './scripts.js'
import { frame, type Wire } from './wire.js'

/** Entities of one transaction: short enough not to keep others waiting. */
const ITEMS = 1_000

/** What a commit answers: see scripts/commit-3.lua. */
type Answered = readonly [code: string, missing: readonly string[], outgoing?: readonly Wire[]]

/** Commits and transactional reads of entities in one bucket, which is all on a single node: one script call each. */
export class ScriptTransactions implements Transactions {
  readonly items: number = ITEMS
  readonly roundTrips: number = 1
  readonly #layout: Layout
  readonly #access: Access
  readonly #dropped: Set<string>
  readonly #now: () => number

  /** `dropped`: index sets that stored entities are in and the model does not name; what is found is added. */
  constructor(layout: Layout, access: Access, dropped: Set<string>, now: () => number) {
    this.#now = now
    this.#layout = layout
    this.#access = access
    this.#dropped = dropped
  }

  async commit(swaps: readonly Swap[], call: Call): Promise<'done' | 'stale'> {
    await this.#layout.require(call)
    for (let attempt = 0; ; attempt++) {
      const script = within(() => this.#call(swaps))
      refuseOversize(script)
      const reply = await this.#access.connection.run(script, { call, writes: true })
      const [code, missing, outgoing = []] = reply as Answered
      const bucket = this.#bucketOf(swaps)
      await this.#access.outbox.post(outgoing.map((text) => ({ bucket, text })))
      for (const id of missing) this.#dropped.add(id)
      if (code === 'done' || code === 'stale') return code
      if (code === 'SIZE') throw oversize('An entity of the transaction would be')
      if (code !== 'KEYS' || attempt > 1) throw foreign(code)
    }
  }

  async read(requests: readonly GetRequest[], call: Call): Promise<(Stored | undefined)[]> {
    await this.#layout.require(call)
    const places = requests.map(({ entity, key }) => this.#access.keys.place(entity, key))
    const keys = places.map(({ bucket, member }) => this.#access.keys.entity(bucket, member))
    const reply = await this.#access.connection.run({ script: readScript, keys, args: [] }, { call, writes: false })
    const found = reply as readonly (readonly Wire[] | string)[]
    return requests.map(({ entity }, at) => {
      const { member } = places[at] as Place
      const image = found[at]
      const named = { entity, codec: this.#access.entities.of(entity).codec, member }
      return readImage(named, typeof image === 'string' ? notAnEntity(new Error(image)) : image)?.stored
    })
  }

  #bucketOf([swap]: readonly Swap[]): number {
    return swap === undefined ? 0 : this.#access.keys.place(swap.entity, swap.key).bucket
  }

  #call(swaps: readonly Swap[]): ScriptCall {
    const places = swaps.map(({ entity, key }) => this.#access.keys.place(entity, key))
    const bucket = this.#bucketOf(swaps)
    const ids = [
      ...new Set([...swaps.flatMap(({ entity }) => this.#access.entities.of(entity).indexIds), ...this.#dropped]),
    ]
    return {
      script: commitScript,
      keys: [
        this.#access.keys.all(bucket),
        this.#access.keys.expiry(bucket),
        this.#access.keys.feed(bucket),
        ...ids.map((id) => this.#access.keys.index(bucket, id)),
        ...places.map(({ member }) => this.#access.keys.entity(bucket, member)),
      ],
      args: [
        frame(ids),
        String(this.#access.keepChanges),
        String(this.#now()),
        ...swaps.map((swap, at) => frame([places[at]?.member ?? '', expectation(swap), ...this.#change(swap)])),
      ],
    }
  }

  /** kind, expiry, members, removed, feed, names and texts: see scripts/commit-3.lua. */
  #change({ entity, expected, next, inPlace }: Swap): Wire[] {
    const feed = entity.changes ? '1' : ''
    if (typeof next === 'string') return [next, '', '[', '[', feed]
    const { codec } = this.#access.entities.of(entity)
    const mark = entity.changes ? [FEED, '1'] : []
    const ttl = entity.ttl === undefined ? undefined : next.values[entity.ttl]
    const expiry = ttl instanceof Date ? String(ttl.getTime()) : ''
    const members = indexMembers(entity, next.values)
    const flat = codec.encode(next.values)
    if (!inPlace || typeof expected === 'string') {
      const index = members.length === 0 ? [] : [INDEX, frame(members)]
      return ['put', expiry, frame(members), '[', feed, TOKEN, next.token, ...mark, ...index, ...flat]
    }
    const changed = new Set([...changedFields(expected.values, next.values)].map(codec.nameOf))
    const set: Wire[] = []
    for (let at = 0; at < flat.length; at += 2) {
      const name = flat[at] as Wire
      if (changed.delete(name)) set.push(name, flat[at + 1] as Wire)
    }
    const own = new Map<string, Wire>(entity.indexes.map((index) => [indexId(index), '']))
    for (let at = 0; at < members.length; at += 2) own.set(members[at] as string, members[at + 1] as Wire)
    return ['update', expiry, frame([...own].flat()), frame([...changed]), feed, TOKEN, next.token, ...mark, ...set]
  }
}

function expectation({ expected }: Swap): Wire {
  if (expected === 'any') return ''
  return expected === 'absent' ? '-' : `=${expected.token}`
}

function foreign(code: string): StoreError {
  return new StoreError(
    `The server refused the transaction as ${code}: what is stored of an entity of it was written by another version of isomodel or by other code. Upgrade isomodel, or put or delete that entity without a condition.`,
    { code: 'CORRUPT', store: 'Redis' },
  )
}
