import { type Call, StoreError } from '@isomodel/core/driver'
import type { Connection } from './connection.js'
import type { Keys } from './keys.js'
import { type Request, type ScriptCall, unreported } from './request.js'
import { deliverScript } from './scripts.js'
import { frame, unframe, type Wire } from './wire.js'

/** An entry of the outbox of a bucket: see scripts/parts/outbox.lua. */
export interface Entry {
  readonly bucket: number
  readonly text: Wire
}

/** What a member of an index set becomes: in the set or not, as of a version. */
export interface IndexChange {
  readonly version: Wire
  readonly sign: '+' | '-'
  readonly id: string
  readonly member: Wire
}

/** Entries of a bucket that one look at it takes. */
const AT_ONCE = 100

/** What is younger than this is on its way by its own writer, ms. */
const LEFT_OVER = 1_000

/** Deliveries under way before a write waits for one of them: an index that cannot keep up slows its writers down. */
const MOST_UNDER_WAY = 256

/**
 * Brings what scripts put down in outboxes to the index sets of other buckets. Whoever finds an entry may do so, any number of
 * times: the last version wins there.
 */
export class Outbox {
  readonly #connection: Connection
  readonly #keys: Keys
  readonly #working = new Set<Promise<unknown>>()
  /** Deliveries under way, by the bucket that they go to. */
  readonly #toBucket = new Map<number, Set<Promise<unknown>>>()

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection
    this.#keys = keys
  }

  /**
   * Sets out to deliver entries. Nobody waits for it, and nothing fails by it: the writes that they are of are done, and what
   * cannot be delivered now stays in its outbox for the next one who looks. It waits only where too much is under way.
   */
  async post(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    const buckets = new Set(entries.flatMap(({ text }) => changesIn(text).map(({ member }) => this.#bucketOf(member))))
    const work = this.#follow(this.deliver(entries, unreported()))
    for (const bucket of buckets) {
      const known = this.#toBucket.get(bucket) ?? new Set()
      this.#toBucket.set(bucket, known.add(work))
      void work.finally(() => known.delete(work) && known.size === 0 && this.#toBucket.delete(bucket))
    }
    if (this.#working.size > MOST_UNDER_WAY) await Promise.race(this.#working)
  }

  /** Until what this handle has set out to deliver to a bucket is there, or could not be delivered. */
  async posted(bucket: number): Promise<void> {
    const under = this.#toBucket.get(bucket)
    if (under !== undefined) await Promise.all(under)
  }

  /** Delivers entries in one round trip. How many were delivered; the others stay in their outboxes. */
  async deliver(entries: readonly Entry[], call: Call): Promise<number> {
    if (entries.length === 0) return 0
    try {
      const changes = entries.map(({ text }) => changesIn(text))
      const failed = await this.apply(changes.flat(), call)
      const delivered = entries.filter((_, at) =>
        changes[at]?.every(({ member }) => !failed.has(this.#bucketOf(member))),
      )
      this.#clear(delivered)
      return delivered.length
    } catch (error) {
      if (error instanceof StoreError || error instanceof RangeError) return 0
      throw error
    }
  }

  /** Makes changes in index sets, in one round trip; the buckets where that failed. Throws where nothing could be sent. */
  async apply(changes: readonly IndexChange[], call: Call): Promise<ReadonlySet<number>> {
    const byBucket = [...Map.groupBy(changes, ({ member }) => this.#bucketOf(member))]
    const calls = byBucket.map(([bucket, ofBucket]) => this.#call(bucket, ofBucket))
    const replies = await this.#connection.runAll(calls, { call, writes: true })
    return new Set(byBucket.flatMap(([bucket], at) => (replies[at] instanceof StoreError ? [bucket] : [])))
  }

  /** Delivers what others have left behind in some buckets. How many entries were delivered. */
  async deliverLeftOver(buckets: readonly number[], call: Call): Promise<number> {
    return this.deliver(await this.pending(buckets, call, String((Date.now() - LEFT_OVER) * 1_000)), call)
  }

  /** The first entries in the outboxes of some buckets, up to a version; none of a bucket that cannot be asked now. */
  async pending(buckets: readonly number[], call: Call, before: string = '+inf'): Promise<Entry[]> {
    const replies = await this.#connection.sendAll(
      buckets.map((bucket) => this.#look(bucket, before)),
      { call, writes: false },
    )
    return replies.flatMap((reply, at): Entry[] =>
      reply instanceof StoreError
        ? []
        : (reply as readonly Wire[]).flatMap((text) => (text === '' ? [] : [{ bucket: buckets[at] as number, text }])),
    )
  }

  /** Until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working)
  }

  #look(bucket: number, before: string): Request {
    return {
      name: 'ZRANGE',
      args: [this.#keys.outbox(bucket), '-inf', before, 'BYSCORE', 'LIMIT', '0', String(AT_ONCE)],
    }
  }

  #call(bucket: number, changes: readonly IndexChange[]): ScriptCall {
    const ids = [...new Set(changes.map(({ id }) => id))]
    return {
      script: deliverScript,
      keys: [this.#keys.versions(bucket), ...ids.map((id) => this.#keys.index(bucket, id))],
      args: [frame(ids), frame(changes.flatMap(({ version, sign, id, member }) => [version, sign, id, member]))],
    }
  }

  /** Nobody waits for it: what stays is delivered once more, which changes nothing. */
  #clear(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    const requests = Array.from(
      Map.groupBy(entries, ({ bucket }) => bucket),
      ([bucket, ofBucket]): Request => ({
        name: 'ZREM',
        args: [this.#keys.outbox(bucket), ...ofBucket.map(({ text }) => text)],
      }),
    )
    void this.#follow(this.#connection.sendAll(requests, { call: unreported(), writes: false }))
  }

  #follow(work: Promise<unknown>): Promise<void> {
    const followed = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#working.delete(followed))
    this.#working.add(followed)
    return followed
  }

  #bucketOf(member: Wire): number {
    return this.#keys.bucketOfMember(member)
  }
}

export function changesIn(text: Wire): IndexChange[] {
  const [version = '', ...parts] = unframe(text)
  const changes: IndexChange[] = []
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [sign, id, member] = parts.slice(at, at + 3) as [string, string, Wire]
    changes.push({ version, sign: sign === '+' ? '+' : '-', id, member })
  }
  return changes
}
