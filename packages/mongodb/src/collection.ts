import type { EntityModel, Values } from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import { DocumentCodec } from './codec.js'
import { FilterCompiler } from './conditions.js'
import { idText } from './id.js'
import { type IndexDefinition, indexDefinitions } from './indexes.js'
import { topNameOf } from './names.js'

/** One entity's collection: everything that follows from the model alone, computed once. */
export class EntityCollection {
  readonly entity: EntityModel
  /** The collection's name in the database. */
  readonly name: string
  readonly codec: DocumentCodec
  readonly filters: FilterCompiler
  readonly indexes: readonly IndexDefinition[]
  /** Whether the server keeps what writes find, for the change feed. */
  readonly keepsImages: boolean
  readonly #ttl: string | undefined

  constructor(entity: EntityModel, prefix: string, images = false) {
    this.entity = entity
    this.name = prefix + entity.name
    this.codec = new DocumentCodec(entity)
    this.filters = new FilterCompiler(entity.type, this.codec.values)
    this.indexes = indexDefinitions(entity)
    this.keepsImages = images && entity.changes
    this.#ttl = entity.ttl === undefined ? undefined : topNameOf(entity, entity.ttl)
  }

  id(key: Values): string {
    return idText(this.entity, key)
  }

  /** Holds of what has not expired at a moment: a ttl that is absent or null is no date, so it is not at or before it. */
  live(moment: Bson): BsonObject | true {
    return this.#ttl === undefined ? true : { [this.#ttl]: { $not: { $lte: moment } } }
  }

  /** Holds of what has expired at a moment. */
  expired(moment: Bson): BsonObject | false {
    return this.#ttl === undefined ? false : { [this.#ttl]: { $lte: moment } }
  }
}
