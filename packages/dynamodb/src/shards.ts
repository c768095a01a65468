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

export function momentPlace(moment: number): string {
  return `@${moment}`
}

export function isMoment(place: string): boolean {
  return place.startsWith('@')
}

export function momentIn(place: string): number {
  return Number(place.slice(1))
}

/** From a moment on: the shards that are written to now. */
export function frontierAt(shards: readonly ListedShard[], moment: number): Frontier {
  const parents = new Set(shards.map(({ parent }) => parent))
  return new Map(shards.flatMap(({ id }) => (parents.has(id) ? [] : [[id, momentPlace(moment)]])))
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
  // A stream that was just enabled lists its first shards a little later. Those whose parents are listed follow them.
  if (frontier.size === 0) for (const { id } of roots(shards)) next.set(id, '')
  return next
}

/** Whether something that was not read yet is gone: a shard, or all shards that came after one that was read to its end. */
export function isTrimmed(frontier: Frontier, shards: readonly ListedShard[]): boolean {
  const known = new Set(shards.flatMap(({ id, parent }) => (parent === undefined ? [id] : [id, parent])))
  const listed = new Set(shards.map(({ id }) => id))
  // A shard stays listed until all that it held is trimmed, so while others are listed its children would name it.
  return [...frontier].some(([id, place]) => (place === DONE ? shards.length > 0 && !known.has(id) : !listed.has(id)))
}

function roots(shards: readonly ListedShard[]): readonly ListedShard[] {
  const listed = new Set(shards.map(({ id }) => id))
  return shards.filter(({ parent }) => parent === undefined || !listed.has(parent))
}
