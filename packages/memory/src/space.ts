import type { KeyText } from '@isomodel/core/driver'
import { SortedMap } from './sorted-map.js'

/** Places by their texts: sorted partitions, as the key or one index has them. */
export class Space<V> {
  readonly #partitions = new SortedMap<SortedMap<V>>()

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

  /** The values of many partitions with `from <= sort < to`, partition by partition, from a place on. */
  *ranges(
    partitions: { readonly from: string; readonly to: string },
    sorts: { readonly from: string; readonly to: string },
    start: KeyText | undefined,
  ): IterableIterator<readonly [place: KeyText, value: V]> {
    const first = start?.partition ?? partitions.from
    for (const [partition, sorted] of this.#partitions.range(first, partitions.to, false)) {
      const from = partition === start?.partition ? start.sort : sorts.from
      for (const [sort, value] of sorted.range(from, sorts.to, false)) yield [{ partition, sort }, value]
    }
  }

  *values(): IterableIterator<V> {
    for (const [, sorted] of this.#partitions.entries()) for (const [, value] of sorted.entries()) yield value
  }
}
