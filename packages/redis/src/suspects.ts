import { type Call, type EntityModel, type IndexModel, StoreError, sleep } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { INDEX, membersIn } from './codec.js'
import { indexId, memberText } from './keys.js'
import { changesIn } from './outbox.js'
import type { Reply, Request } from './request.js'
import type { Wire } from './wire.js'

/** A member of an index set, and the entity that it is of. */
export interface Suspect {
  /** 'missing': the entity says that it is in the set. 'stale': the set has it, and the entity knows nothing of it. */
  readonly wrong: 'missing' | 'stale'
  readonly id: string
  readonly member: Wire
  /** The entity's member in the set of all keys. */
  readonly owner: Wire
}

/** What is found is looked at again after so many ms each: a writer may just have been between two steps. */
const AGAIN_AFTER = [20, 200] as const

/** What entities say of themselves, and their sets do not have. */
export async function missing(access: Access, owners: readonly Wire[], call: Call): Promise<Suspect[]> {
  const said = await indexesOf(access, owners, call)
  const claims = owners.flatMap((owner, at) =>
    Array.from(said[at] ?? [], ([id, member]): Suspect => ({ wrong: 'missing', id, member, owner })),
  )
  const there = await inSets(access, claims, call)
  return claims.filter((_, at) => !there[at])
}

/** What a set has, and its entities know nothing of. Members of entities that are not in the model are passed over. */
export async function stale(
  access: Access,
  id: string,
  members: readonly Wire[],
  byName: ReadonlyMap<string, EntityModel>,
  call: Call,
): Promise<Suspect[]> {
  const entries = members.flatMap((member): Suspect[] => {
    const [name = ''] = memberText(member).sort.split('#')
    const entity = byName.get(name)
    const index = entity?.indexes.find((one) => indexId(one) === id)
    const owner = entity && index && ownerOf(access, entity, index, member)
    return owner === undefined ? [] : [{ wrong: 'stale', id, member, owner }]
  })
  const said = await indexesOf(
    access,
    entries.map(({ owner }) => owner),
    call,
  )
  return entries.filter(({ member }, at) => said[at] !== undefined && said[at].get(id) !== member)
}

/** undefined for a member that is none of this model's. */
function ownerOf({ entities }: Access, entity: EntityModel, index: IndexModel, member: Wire): Wire | undefined {
  try {
    return entities.of(entity).keyMember(index)(member)
  } catch {
    // It was written by other code; queries that meet it say so.
    return undefined
  }
}

/** Those that are wrong still, a moment later, and wait in no outbox. */
export async function confirmed(access: Access, suspects: readonly Suspect[], call: Call): Promise<readonly Suspect[]> {
  let left = suspects
  for (const pause of AGAIN_AFTER) {
    if (left.length === 0) return left
    await sleep(pause, call.signal)
    const said = await indexesOf(
      access,
      left.map(({ owner }) => owner),
      call,
    )
    const there = await inSets(access, left, call)
    left = left.filter(({ id, member }, at) => (said[at]?.get(id) === member) !== there[at])
  }
  if (left.length === 0 || !access.keys.isSpread) return left
  const buckets = [...new Set(left.map(({ owner }) => access.keys.bucketOfMember(owner)))]
  const pending = new Set(
    (await access.outbox.pending(buckets, call)).flatMap(({ text }) =>
      changesIn(text).map(({ id, member }) => `${id}:${member}`),
    ),
  )
  return left.filter(({ id, member }) => !pending.has(`${id}:${member}`))
}

/** What entities say of their index members; empty where there is no entity, undefined where it cannot be read. */
async function indexesOf(
  { connection, keys }: Access,
  owners: readonly Wire[],
  call: Call,
): Promise<(ReadonlyMap<string, Wire> | undefined)[]> {
  if (owners.length === 0) return []
  const requests = owners.map(
    (owner): Request => ({ name: 'HGET', args: [keys.entity(keys.bucketOfMember(owner), owner), INDEX] }),
  )
  const replies = await connection.sendAll(requests, { call, writes: false })
  return replies.map((reply) => (reply instanceof StoreError ? unlessGone(reply) : membersIn(reply as Wire | null)))
}

/** What is no entity is told of by whoever reads it; what cannot be asked ends the walk. */
function unlessGone(error: StoreError): undefined {
  if (error.code !== 'MODEL_MISMATCH') throw error
  return undefined
}

async function inSets({ connection, keys }: Access, entries: readonly Suspect[], call: Call): Promise<boolean[]> {
  if (entries.length === 0) return []
  const requests = entries.map(
    ({ id, member, owner }): Request => ({
      name: 'ZSCORE',
      args: [keys.index(keys.bucketOfIndex(id, member, owner), id), member],
    }),
  )
  const replies = await connection.sendAll(requests, { call, writes: false })
  return replies.map((reply: Reply | StoreError) => {
    if (reply instanceof StoreError) throw reply
    return reply !== null
  })
}
