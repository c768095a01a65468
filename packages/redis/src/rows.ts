import type { EntityModel, IndexModel, ReadCall, Row, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { INDEX, TOKEN } from './codec.js'
import { indexId } from './keys.js'
import { readImage } from './read-image.js'
import type { Reply, Request } from './request.js'
import type { Wire } from './wire.js'

/** What members of an index, or of the set of all keys, lead to. */
interface Kind {
  readonly entity: EntityModel
  readonly index: IndexModel | undefined
  /** The fields to read; undefined for all. */
  readonly fields: ReadonlySet<string> | undefined
  readonly position: (member: Wire) => string
}

interface Sought {
  readonly member: Wire
  readonly kind: Kind
}

/** The entities that members lead to, all of one kind, in one pipeline. */
export async function rows(
  access: Access,
  { members, ...kind }: Kind & { readonly members: readonly Wire[] },
  call: ReadCall,
): Promise<Row[]> {
  const sought = members.map((member): Sought => ({ member, kind }))
  return (await rowsOf(access, sought, call)).filter((row) => row !== undefined)
}

/** The entities that members lead to, in one pipeline; undefined for what was deleted or has left its place by then. */
export async function rowsOf(
  { connection, keys, entities }: Access,
  sought: readonly Sought[],
  call: ReadCall,
): Promise<(Row | undefined)[]> {
  if (sought.length === 0) return []
  const asked = sought.map(({ member, kind: { entity, index, fields } }) => {
    const { codec, keyMember } = entities.of(entity)
    const own = index === undefined ? member : keyMember(index)(member)
    const names = fields === undefined ? undefined : [TOKEN, INDEX, ...Array.from(fields, codec.nameOf)]
    return { named: { entity, codec, member: own }, names }
  })
  const commands = asked.map(({ named: { member }, names }): Request => {
    const key = keys.entity(keys.bucketOfMember(member), member)
    return names === undefined ? { name: 'HGETALL', args: [key] } : { name: 'HMGET', args: [key, ...names] }
  })
  const replies = await connection.sendAll(commands, { call, writes: false })
  return asked.map(({ named, names }, at) => {
    const { member, kind } = sought[at] as Sought
    const { index, position } = kind
    const reply = names === undefined ? replies[at] : withNames(names, replies[at])
    const image = readImage(named, reply, (found) => index === undefined || found.isIn(indexId(index), member))
    return image === undefined ? undefined : { stored: image.stored, position: () => position(member) }
  })
}

/** HMGET's texts with their names; none when the hash is gone. */
function withNames(names: readonly Wire[], reply: Reply | StoreError | undefined): Reply | StoreError | undefined {
  if (!Array.isArray(reply)) return reply
  const texts = reply as readonly (Wire | null)[]
  return texts.flatMap((text, at) => (text === null ? [] : [names[at] as Wire, text]))
}
