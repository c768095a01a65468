import type { EntityModel, IndexModel, ReadCall, Row, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { INDEX, TOKEN } from './codec.js'
import type { Reply, Request } from './connection.js'
import { indexId } from './keys.js'
import { readImage } from './read-image.js'
import type { Wire } from './wire.js'

/** Members of an index, or of the set of all keys. */
interface Members {
  readonly entity: EntityModel
  readonly index: IndexModel | undefined
  readonly members: readonly Wire[]
  /** The fields to read; undefined for all. */
  readonly fields: ReadonlySet<string> | undefined
  readonly position: (member: Wire) => string
}

/** The entities that members lead to, in one pipeline. */
export async function rows(
  { connection, keys, entities }: Access,
  { entity, index, members, fields, position }: Members,
  call: ReadCall,
): Promise<Row[]> {
  if (members.length === 0) return []
  const { codec, keyMember } = entities.of(entity)
  const keyMemberOf = index === undefined ? (member: Wire) => member : keyMember(index)
  const names = fields === undefined ? undefined : [TOKEN, INDEX, ...Array.from(fields, codec.nameOf)]
  const owns = members.map(keyMemberOf)
  const commands = owns.map((own): Request => {
    const key = keys.entity(keys.bucketOfMember(own), own)
    return names === undefined ? { name: 'HGETALL', args: [key] } : { name: 'HMGET', args: [key, ...names] }
  })
  const replies = await connection.sendAll(commands, { call, writes: false })
  return members.flatMap((member, at): Row[] => {
    const named = { entity, codec, member: owns[at] as Wire }
    const reply = names === undefined ? replies[at] : withNames(names, replies[at])
    // What was deleted, or has left this place of the index, between the two requests is not among the rows.
    const image = readImage(named, reply, (found) => index === undefined || found.isIn(indexId(index), member))
    return image === undefined ? [] : [{ stored: image.stored, position: () => position(member) }]
  })
}

/** HMGET's texts with their names; none when the hash is gone. */
function withNames(names: readonly Wire[], reply: Reply | StoreError | undefined): Reply | StoreError | undefined {
  if (!Array.isArray(reply)) return reply
  const texts = reply as readonly (Wire | null)[]
  return texts.flatMap((text, at) => (text === null ? [] : [names[at] as Wire, text]))
}
