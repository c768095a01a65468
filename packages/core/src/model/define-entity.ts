import { $ZodDate } from 'zod/v4/core'
import { ModelError } from '../errors/model-error.js'
import { compileObject } from '../schema/compile.js'
import { isOrderable } from '../schema/orderable.js'
import type { ObjectType, Slot } from '../schema/type.js'
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
import type { EntityModel, IndexModel, KeyField, KeyModel } from './model.js'
import { MOST_INDEXES } from './most-indexes.js'

/** What is wrong with a definition, as a sentence in the place of the property that is wrong. */
type Refusals<S extends EntitySchema, K extends KeySpec, I, R, T, X> = Refusal<
  'key',
  Misfits<S['_zod']['output'], NamesIn<K, 'partition'> | NamesIn<K, 'sort'>, Orderable>,
  'is absent in some entities, or has no order: a key field is a required string, number, bigint, boolean, Date, Uint8Array or enum'
> &
  Refusal<
    'indexes',
    Misfits<S['_zod']['output'], IndexedNames<I[keyof I]>, Orderable | null | undefined>,
    'has no order: an index field is a string, number, bigint, boolean, Date, Uint8Array or enum'
  > &
  Refusal<'ttl', Misfits<S['_zod']['output'], X, Date | null | undefined>, 'is no Date field, and expiry is a moment'> &
  Refusal<
    'revision' | 'timestamps',
    (RevisionName<R> | TimestampName<T>) & keyof S['_zod']['output'],
    "is a field of the schema too: rename the library's, as in revision: 'version' or timestamps: { created: 'madeAt' }"
  >
type Refusal<P extends string, F, Why extends string> = [F] extends [never]
  ? unknown
  : // An object: `true` and a sentence would be nothing, and the message would not show the sentence.
    { readonly [Q in P]: { readonly refused: `${F & string} ${Why}` } }
type IndexedNames<X> = X extends unknown ? NamesIn<X, 'partition'> | NamesIn<X, 'sort'> : never

export interface Definition<N extends string, S extends EntitySchema, K, I, R, T, X> {
  /** Names the entity in keys, messages and collections: letters, digits and `_`, starting with a letter. */
  readonly name: N
  /** A Zod object. Entities are its output type. */
  readonly schema: S
  /** Partition fields, then optional sort fields. */
  readonly key: K
  /** Named access paths. An entity that lacks one of an index's fields is not in that index. */
  readonly indexes?: I
  /** Adds an opaque revision, new with every write; `true` names it `revision`. */
  readonly revision?: R
  /** Adds `createdAt` and `updatedAt`, or fields of the names given. */
  readonly timestamps?: T
  /** A Date field: at that moment the entity is gone. */
  readonly ttl?: X
  /** Fields whose values never show in errors and events. */
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
  const K extends KeySpec<FieldName<S>>,
  const T extends TimestampsSpec = false,
  const I extends { readonly [name: string]: IndexSpec<FieldName<S> | TimestampName<T>> } = Record<never, never>,
  const R extends RevisionSpec = false,
  const X extends FieldName<S> = never,
>(definition: Definition<N, S, K, I, R, T, X> & Refusals<S, K, I, R, T, X>): Entity<N, S, K, I, R, T> {
  const { name, schema } = definition
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(name)) {
    throw new ModelError(
      undefined,
      `the name ${JSON.stringify(name)} cannot head keys; use a letter, then up to 99 letters, digits and _.`,
    )
  }
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
  const key = keyModel(name, own, definition.key, 'key', false)
  const indexes = indexModels(name, type, key, definition.indexes ?? {})
  const model: EntityModel = Object.freeze({
    name,
    type,
    key,
    indexes,
    revision,
    timestamps,
    ttl: ttlField(name, own, definition.ttl, key),
    sensitive: new Set(known(name, own, definition.sensitive ?? [], 'sensitive')),
  })
  return Object.freeze({ name, schema, model })
}

const DEFINITION = ['name', 'schema', 'key', 'indexes', 'revision', 'timestamps', 'ttl', 'sensitive']
const KEY = ['partition', 'sort', 'partitionName']
const INDEX = [...KEY, 'scope', 'number']
const TIMESTAMPS = ['created', 'updated']

/** A misspelt name would be passed over: `srot` in a key makes all of a partition one entity. */
function refuseUnknown(entity: string, where: string, spec: object, known: readonly string[]): void {
  const unknown = Object.keys(spec).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ModelError(entity, `${where} has no option ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`)
}

function revisionName(entity: string, spec: unknown): string | undefined {
  if (spec === undefined || spec === false) return undefined
  if (spec === true) return 'revision'
  if (typeof spec === 'string' && spec !== '' && spec !== '__proto__') return spec
  throw new ModelError(
    entity,
    `revision is true, or the name of the field that shows it, as in revision: 'version'; it is ${JSON.stringify(spec)}.`,
  )
}

