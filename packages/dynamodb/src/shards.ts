/** A shard of a stream, as it is listed. */
export interface ListedShard {
  readonly id: string
  readonly parent: string | undefined
}

/**
 * How far a walk through the shards came, by shard: `''` nothing of it was read, `@1790000000000` what is written from then on is
 * wanted, `done` all of it was read, and else the sequence number of the last record. A shard is in it once its parent is
 * done, so that the changes of a key are read in their order.
 */
export type Frontier = ReadonlyMap<string, string>

export const DONE = 'done'

/** From a moment on: the shards that are written to now. */
export function frontierAt(shards: readonly ListedShard[], moment: number): Frontier {
  const parents = new Set(shards.map(({ parent }) => parent))
  return new Map(shards.flatMap(({ id }) => (parents.has(id) ? [] : [[id, `@${moment}`]])))
}

/** The children of each shard that is done take its place. */
export function descend(frontier: Frontier, shards: readonly ListedShard[]): Frontier {
  const next = new Map(frontier)
  for (const [id, place] of frontier) {
    if (place !== DONE) continue
    const children = shards.filter(({ parent }) => parent === id)
    if (children.length === 0) continue
    next.delete(id)
    for (const child of children) next.set(child.id, '')
  }
  // A stream that was just enabled lists its first shards a little later.
  if (frontier.size === 0) for (const { id } of shards) next.set(id, '')
  return next
}

/** Whether a shard that is not read to its end is gone. */
export function isTrimmed(frontier: Frontier, shards: readonly ListedShard[]): boolean {
  const listed = new Set(shards.map(({ id }) => id))
  return [...frontier].some(([id, place]) => place !== DONE && !listed.has(id))
}
