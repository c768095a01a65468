import { type Call, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { membersIn } from './codec.js'
import { walkIndexes } from './index-walk.js'
import type { IndexChange } from './outbox.js'
import type { ScriptCall } from './request.js'
import { settleScript, witnessScript } from './scripts.js'
import type { Suspect } from './suspects.js'
import type { Wire } from './wire.js'

/** What `repair` did. */
export interface RepairReport {
  /** Writes that an index was told of. */
  readonly delivered: number
  /** Missing entries that were added. */
  readonly added: number
  /** Stale entries that were removed. */
  readonly removed: number
}

const DELIVERED_AT_ONCE = 64

/** Delivers what is pending, and makes every index entry what its entity says of it. */
export async function repairIndexes(access: Access, call: Call): Promise<RepairReport> {
  const report = { delivered: 0, added: 0, removed: 0 }
  if (access.keys.isSpread) report.delivered = await deliverAll(access, call)
  for await (const suspects of walkIndexes(access, call, { entities: 0, entries: 0 })) {
    if (suspects.length === 0) continue
    const elsewhere = suspects.filter(({ id }) => access.keys.isElsewhere(id))
    const signs = [
      ...(await settle(
        access,
        suspects.filter((one) => !elsewhere.includes(one)),
        call,
      )),
      ...(await tell(access, elsewhere, call)),
    ]
    for (const sign of signs) report[sign === '+' ? 'added' : 'removed'] += 1
  }
  return report
}

async function deliverAll(access: Access, call: Call): Promise<number> {
  const all = access.keys.everyBucket
  let delivered = 0
  for (let from = 0; from < all.length; from += DELIVERED_AT_ONCE) {
    const some = all.slice(from, from + DELIVERED_AT_ONCE)
    for (;;) {
      const entries = await access.outbox.pending(some, call)
      const count = await access.outbox.deliver(entries, call)
      await access.outbox.settled()
      delivered += count
      if (count === 0) break
    }
  }
  return delivered
}

/** Entries in the entity's own bucket: one atomic step each. */
async function settle({ connection, keys }: Access, suspects: readonly Suspect[], call: Call): Promise<string[]> {
  if (suspects.length === 0) return []
  const calls = suspects.map(({ id, member, owner }): ScriptCall => {
    const bucket = keys.bucketOfMember(owner)
    return { script: settleScript, keys: [keys.entity(bucket, owner), keys.index(bucket, id)], args: [id, member] }
  })
  return (await connection.runAll(calls, { call, writes: true })).map((reply) => {
    if (reply instanceof StoreError) throw reply
    return (reply as readonly string[])[1] as string
  })
}

/** Entries in another bucket: the entity is asked as of a new version, and the index is told. */
async function tell(access: Access, suspects: readonly Suspect[], call: Call): Promise<string[]> {
  if (suspects.length === 0) return []
  const { connection, keys, outbox } = access
  const versions = await connection.sendAll(
    suspects.map(({ id, member }) => ({
      name: 'HGET',
      args: [keys.versions(keys.bucketOfMember(member)), `${id}:${member}`],
    })),
    { call, writes: false },
  )
  const calls = suspects.map(({ owner }, at): ScriptCall => {
    const bucket = keys.bucketOfMember(owner)
    const above = versions[at]
    const args = [typeof above === 'string' ? above : '0']
    return { script: witnessScript, keys: [keys.entity(bucket, owner), keys.outbox(bucket)], args }
  })
  const replies = await connection.runAll(calls, { call, writes: true })
  const changes = suspects.map(({ id, member }, at): IndexChange => {
    const reply = replies[at]
    if (reply instanceof StoreError) throw reply
    const [, version = '', index] = reply as readonly Wire[]
    return { version, sign: membersIn(index)?.get(id) === member ? '+' : '-', id, member }
  })
  const failed = await outbox.apply(changes, call)
  if (failed.size > 0) {
    throw new StoreError('Some nodes of the cluster could not be told what their indexes lack. Repair again.', {
      code: 'UNAVAILABLE',
      retryable: true,
      store: 'Redis',
    })
  }
  return changes.map(({ sign }) => sign)
}
