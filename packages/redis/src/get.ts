import { type GetRequest, type ReadCall, type Stored, StoreError } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { flat } from './rows.js'

/** Reads by key, in one pipeline. */
export async function get(
  { connection, keys, entities }: Access,
  requests: readonly GetRequest[],
  call: ReadCall,
): Promise<(Stored | undefined)[]> {
  const commands = requests.map(({ entity, key }) => {
    const { bucket, member } = keys.place(entity, key)
    return { name: 'HGETALL', args: [keys.entity(bucket, member)] }
  })
  const replies = await connection.sendAll(commands, { call, writes: false })
  return requests.map(({ entity, key }, at) => {
    try {
      return entities.of(entity).codec.decode(flat(replies[at]))?.stored
    } catch (error) {
      throw error instanceof StoreError ? error.at({ entity: entity.name, key }) : error
    }
  })
}
