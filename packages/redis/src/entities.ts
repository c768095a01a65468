import type { EntityModel, IndexModel, Model } from '@isomodel/core/driver'
import { type RedisCodec, redisCodec } from './codec.js'
import { indexId, type Keys, keyMemberOf, OUTBOX } from './keys.js'
import type { Wire } from './wire.js'

/** What is compiled once per entity. */
export interface CompiledEntity {
  readonly codec: RedisCodec
  /** The ids of the index sets that its writes are about; on a cluster the outbox in place of those elsewhere. */
  readonly indexIds: readonly string[]
  /** From a member of an index to the entity's own member. */
  keyMember(index: IndexModel): (member: Wire) => Wire
}

/** The entities of a model; also of one that is not named in it, compiled when it is first met. */
export class Entities {
  readonly #compiled = new Map<EntityModel, CompiledEntity>()
  /** The ids of all index sets that entities of the model may be in. */
  readonly indexIds: ReadonlySet<string>

  readonly models: readonly EntityModel[]
  readonly #keys: Keys

  constructor(model: Model, keys: Keys) {
    this.#keys = keys
    this.models = model.entities
    for (const entity of model.entities) this.of(entity)
    this.indexIds = new Set(model.entities.flatMap((entity) => this.of(entity).indexIds))
  }

  of(entity: EntityModel): CompiledEntity {
    const known = this.#compiled.get(entity)
    if (known !== undefined) return known
    const keyMembers = new Map(entity.indexes.map((index) => [index.name, keyMemberOf(entity, index)]))
    const ids = entity.indexes.map(indexId)
    const compiled: CompiledEntity = {
      codec: redisCodec(entity),
      indexIds: this.#keys.isSpread ? [...ids.filter((id) => id.startsWith('l')), OUTBOX] : ids,
      keyMember: (index) => keyMembers.get(index.name) ?? keyMemberOf(entity, index),
    }
    this.#compiled.set(entity, compiled)
    return compiled
  }
}
