import type { GetRequest, ReadCall, Stored } from '@isomodel/core/driver'
import type { Access } from './access.js'
import type { Place } from './keys.js'
import { readImage } from './read-image.js'

/** Reads by key, in one pipeline. */
export async function get(
  { connection, keys, entities }: Access,
  requests: readonly GetRequest[],
  call: ReadCall,
): Promise<(Stored | undefined)[]> {
  const places = requests.map(({ entity, key }) => keys.place(entity, key))
  const commands = places.map(({ bucket, member }) => ({ name: 'HGETALL', args: [keys.entity(bucket, member)] }))
  const replies = await connection.sendAll(commands, { call, writes: false })
  return requests.map(({ entity }, at) => {
    const { member } = places[at] as Place
    return readImage({ entity, codec: entities.of(entity).codec, member }, replies[at])?.stored
  })
}
