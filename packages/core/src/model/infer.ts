import type { FieldOf, FieldsOf } from '../query/fields.js'
import type { EntityModel } from './model.js'

/** A Zod object schema, constrained structurally: two installed copies of Zod do not clash. */
export interface EntitySchema {
  readonly _zod: { readonly output: object; readonly input: object; readonly def: { readonly type: string } }
}

/** The types a key or index field can have. */
export type Orderable = string | number | bigint | boolean | Date | Uint8Array

export type FieldName<S extends EntitySchema> = keyof S['_zod']['output'] & string

/** Those of the named fields whose values are not all of a type V. */
export type Misfits<O, F, V> = F extends keyof O ? (O[F] extends V ? never : F) : never

export interface KeySpec<F extends string = string> {
  readonly partition: readonly [F, ...F[]]
  readonly sort?: readonly F[]
  /** Shares the partition, by this name, with other entities that give the same one. Default: the entity's name. */
  readonly partitionName?: string
}

export interface IndexSpec<F extends string = string> extends KeySpec<F> {
  /** Default: `global`. A `local` index has the key's partition fields. */
  readonly scope?: 'global' | 'local'
  /**
   * In which of the store's numbered indexes it lies, 1 to 20, global and local ones counted apart; default: its place among
   * those of its scope in the declaration. Give it where indexes are removed, reordered or put between others, so that each
   * stays where it is.
   */
  readonly number?: number
}

export type RevisionSpec = boolean | string
export type TimestampsSpec = boolean | { readonly created?: string; readonly updated?: string }

export type RevisionName<R> = R extends true ? 'revision' : R extends string ? R : never
export type CreatedName<T> = T extends true
  ? 'createdAt'
  : T extends { readonly created: infer N extends string }
    ? N
    : T extends object
      ? 'createdAt'
      : never
export type UpdatedName<T> = T extends true
  ? 'updatedAt'
  : T extends { readonly updated: infer N extends string }
    ? N
    : T extends object
      ? 'updatedAt'
      : never
export type TimestampName<T> = CreatedName<T> | UpdatedName<T>

/** An entity: what `defineEntity` returns. `model` is what adapters see. */
export interface Entity<
  N extends string = string,
  S extends EntitySchema = EntitySchema,
  K extends KeySpec = KeySpec,
  I = unknown,
  R = unknown,
  T = unknown,
  U = unknown,
> {
  readonly name: N
  readonly schema: S
  readonly model: EntityModel
  /** For the types alone; never there at run time. */
  readonly '~'?: {
    readonly key: K
    readonly indexes: I
    readonly revision: R
    readonly timestamps: T
    readonly uniques: U
  }
}

/** Any entity, as a constraint. */
export interface AnyEntity {
  readonly name: string
  readonly schema: EntitySchema
  readonly model: EntityModel
  readonly '~'?: {
    readonly key: KeySpec
    readonly indexes: unknown
    readonly revision: unknown
    readonly timestamps: unknown
    readonly uniques: unknown
  }
}

type Declared<E extends AnyEntity> = NonNullable<E['~']>
type Fields<E extends AnyEntity> = E['schema']['_zod']['output']
type LibraryFields<E extends AnyEntity> = { readonly [P in RevisionName<Declared<E>['revision']>]: string } & {
  [P in TimestampName<Declared<E>['timestamps']>]: Date
}

/** The stored entity as TypeScript sees it: the schema's output, with the revision and timestamps where declared. */
export type EntityOf<E extends AnyEntity> = Fields<E> & LibraryFields<E>

/**
 * What create, put and upsert take: the entity in output form, without the defaulted fields if you like. A revision or
 * timestamps that came with an entity may stay in it.
 */
export type ArgumentOf<E extends AnyEntity> = Argument<Fields<E>, E['schema']['_zod']['input']> &
  Partial<LibraryFields<E>>
type Argument<O, I> = { [P in keyof I]: P extends keyof O ? (O[P] extends I[P] ? I[P] : O[P]) : I[P] }

/** The names in one list of a key or index; none where it has no such list. Indexing, since inferring compares whole tuples. */
export type NamesIn<K, L extends string> = K[L & keyof K][number & keyof K[L & keyof K]]
export type KeyNames<E extends AnyEntity> = (
  | NamesIn<Declared<E>['key'], 'partition'>
  | NamesIn<Declared<E>['key'], 'sort'>
) &
  keyof Fields<E>
/** The key fields of an entity. */
export type KeyOf<E extends AnyEntity> = { readonly [P in KeyNames<E>]: Fields<E>[P] }
/** The partition fields of the key. */
export type PartitionOf<E extends AnyEntity> = {
  readonly [P in Declared<E>['key']['partition'][number] & keyof Fields<E>]: Fields<E>[P]
}

export type IndexesOf<E extends AnyEntity> = Declared<E>['indexes']
/** The partition fields of an index. */
export type IndexPartitionOf<E extends AnyEntity, I extends keyof IndexesOf<E>> = {
  readonly [P in NamesIn<IndexesOf<E>[I], 'partition'> & string]: P extends keyof Fields<E>
    ? NonNullable<Fields<E>[P]>
    : Date
}

/** References for conditions: the schema's fields and the timestamps. */
export type ConditionFields<E extends AnyEntity> = FieldsOf<
  Fields<E> & { [P in TimestampName<Declared<E>['timestamps']>]: Date }
>

/** References for updates: a key field is a sentence that says why not. */
export type UpdateFields<E extends AnyEntity> = {
  readonly [P in keyof Fields<E>]-?: P extends KeyNames<E>
    ? // An object, since a message shows a literal's type only as `string`.
      { readonly refused: KeyFieldRefusal<P> }
    : FieldOf<Exclude<Fields<E>[P], undefined>>
}
type KeyFieldRefusal<P extends PropertyKey> =
  `${P & string} is a key field and cannot be updated: create the entity under its new key and delete the old one`

/** Changes as an object: sets the fields that it names; `undefined` is not named. */
export type ObjectChanges<E extends AnyEntity> = { readonly [P in keyof Fields<E>]?: Fields<E>[P] | undefined } & {
  readonly [P in KeyNames<E>]?: KeyFieldRefusal<P>
}

/** The names of its unique constraints. */
export type UniqueNames<E extends AnyEntity> = keyof Declared<E>['uniques']

export type HasRevision<E extends AnyEntity> = [RevisionName<Declared<E>['revision']>] extends [never] ? false : true
