import { type Call, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import type { Entry } from './outbox.js'
import type { ScriptCall } from './request.js'
import { sweepScript } from './scripts.js'
import { frame, type Wire } from './wire.js'

/** Entities of one script call: short enough not to keep others waiting. */
const AT_ONCE = 100

/** Buckets of one round trip. */
const BUCKETS_AT_ONCE = 32

type Answered = readonly [number, due: readonly Wire[], missing: readonly string[], outgoing?: readonly Wire[]]

/** How far the sweep of a bucket is. */
interface Bucket {
  readonly bucket: number
  readonly indexIds: Set<string>
  members: readonly Wire[]
}

/**
 * Removes all entities that are expired at a moment, by the server's clock too, a few buckets at a time. How many they were.
 * On a cluster it delivers what was left in the outboxes, too.
 */
export async function sweep(access: Access, now: number, call: Call): Promise<number> {
  const { keys, entities, outbox } = access
  let removed = 0
  for (let from = 0; from < keys.buckets; from += BUCKETS_AT_ONCE) {
    const to = Math.min(from + BUCKETS_AT_ONCE, keys.buckets)
    const buckets = Array.from({ length: to - from }, (_, at) => from + at)
    if (keys.isSpread) await outbox.deliverLeftOver(buckets, call)
    let open: readonly Bucket[] = buckets.map((bucket) => ({
      bucket,
      indexIds: new Set(entities.indexIds),
      members: [],
    }))
    while (open.length > 0) {
      const round = await sweepRound(access, open, now, call)
      removed += round.removed
      open = round.open
    }
  }
  return removed
}

async function sweepRound(
  access: Access,
  open: readonly Bucket[],
  now: number,
  call: Call,
): Promise<{ readonly removed: number; readonly open: readonly Bucket[] }> {
  const replies = await access.connection.runAll(
    open.map((one) => sweepCall(access, one, now)),
    { call, writes: true },
  )
  let removed = 0
  const left: Bucket[] = []
  const entries: Entry[] = []
  for (const [at, reply] of replies.entries()) {
    if (reply instanceof StoreError) throw reply
    const one = open[at] as Bucket
    const [count, due, missing, outgoing = []] = reply as Answered
    removed += count
    entries.push(...outgoing.map((text) => ({ bucket: one.bucket, text })))
    const known = one.indexIds.size
    for (const id of missing) one.indexIds.add(id)
    // Nothing of what was named could go, and nothing more is known than before: what is left belongs to other code.
    const stuck = one.members.length > 0 && count === 0 && one.indexIds.size === known
    one.members = due
    if (due.length > 0 && !stuck) left.push(one)
  }
  await access.outbox.deliver(entries, call)
  return { removed, open: left }
}

function sweepCall({ keys }: Access, { bucket, indexIds, members }: Bucket, now: number): ScriptCall {
  return {
    script: sweepScript,
    keys: [
      keys.all(bucket),
      keys.expiry(bucket),
      keys.feed(bucket),
      ...[...indexIds].map((id) => keys.index(bucket, id)),
      ...members.map((member) => keys.entity(bucket, member)),
    ],
    args: [String(now), frame([...indexIds]), frame(members), String(AT_ONCE)],
  }
}
