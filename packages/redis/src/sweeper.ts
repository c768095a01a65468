import type { Call } from '@isomodel/core/driver'
import type { Connection } from './connection.js'
import type { Entities } from './entities.js'
import type { Keys } from './keys.js'
import { sweepScript } from './scripts.js'
import { frame, type Wire } from './wire.js'

/** Entities of one script call: short enough not to keep others waiting. */
const AT_ONCE = 100

/** Removes expired entities, bucket by bucket. */
export class Sweeper {
  readonly #connection: Connection
  readonly #keys: Keys
  readonly #entities: Entities

  constructor(connection: Connection, keys: Keys, entities: Entities) {
    this.#connection = connection
    this.#keys = keys
    this.#entities = entities
  }

  /** Removes all that are expired at a moment, by the server's clock too. How many they were. */
  async sweep(now: number, call: Call): Promise<number> {
    let removed = 0
    for (let bucket = 0; bucket < this.#keys.buckets; bucket++) removed += await this.#sweepBucket(bucket, now, call)
    return removed
  }

  async #sweepBucket(bucket: number, now: number, call: Call): Promise<number> {
    const indexIds = new Set(this.#entities.indexIds)
    let removed = 0
    let members: readonly Wire[] = []
    for (;;) {
      const reply = await this.#connection.run(
        {
          script: sweepScript,
          keys: [
            this.#keys.all(bucket),
            this.#keys.expiry(bucket),
            ...[...indexIds].map((id) => this.#keys.index(bucket, id)),
            ...members.map((member) => this.#keys.entity(bucket, member)),
          ],
          args: [String(now), frame([...indexIds]), frame(members), String(AT_ONCE)],
        },
        { call, writes: true },
      )
      const [count, due, missing] = reply as readonly [number, readonly Wire[], readonly string[]]
      removed += count
      const known = indexIds.size
      for (const id of missing) indexIds.add(id)
      // Nothing of what was named could go, and nothing more is known than before: what is left belongs to other code.
      const stuck = members.length > 0 && count === 0 && indexIds.size === known
      if (due.length === 0 || stuck) return removed
      members = due
    }
  }
}
