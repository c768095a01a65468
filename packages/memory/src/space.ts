import type { KeyText } from '@isomodel/core/driver'
import { SortedMap } from './sorted-map.js'

/** Places by their texts: sorted partitions, as the key or one index has them. */
export class Space<V> {
  readonly #partitions = new Map<string, SortedMap<V>>()

  get({ partition, sort }: KeyText): V | undefined {
    return this.#partitions.get(partition)?.get(sort)
  }

  set({ partition, sort }: KeyText, value: V): void {
    let sorted = this.#partitions.get(partition)
    if (sorted === undefined) {
      sorted = new SortedMap()
      this.#partitions.set(partition, sorted)
    }
    sorted.set(sort, value)
  }

  delete({ partition, sort }: KeyText): void {
    const sorted = this.#partitions.get(partition)
    if (sorted?.delete(sort) === true && sorted.size === 0) this.#partitions.delete(partition)
  }

  /** The values of one partition with `from <= sort < to`, with their sort texts. */
  range(
    partition: string,
    from: string,
    to: string,
    reverse: boolean,
  ): IterableIterator<readonly [sort: string, value: V]> {
    return (this.#partitions.get(partition) ?? new SortedMap<V>()).range(from, to, reverse)
  }

  *values(): IterableIterator<V> {
    for (const sorted of this.#partitions.values()) for (const [, value] of sorted.entries()) yield value
  }
}
