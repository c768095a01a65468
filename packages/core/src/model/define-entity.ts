import { $ZodDate } from 'zod/v4/core'
import { ModelError } from '../errors/model-error.js'
import { compileObject } from '../schema/compile.js'
import type { ObjectType, Slot } from '../schema/type.js'
import { indexModels } from './index-models.js'
import type {
  Entity,
  EntitySchema,
  FieldName,
  IndexSpec,
  KeySpec,
  Misfits,
  NamesIn,
  Orderable,
  RevisionName,
  RevisionSpec,
  TimestampName,
  TimestampsSpec,
} from './infer.js'
import { keyModel } from './key-model.js'
import type { EntityModel, KeyModel } from './model.js'
import { isName, NAME_RULE, refuseUnknown, requireField, requireObject, shown } from './refusals.js'
import { storedNames } from './stored-names.js'
import { uniqueModels } from './unique-models.js'

/** What is wrong with a definition, as a sentence in the place of the property that is wrong. */
type Refusals<S extends EntitySchema, K extends KeySpec, I, R, T, X, U> = Refusal<
  'key',
  Exclude<keyof K, keyof KeySpec>,
  'is no option of a key; there are partition, sort and partitionName'
> &
  Refusal<
    'indexes',
    Exclude<OptionsOf<I[keyof I]>, keyof IndexSpec>,
    'is no option of an index; there are partition, sort, partitionName, scope and number'
  > &
  Refusal<
    'key',
    Misfits<S['_zod']['output'], NamesIn<K, 'partition'> | NamesIn<K, 'sort'>, Orderable>,
    'is absent in some entities, or has no order: a key field is a required string, number, bigint, boolean, Date, Uint8Array or enum'
  > &
  Refusal<
    'key',
    NamesIn<K, 'partition'> & NamesIn<K, 'sort'>,
    'is in the key twice: a field is in its partition or in its sort'
  > &
  Refusal<'indexes', Alike<I>, 'has the fields and the scope of another index: keep one'> &
  Refusal<
    'indexes',
    Misfits<S['_zod']['output'], IndexedNames<I[keyof I]>, Orderable | null | undefined>,
    'has no order: an index field is a string, number, bigint, boolean, Date, Uint8Array or enum'
  > &
  Refusal<
    'uniques',
    Misfits<S['_zod']['output'], NamesOf<U>, Orderable | null | undefined>,
    'has no order: a unique field is a string, number, bigint, boolean, Date, Uint8Array or enum'
  > &
  Refusal<'ttl', Misfits<S['_zod']['output'], X, Date | null | undefined>, 'is no Date field, and expiry is a moment'> &
  Refusal<
    'revision' | 'timestamps',
    (RevisionName<R> | TimestampName<T>) & Named<S['_zod']['output']>,
    "is a field of the schema too: rename the library's, as in revision: 'version' or timestamps: { created: 'madeAt' }"
  >
type Refusal<P extends string, F, Why extends string> = [F] extends [never]
  ? unknown
  : // An object: `true` and a sentence would be nothing, and the message would not show the sentence.
    { readonly [Q in P]: { readonly refused: `${F & string} ${Why}` } }
/** The fields that a schema names; a loose object may have any besides, and then they cannot be told apart here. */
type Named<O> = string extends keyof O ? never : keyof O
/** The names of indexes that are declared in the same words as another. */
type Alike<I> = {
  [A in keyof I]: {
    [B in keyof I]: A extends B ? never : I[A] extends I[B] ? (I[B] extends I[A] ? A : never) : never
  }[keyof I]
}[keyof I]
type NamesOf<U> = (U[keyof U] & readonly string[])[number]
type OptionsOf<X> = X extends unknown ? keyof X : never
type IndexedNames<X> = X extends unknown ? NamesIn<X, 'partition'> | NamesIn<X, 'sort'> : never

export interface Definition<N extends string, S extends EntitySchema, K, I, R, T, X, U = unknown> {
  /** Names the entity in keys, messages and collections: letters, digits and `_`, starting with a letter. */
  readonly name: N
  /** A Zod object. Entities are its output type. */
  readonly schema: S
  /** Partition fields, then optional sort fields. */
  readonly key: K
  /** Named access paths. An entity that lacks one of an index's fields is not in that index. */
  readonly indexes?: I
  /** Values that no two live entities have alike, as in `{ byEmail: ['email'] }`; an entity that lacks one of the fields is free. */
  readonly uniques?: U
  /** Adds an opaque revision, new with every write; `true` names it `revision`. */
  readonly revision?: R
  /** Adds `createdAt` and `updatedAt`, or fields of the names given. */
  readonly timestamps?: T
  /** What fields are called in the store, as in `{ customerId: 'c' }`: short names take less space, old ones stay readable. */
  readonly names?: { readonly [F in FieldName<S>]?: string }
  /** Whether its writes are in the change feed, `db.changes`. Default: false. */
  readonly changes?: boolean
  /** A Date field: at that moment the entity is gone. */
  readonly ttl?: X
  /** Fields whose values never show in errors, events, warnings and `explain`. */
  readonly sensitive?: readonly FieldName<S>[]
}

/**
 * Declares an entity: its schema, its key, its access paths. Throws ModelError for what cannot work, naming the field and
 * the remedy.
 *
 * ```ts
 * const Order = defineEntity({
 *   name: 'Order',
 *   schema: z.object({ customerId: z.string(), orderId: z.string(), status: z.enum(['placed', 'paid']), placedAt: z.date() }),
 *   key: { partition: ['customerId'], sort: ['orderId'] },
 *   indexes: { byStatus: { partition: ['status'], sort: ['placedAt'] } },
 *   revision: true,
 * })
 * ```
 */
