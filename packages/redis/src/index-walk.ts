import { type Call, encodeComponent, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { indexId } from './keys.js'
import { confirmed, missing, type Suspect, stale } from './suspects.js'
import type { Wire } from './wire.js'

/** What a walk has looked at. */
export interface Walked {
  entities: number
  entries: number
}

/** Sets that are read at once, and members of one reading of each. */
const SETS = 32
const MEMBERS = 200

/**
 * Looks at every entity and every entry of the model's indexes, and gives those of which the other side knows nothing, a few at a
 * time. What still waits in an outbox is none of them.
 */
export async function* walkIndexes(access: Access, call: Call, walked: Walked): AsyncGenerator<readonly Suspect[]> {
  const { keys, entities } = access
  const buckets = keys.everyBucket
  for await (const page of pages(
    access,
    buckets.map((bucket) => keys.all(bucket)),
    call,
  )) {
    walked.entities += page.length
    yield await confirmed(access, await missing(access, page, call), call)
  }
  const byName = new Map(entities.models.map((model) => [encodeComponent({ kind: 'string' }, model.name), model]))
  const ids = new Set(entities.models.flatMap(({ indexes }) => indexes.map(indexId)))
  for (const id of ids) {
    for await (const page of pages(
      access,
      buckets.map((bucket) => keys.index(bucket, id)),
      call,
    )) {
      walked.entries += page.length
      yield await confirmed(access, await stale(access, id, page, byName, call), call)
    }
  }
}

/** All members of some sorted sets, a page of each at a time. */
async function* pages({ connection }: Access, sets: readonly string[], call: Call): AsyncGenerator<readonly Wire[]> {
  const waiting = [...sets]
  let open: { readonly key: string; readonly from: string }[] = []
  for (;;) {
    while (open.length < SETS && waiting.length > 0) open.push({ key: waiting.shift() as string, from: '-' })
    if (open.length === 0) return
    const replies = await connection.sendAll(
      open.map(({ key, from }) => ({
        name: 'ZRANGE',
        args: [key, from, '+', 'BYLEX', 'LIMIT', '0', String(MEMBERS)],
      })),
      { call, writes: false },
    )
    const found = replies.map((reply) => {
      if (reply instanceof StoreError) throw reply
      return reply as readonly Wire[]
    })
    open = open.flatMap(({ key }, at) => (found[at]?.length === MEMBERS ? [{ key, from: `(${found[at].at(-1)}` }] : []))
    yield found.flat()
  }
}
