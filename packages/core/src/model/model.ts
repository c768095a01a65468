import type { ObjectType, Slot, ZodType } from '../schema/type.js'

/** One entity as the drivers see it: names resolved, defaults filled in, frozen. */
export interface EntityModel {
  readonly name: string
  /** All stored fields: the schema's and the timestamps. The revision is no stored field: it is the write token. */
  readonly type: ObjectType
  /** The Zod schema that the developer declared; the library's own entities have none. */
  readonly schema: ZodType | undefined
  readonly key: KeyModel
  /** In declared order; an index's `number` is its place among those of its scope, from 1, unless the definition gives another. */
  readonly indexes: readonly IndexModel[]
  /** Values that no two live entities of the kind have alike. */
  readonly uniques: readonly UniqueModel[]
  /** Names that fields have in the store, where those are others. */
  readonly names: ReadonlyMap<string, string>
  /** The name of the field that shows the write token, when `revision` is declared. */
  readonly revision: string | undefined
  readonly timestamps: { readonly created: string; readonly updated: string } | undefined
  /** Whether its writes are in the change feed. */
  readonly changes: boolean
  /** The Date field after which the entity is gone, when declared. */
  readonly ttl: string | undefined
  /** Top-level fields whose values never show in errors, events or logs. */
  readonly sensitive: ReadonlySet<string>
}

/** An ordered way to reach entities: partition fields, then sort fields. */
export interface KeyModel {
  /** The name that heads every encoded partition: the entity's own unless it shares its partition by name. */
  readonly partitionName: string
  readonly partition: readonly KeyField[]
  readonly sort: readonly KeyField[]
}

export interface IndexModel extends KeyModel {
  readonly name: string
  readonly number: number
  readonly scope: 'global' | 'local'
  /**
   * The key fields that the index itself does not name, in key order: appended behind the sort fields, they break ties by
   * the key, the same on every store.
   */
  readonly ties: readonly KeyField[]
}

export interface UniqueModel {
  readonly name: string
  /** It applies where all of them are present and not null. */
  readonly fields: readonly KeyField[]
}

export interface KeyField {
  readonly name: string
  readonly slot: Slot
}

/** What `connect` hands to an adapter. */
export interface Model {
  readonly entities: readonly EntityModel[]
}
