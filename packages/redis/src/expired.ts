import type { Wire } from './wire.js'

/** Most members that are remembered: the set of expiry moments knows them all. */
const MOST = 1_000

/** Members of expired entities, as the scripts report them, until a write of the same bucket takes them along. */
export class Expired {
  readonly #byBucket = new Map<number, Set<Wire>>()

  add(bucket: number, members: readonly Wire[]): void {
    if (members.length === 0) return
    const known = this.#byBucket.get(bucket) ?? new Set()
    this.#byBucket.set(bucket, known)
    for (const member of members) if (known.size < MOST) known.add(member)
  }

  /** Takes a few away. */
  take(bucket: number, most: number): Wire[] {
    const known = this.#byBucket.get(bucket)
    if (known === undefined) return []
    const taken = [...known].slice(0, most)
    for (const member of taken) known.delete(member)
    if (known.size === 0) this.#byBucket.delete(bucket)
    return taken
  }
}
