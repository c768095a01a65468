import { type EntityModel, StoreError, shownKeyAt } from '@isomodel/core/driver'
import type { Image, RedisCodec } from './codec.js'
import { isWrongType, notAnEntity } from './errors.js'
import { memberText } from './keys.js'
import type { Reply } from './request.js'
import type { Wire } from './wire.js'

/** An entity, and its member in the set of all keys. */
interface Named {
  readonly entity: EntityModel
  readonly codec: RedisCodec
  readonly member: Wire
}

/**
 * The entity that a reply holds, as names and texts in turn; undefined where there is none, or none that is `wanted`. Throws
 * StoreError with the entity's key, and `CORRUPT` for what is no entity, so that one that cannot be read takes no other along.
 */
export function readImage(
  named: Named,
  reply: Reply | StoreError | undefined,
  wanted: (image: Image) => boolean = () => true,
): Image | undefined {
  try {
    if (reply instanceof StoreError) throw isWrongType(reply) ? notAnEntity(reply.cause) : reply
    const image = named.codec.decode(reply as readonly Wire[])
    return image !== undefined && wanted(image) ? image : undefined
  } catch (error) {
    throw at(named, error)
  }
}

function at({ entity, member }: Named, error: unknown): unknown {
  if (!(error instanceof StoreError)) return error
  const key = shownKeyAt(entity, () => memberText(member))
  return error.at({ entity: entity.name, ...(key === undefined ? {} : { key }) })
}
