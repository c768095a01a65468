import {
  type Fetched,
  type FetchRequest,
  type GetRequest,
  type Plan,
  type ReadCall,
  type Row,
  type Stored,
  StoreError,
} from '@isomodel/core/driver'
import { INDEX, TOKEN } from './codec.js'
import type { Connection, Reply, Request } from './connection.js'
import type { Entities } from './entities.js'
import { indexId, type Keys } from './keys.js'
import { countsMembers, fieldsOf, memberRange, rangeArguments } from './planner.js'
import { fromBytes, toBytes, type Wire } from './wire.js'

/** Most rows of one fetch: as many hashes travel in one reply. */
const MOST_ROWS = 1_000

/** Reads entities by key and by range. */
export class Reader {
  readonly #connection: Connection
  readonly #keys: Keys
  readonly #entities: Entities

  constructor(connection: Connection, keys: Keys, entities: Entities) {
    this.#connection = connection
    this.#keys = keys
    this.#entities = entities
  }

  async get(requests: readonly GetRequest[], call: ReadCall): Promise<(Stored | undefined)[]> {
    const commands = requests.map(({ entity, key }) => {
      const { bucket, member } = this.#keys.place(entity, key)
      return { name: 'HGETALL', args: [this.#keys.entity(bucket, member)] }
    })
    const replies = await this.#connection.sendAll(commands, { call, writes: false })
    return requests.map(({ entity, key }, at) => {
      try {
        return this.#entities.of(entity).codec.decode(flat(replies[at]))?.stored
      } catch (error) {
        throw error instanceof StoreError ? error.at({ entity: entity.name, key }) : error
      }
    })
  }

  async fetch(plan: Plan, { after, limit }: FetchRequest, call: ReadCall): Promise<Fetched> {
    const { query } = plan
    if (plan.access === 'none') return { rows: [] }
    const range = memberRange(query, plan.range, this.#keys)
    const most = Math.min(limit, MOST_ROWS)
    const behind = after === undefined ? undefined : range.head + toBytes(after)
    // One more than wanted tells whether anything comes behind.
    const reply = await this.#connection.send(
      { name: 'ZRANGE', args: rangeArguments(range, query.reverse, String(most + 1), behind) },
      { call, writes: false },
    )
    const found = reply as readonly Wire[]
    const members = found.slice(0, most)
    const position = (member: Wire): string => fromBytes(member.slice(range.head.length))
    const last = members.at(-1)
    const rows = countsMembers(query, plan.residual)
      ? members.map((member): Row => ({ stored: COUNTED, position: () => position(member) }))
      : await this.#rows(plan, members, position, call)
    return found.length > most && last !== undefined ? { rows, next: position(last) } : { rows }
  }

  async #rows(
    plan: Plan,
    members: readonly Wire[],
    position: (member: Wire) => string,
    call: ReadCall,
  ): Promise<Row[]> {
    if (members.length === 0) return []
    const { entity, index } = plan.query
    const { codec, keyMember } = this.#entities.of(entity)
    const keyMemberOf = index === undefined ? (member: Wire) => member : keyMember(index)
    const names = namesOf(plan, codec.nameOf)
    const commands = members.map((member): Request => {
      const own = keyMemberOf(member)
      const key = this.#keys.entity(this.#keys.bucketOfMember(own), own)
      return names === undefined ? { name: 'HGETALL', args: [key] } : { name: 'HMGET', args: [key, ...names] }
    })
    const replies = await this.#connection.sendAll(commands, { call, writes: false })
    return members.flatMap((member, at): Row[] => {
      const reply = flat(replies[at])
      const image = codec.decode(names === undefined ? reply : named(names, reply))
      // What was deleted, or has left this place of the index, between the two requests is not among the rows.
      if (image === undefined) return []
      if (index !== undefined && !image.isIn(indexId(index), member)) return []
      return [{ stored: image.stored, position: () => position(member) }]
    })
  }
}

/** A row that is only counted. */
const COUNTED: Stored = Object.freeze({ values: Object.freeze({}), token: '' })

/** The stored names to ask for; undefined for all. */
function namesOf(plan: Plan, nameOf: (field: string) => Wire): readonly Wire[] | undefined {
  const fields = fieldsOf(plan)
  return fields === undefined ? undefined : [TOKEN, INDEX, ...[...fields].map(nameOf)]
}

/** HMGET's texts with their names; none when the hash is gone. */
function named(names: readonly Wire[], texts: readonly (Wire | null)[]): Wire[] {
  if (texts[0] === null) return []
  return texts.flatMap((text, at) => (text === null ? [] : [names[at] as Wire, text]))
}

function flat(reply: Reply | StoreError | undefined): readonly Wire[] {
  if (reply instanceof StoreError) throw reply
  return reply as readonly Wire[]
}