function timestampNames(entity: string, spec: TimestampsSpec | undefined): EntityModel['timestamps'] {
  if (spec === undefined || spec === false) return undefined
  const names = spec === true ? {} : spec
  refuseUnknown(entity, 'timestamps', names, TIMESTAMPS)
  return Object.freeze({ created: names.created ?? 'createdAt', updated: names.updated ?? 'updatedAt' })
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

function keyModel(entity: string, type: ObjectType, spec: KeySpec, where: string, sparse: boolean): KeyModel {
  if (typeof spec !== 'object' || spec === null || !Array.isArray(spec.partition) || spec.partition.length === 0) {
    throw new ModelError(entity, `${where} needs partition fields: ${where}: { partition: ['...'], sort: [...] }.`)
  }
  refuseUnknown(entity, where, spec, sparse ? INDEX : KEY)
  const sort = spec.sort ?? []
  const all = [...spec.partition, ...sort]
  const repeated = all.find((field, at) => all.indexOf(field) !== at)
  if (repeated !== undefined) throw new ModelError(entity, `${where} names ${repeated} twice.`)
  const partitionName = spec.partitionName ?? entity
  if (!/^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(partitionName)) {
    throw new ModelError(
      entity,
      `${where}.partitionName ${JSON.stringify(partitionName)} cannot head keys; use a letter, then up to 99 letters, digits and _.`,
    )
  }
  const field = (name: string): KeyField => keyField(entity, type, name, where, sparse)
  return Object.freeze({ partitionName, partition: spec.partition.map(field), sort: sort.map(field) })
}

function keyField(entity: string, type: ObjectType, name: string, where: string, sparse: boolean): KeyField {
  known(entity, type, [name], where)
  const slot = type.fields.get(name) as Slot
  if (!isOrderable(slot.type)) {
    throw new ModelError(
      entity,
      `${where}: ${name} is of kind ${slot.type.kind}, which has no order. Key fields are string, number, bigint, boolean, Date, bytes, enum or literal.`,
    )
  }
  if (!sparse && (slot.optional || slot.nullable)) {
    throw new ModelError(
      entity,
      `${where}: ${name} may be absent or null, and a key field is always there. Make it required, or leave it to an index.`,
    )
  }
  return Object.freeze({ name, slot })
}

function indexModels(
  entity: string,
  type: ObjectType,
  key: KeyModel,
  specs: { readonly [name: string]: IndexSpec },
): readonly IndexModel[] {
  const seen = new Map<string, string>()
  const models = Object.entries(specs).map(([name, spec], at): IndexModel => {
    const where = `indexes.${name}`
    if (name === '') throw new ModelError(entity, 'an index has an empty name; name it by its access pattern.')
    const model = keyModel(entity, type, spec, where, true)
    const scope = spec.scope ?? 'global'
    if (scope !== 'global' && scope !== 'local') {
      throw new ModelError(entity, `${where}.scope is 'global' or 'local', not ${JSON.stringify(scope)}.`)
    }
    if (scope === 'local') refuseForeignPartition(entity, where, key, model)
    const identity = JSON.stringify([scope, model.partitionName, names(model.partition), names(model.sort)])
    const twin = seen.get(identity)
    if (twin !== undefined)
      throw new ModelError(entity, `indexes ${twin} and ${name} are alike: same fields, same scope. Keep one.`)
    seen.set(identity, name)
    const named = new Set([...names(model.partition), ...names(model.sort)])
    const ties = [...key.partition, ...key.sort].filter((field) => !named.has(field.name))
    return Object.freeze({ ...model, name, number: indexNumber(entity, where, spec.number, at), scope, ties })
  })
  refuseSharedNumbers(entity, models)
  return Object.freeze(models)
}

function indexNumber(entity: string, where: string, given: unknown, at: number): number {
  if (given === undefined) return at + 1
  if (Number.isInteger(given) && (given as number) >= 1 && (given as number) <= MOST_INDEXES) return given as number
  throw new ModelError(entity, `${where}.number is a whole number from 1 to ${MOST_INDEXES}, not ${String(given)}.`)
}

function refuseSharedNumbers(entity: string, indexes: readonly IndexModel[]): void {
  for (const [at, { name, number }] of indexes.entries()) {
    const other = indexes.slice(0, at).find((index) => index.number === number)
    if (other === undefined) continue
    throw new ModelError(
      entity,
      `indexes ${other.name} and ${name} both have the number ${number} (default: the place in the declaration). Give each its own, as in ${name}: { ..., number: ${Math.max(...indexes.map((index) => index.number)) + 1} }.`,
    )
  }
}

function refuseForeignPartition(entity: string, where: string, key: KeyModel, index: KeyModel): void {
  if (
    names(key.partition).join('\n') === names(index.partition).join('\n') &&
    index.partitionName === key.partitionName
  )
    return
  throw new ModelError(
    entity,
    `${where} is local, so its partition must be the key's: [${names(key.partition).join(', ')}]. Or make it global.`,
  )
}

function ttlField(entity: string, type: ObjectType, ttl: string | undefined, key: KeyModel): string | undefined {
  if (ttl === undefined) return undefined
  known(entity, type, [ttl], 'ttl')
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

function known(entity: string, type: ObjectType, fields: readonly string[], where: string): readonly string[] {
  for (const field of fields) {
    if (!type.fields.has(field)) {
      throw new ModelError(
        entity,
        `${where} names ${JSON.stringify(field)}, which the schema does not have. Its fields are ${[...type.fields.keys()].join(', ')}.`,
      )
    }
  }
  return fields
}

function names(fields: readonly KeyField[]): string[] {
  return fields.map((field) => field.name)
}
