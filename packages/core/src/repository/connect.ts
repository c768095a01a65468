import type { Adapter, CapabilitiesOf, NativeOf } from '../driver/contract.js'
import { ModelError } from '../errors/model-error.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import type { IndexModel } from '../model/model.js'
import { setOwn } from '../schema/value.js'
import type { Capable, Unkept } from './capability-types.js'
import { capable, requireClaims } from './capable.js'
import type { FollowChanges } from './change-types.js'
import { collecting } from './collecting.js'
import type { Collect } from './collection-types.js'
import { EntityRepository } from './entity-repository.js'
import { fillIndexes } from './fill-indexes.js'
import { following } from './following.js'
import { checkOptions } from './known-options.js'
import { modelRecord } from './model-record.js'
import { Session } from './session.js'
import { checkUp, setUp } from './set-up.js'
import { transacting } from './transacting.js'
import { transactionRecord } from './transaction-record.js'
import type { Transact } from './transaction-types.js'
import type { ConnectOptions, Db, DbHandle, Entities } from './types.js'
import { uniqueRecord } from './unique-record.js'

/** Names that a repository cannot have, since `db` itself has them. */
type Reserved<Es> = {
  readonly [K in keyof Es &
    keyof (DbHandle &
      Capable<Entities, unknown, never> &
      Transact<Entities> &
      Collect<Entities> &
      FollowChanges<Entities>)]: `${K & string} is a name of db itself: connect the entity under another name`
}

/**
 * Connects entities to a store. Creates nothing in it: `db.setup()` does. Use `await using`, or call `close()`.
 *
 * ```ts
 * await using db = await connect(memory(), { Order, Customer })
 * await db.Order.create({ customerId: 'c-1', orderId: 'o-1', status: 'placed', placedAt: new Date() })
 * ```
 *
 * Throws ModelError for entities that cannot be together, StoreError when the store cannot be reached or cannot serve;
 * `UNSUPPORTED` when it offers less than its adapter claims, or than the entities need.
 */
export async function connect<Es extends Entities, A extends Adapter>(
  adapter: A,
  entities: Es & Reserved<Es> & Unkept<Es, CapabilitiesOf<A>>,
  options: ConnectOptions = {},
): Promise<Db<Es, NativeOf<A>, CapabilitiesOf<A>>> {
  const declared = declaredEntities(adapter, entities)
  refuseUnfit(declared)
  checkValues(options)
  const now = options.now ?? Date.now
  const models = declared.map(([, entity]) => entity.model)
  const driver = await adapter.open(
    {
      entities: [
        ...models,
        transactionRecord,
        modelRecord,
        ...(models.some(({ uniques }) => uniques.length > 0) ? [uniqueRecord] : []),
      ],
    },
    { now, ...(options.signal === undefined ? {} : { signal: options.signal }) },
  )
  try {
    requireClaims(adapter, driver, models)
  } catch (error) {
    await driver.close()
    throw error
  }
  const session = new Session(adapter, driver, models, options)
  const handle: DbHandle = {
    setup: (call) => session.run(undefined, 'setup', call, undefined, (running) => setUp(session, models, running)),
    fillIndexes: (options = {}) =>
      session.run(undefined, 'fillIndexes', options, undefined, (running) =>
        fillIndexes(session, models, options, running),
      ),
    check: (call) => session.run(undefined, 'check', call, undefined, (running) => checkUp(session, models, running)),
    close: () => session.close(),
    [Symbol.asyncDispose]: () => session.close(),
  }
  const db: { [name: string]: unknown } = {
    ...handle,
    ...capable(adapter, driver),
    ...transacting(session, entities),
    ...collecting(session, entities),
    ...following(session, entities),
  }
  for (const [name, entity] of declared) setOwn(db, name, new EntityRepository(session, entity))
  return Object.freeze(db) as Db<Es, NativeOf<A>, CapabilitiesOf<A>>
}

const RESERVED: readonly string[] = [
  'setup',
  'fillIndexes',
  'check',
  'close',
  'transact',
  'transactGet',
  'collection',
  'changes',
  'capabilities',
  'limits',
  'supports',
  'then',
]

function declaredEntities(adapter: Adapter, entities: Entities): readonly (readonly [string, AnyEntity])[] {
  if (typeof adapter?.open !== 'function') {
    throw new StoreError('connect takes an adapter first, as in connect(memory(), { Order }).', { code: 'VALIDATION' })
  }
  if (typeof entities !== 'object' || entities === null || Array.isArray(entities)) {
    throw new ModelError(undefined, 'connect takes the entities by name, as in connect(memory(), { Order }).')
  }
  return Object.entries(entities)
}

function refuseUnfit(declared: readonly (readonly [string, AnyEntity])[]): void {
  const seen = new Map<string, string>()
  for (const [name, entity] of declared) {
    if (RESERVED.includes(name))
      throw new ModelError(entity?.name, `${name} is a name of db itself; connect the entity under another name.`)
    if (entity?.model === undefined)
      throw new ModelError(undefined, `${name} is not an entity; give what defineEntity returned.`)
    const other = seen.get(entity.name)
    if (other !== undefined)
      throw new ModelError(
        entity.name,
        `it is connected twice, as ${other} and as ${name}; entities of one store need names of their own.`,
      )
    seen.set(entity.name, name)
  }
  refuseUnlikePartitions(declared.map(([, entity]) => entity))
}

/** Paths that share a partition by name must agree on its fields, or the shared partition would mean two things. */
function refuseUnlikePartitions(entities: readonly AnyEntity[]): void {
  const known = new Map<string, { readonly path: string; readonly fields: string }>()
  for (const { model } of entities) {
    for (const path of [model.key, ...model.indexes]) {
      const { partitionName, partition } = path
      const index = path === model.key ? undefined : (path as IndexModel)
      const name = index === undefined ? `the key of ${model.name}` : `index ${index.name} of ${model.name}`
      // A partition of the key and one of an index lie in different places, as do those of two indexes.
      const place = `${index === undefined ? 'key' : `${index.scope} ${index.number}`} ${partitionName}`
      const fields = partition.map((field) => `${field.name}: ${field.slot.type.kind}`).join(', ')
      const other = known.get(place)
      if (other !== undefined && other.fields !== fields) {
        throw new ModelError(
          model.name,
          `${name} shares the partition ${partitionName} with ${other.path}, whose fields are [${other.fields}] and not [${fields}]. Give both the same list, or names of their own.`,
        )
      }
      known.set(place, { path: name, fields })
    }
  }
}

function checkValues(options: ConnectOptions): void {
  checkOptions('connect', options)
  const { attempts, deadline, cursorSecret, readPolicy } = options
  if (attempts !== undefined && !(Number.isSafeInteger(attempts) && attempts > 0))
    throw invalid('attempts', 'a positive whole number', attempts)
  if (deadline !== undefined && !(Number.isFinite(deadline) && deadline > 0))
    throw invalid('deadline', 'a positive number of milliseconds', deadline)
  if (cursorSecret !== undefined && (typeof cursorSecret !== 'string' || cursorSecret.length < 16)) {
    throw invalid(
      'cursorSecret',
      'a secret string of at least 16 characters',
      typeof cursorSecret === 'string' ? 'a shorter one' : typeof cursorSecret,
    )
  }
  if (readPolicy !== undefined && !['off', 'warn', 'strict'].includes(readPolicy))
    throw invalid('readPolicy', "'off', 'warn' or 'strict'", readPolicy)
}

function invalid(option: string, want: string, got: unknown): StoreError {
  return new StoreError(`connect: ${option} is ${want}, not ${String(got)}.`, { code: 'VALIDATION' })
}
