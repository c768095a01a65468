import type { Call } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { sweepScript } from './scripts.js'
import { frame, type Wire } from './wire.js'

/** Entities of one script call: short enough not to keep others waiting. */
const AT_ONCE = 100

/** Removes all entities that are expired at a moment, by the server's clock too, bucket by bucket. How many they were. */
export async function sweep(access: Access, now: number, call: Call): Promise<number> {
  let removed = 0
  for (let bucket = 0; bucket < access.keys.buckets; bucket++) removed += await sweepBucket(access, bucket, now, call)
  return removed
}

async function sweepBucket(
  { connection, keys, entities }: Access,
  bucket: number,
  now: number,
  call: Call,
): Promise<number> {
  const indexIds = new Set(entities.indexIds)
  let removed = 0
  let members: readonly Wire[] = []
  for (;;) {
    const reply = await connection.run(
      {
        script: sweepScript,
        keys: [
          keys.all(bucket),
          keys.expiry(bucket),
          keys.feed(bucket),
          ...[...indexIds].map((id) => keys.index(bucket, id)),
          ...members.map((member) => keys.entity(bucket, member)),
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