export function defineEntity<
  const N extends string,
  S extends EntitySchema,
  const K extends KeySpec<keyof S['_zod']['output'] & string>,
  const T extends TimestampsSpec = false,
  const I extends {
    readonly [name: string]: IndexSpec<(keyof S['_zod']['output'] & string) | TimestampName<T>>
  } = Record<never, never>,
  const R extends RevisionSpec = false,
  const X extends keyof S['_zod']['output'] & string = never,
  const U extends { readonly [name: string]: readonly (keyof S['_zod']['output'] & string)[] } = Record<never, never>,
>(definition: Definition<N, S, K, I, R, T, X, U> & Refusals<S, K, I, R, T, X, U>): Entity<N, S, K, I, R, T, U> {
  requireObject(
    definition,
    undefined,
    "defineEntity takes a definition, as in defineEntity({ name: 'Order', schema, key })",
  )
  const { name, schema } = definition
  if (!isName(name)) throw new ModelError(undefined, `the name ${shown(name)} cannot head keys; ${NAME_RULE}`)
  if (/^isomodel_/i.test(name)) {
    throw new ModelError(name, 'names that begin with isomodel_ are of the library itself; use another name.')
  }
  refuseUnknown(name, 'defineEntity', definition, DEFINITION)
  const own = compileObject(schema, name)
  const revision = revisionName(name, definition.revision)
  const timestamps = timestampNames(name, definition.timestamps)
  const library = [revision, timestamps?.created, timestamps?.updated].filter((field) => field !== undefined)
  refuseClashes(name, own, library)
  const type = withTimestamps(own, timestamps)
  const key = keyModel(name, own, definition.key)
  const indexes = indexModels(name, type, key, definition.indexes)
  const model: EntityModel = Object.freeze({
    name,
    type,
    schema,
    key,
    indexes,
    uniques: uniqueModels(name, own, indexes, definition.uniques),
    revision,
    timestamps,
    names: storedNames(name, type, definition.names),
    changes: changesOption(name, definition.changes),
    ttl: ttlField(name, own, definition.ttl, key),
    sensitive: new Set(sensitiveFields(name, own, definition.sensitive)),
  })
  return Object.freeze({ name, schema, model })
}

const DEFINITION = [
  'name',
  'schema',
  'key',
  'indexes',
  'uniques',
  'revision',
  'timestamps',
  'names',
  'changes',
  'ttl',
  'sensitive',
]
const TIMESTAMPS = ['created', 'updated']

function changesOption(entity: string, changes: unknown): boolean {
  if (changes === undefined || typeof changes === 'boolean') return changes === true
  throw new ModelError(entity, `changes is true or false, not ${shown(changes)}.`)
}

function revisionName(entity: string, spec: unknown): string | undefined {
  if (spec === undefined || spec === false) return undefined
  if (spec === true) return 'revision'
  if (isFieldName(spec)) return spec
  throw new ModelError(
    entity,
    `revision is true, or the name of the field that shows it, as in revision: 'version'; it is ${shown(spec)}.`,
  )
}

function timestampNames(entity: string, spec: TimestampsSpec | undefined): EntityModel['timestamps'] {
  if (spec === undefined || spec === false) return undefined
  const names = spec === true ? {} : spec
  requireObject(names, entity, "timestamps is true, or names the fields, as in timestamps: { created: 'madeAt' }")
  refuseUnknown(entity, 'timestamps', names, TIMESTAMPS)
  const { created = 'createdAt', updated = 'updatedAt' } = names
  for (const [which, name] of Object.entries({ created, updated })) {
    if (!isFieldName(name)) throw new ModelError(entity, `timestamps.${which} names a field, and is ${shown(name)}.`)
  }
  return Object.freeze({ created, updated })
}

function isFieldName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name !== '__proto__'
}

function refuseClashes(entity: string, type: ObjectType, library: readonly string[]): void {
  for (const field of library) {
    if (type.fields.has(field)) {
      throw new ModelError(
        entity,
        `the schema already has a field ${field}; rename the library's with revision: '...' or timestamps: { created: '...', updated: '...' }.`,
      )
    }
  }
  if (new Set(library).size !== library.length) {
    throw new ModelError(entity, `revision and timestamps share a name among ${library.join(', ')}; give each its own.`)
  }
}

const timestampSlot: Slot = Object.freeze<Slot>({
  type: { kind: 'date' },
  optional: false,
  nullable: false,
  defaulted: true,
  schema: new $ZodDate({ type: 'date' }),
  converts: false,
})

function withTimestamps(type: ObjectType, timestamps: EntityModel['timestamps']): ObjectType {
  if (timestamps === undefined) return type
  const fields = new Map(type.fields)
  fields.set(timestamps.created, timestampSlot)
  fields.set(timestamps.updated, timestampSlot)
  return Object.freeze({ ...type, fields })
}

function ttlField(entity: string, type: ObjectType, ttl: string | undefined, key: KeyModel): string | undefined {
  if (ttl === undefined) return undefined
  requireField(entity, type, ttl, 'ttl')
  const slot = type.fields.get(ttl) as Slot
  if (slot.type.kind !== 'date')
    throw new ModelError(entity, `ttl: ${ttl} is of kind ${slot.type.kind}; expiry is a Date field (z.date()).`)
  if ([...key.partition, ...key.sort].some((field) => field.name === ttl)) {
    throw new ModelError(
      entity,
      `ttl: ${ttl} is a key field, so an expiry could never be moved. Use a field of its own.`,
    )
  }
  return ttl
}

function sensitiveFields(entity: string, type: ObjectType, fields: readonly string[] = []): readonly string[] {
  if (!Array.isArray(fields)) throw new ModelError(entity, `sensitive is a list of fields, not ${shown(fields)}.`)
  for (const field of fields) requireField(entity, type, field, 'sensitive')
  return fields
}
