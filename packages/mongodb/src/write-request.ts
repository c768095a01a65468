import {
  type DeleteOp,
  FORMAT_VERSION,
  type PutOp,
  type UpdateOp,
  type Values,
  type WriteOp,
} from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { allOf, anyOf } from './conditions.js'
import { checkDocument, type ServiceLimits } from './limits.js'
import { ID, TOKEN } from './names.js'
import { nativeUpdate, withInsert } from './update.js'

/** A command that does a whole write if its filter holds, and nothing otherwise. */
export interface Attempt {
  readonly command: BsonObject
  readonly bytes: number
  /** What the command gives back. */
  readonly gives: 'nothing' | 'old' | 'new'
  /** The entity that it leaves, where that is known before. */
  readonly leaves?: Values
  /** Whether the write is done, with nothing to show, when the command gives no document. */
  readonly mayMiss: boolean
}

/** How a write will run: a command, or two where the first may find nothing; without any, by reading first. */
export interface WritePlan {
  readonly attempts: readonly Attempt[]
  /** Why there is no command that decides and writes at once. */
  readonly reason: string | undefined
}

/**
 * Plans a write as commands whose filters hold only where `judge` would let it go ahead (never of more). What finds no
 * document is then explained by reading, and what MongoDB cannot judge or change exactly is read first.
 */
export function planWrite(collection: EntityCollection, op: WriteOp, limits: ServiceLimits): WritePlan {
  switch (op.kind) {
    case 'put':
      return planPut(collection, op, limits)
    case 'update':
      return planUpdate(collection, op, limits)
    case 'delete':
      return planDelete(collection, op)
  }
}

/** The command that replaces what lies at an `_id` under a filter. */
export function replacement(
  collection: EntityCollection,
  filter: BsonObject,
  document: BsonObject,
  upsert: boolean,
): BsonObject {
  return { update: collection.name, updates: [{ q: filter, u: document, upsert }] }
}

/** The command that reads the entity of a key. */
export function reading(collection: EntityCollection, key: Values): BsonObject {
  return { find: collection.name, filter: { [ID]: collection.id(key) }, limit: 1, singleBatch: true }
}

export function insertion(collection: EntityCollection, document: BsonObject): BsonObject {
  return { insert: collection.name, documents: [document] }
}

export function removal(collection: EntityCollection, filter: BsonObject): BsonObject {
  return { delete: collection.name, deletes: [{ q: filter, limit: 1 }] }
}

function planPut(collection: EntityCollection, op: PutOp, limits: ServiceLimits): WritePlan {
  const document = collection.codec.encode(op.values, op.token)
  const bytes = checkDocument(collection, document, limits)
  if (op.guard.exists === 'absent') return once(createAttempt(collection, op, op.values, document, bytes))

  const guard = guardOf(collection, op)
  if ('reason' in guard) return guard
  const { upsert } = guard
  const filter = queryOf(collection, op, guard.rest)
  if (op.returning !== 'old') {
    const command = replacement(collection, filter, document, upsert)
    return once({ command, bytes, gives: 'nothing', leaves: op.values, mayMiss: false })
  }
  const command = { findAndModify: collection.name, query: filter, update: document, new: false }
  const replaced: Attempt = { command, bytes, gives: 'old', mayMiss: false }
  if (!upsert) return once(replaced)
  // An upsert would do it at once, but two that meet at a new `_id` may both be told that nothing was there before.
  const inserted: Attempt = { command: insertion(collection, document), bytes, gives: 'nothing', mayMiss: false }
  return { attempts: [replaced, inserted], reason: CREATES_APART }
}

/**
 * Writes a new document: an insert, or the replacement of what has expired. An `_id` that is taken by a live document, or
 * by one that is no entity of this format, fails the filter and then the insert, as a duplicate.
 */
function createAttempt(
  collection: EntityCollection,
  op: WriteOp,
  values: Values,
  document: BsonObject,
  bytes: number,
): Attempt {
  const expired = collection.expired(new Date(op.now))
  const command =
    expired === false
      ? insertion(collection, document)
      : replacement(collection, { [ID]: document[ID] as string, ...READABLE, ...expired }, document, true)
  return { command, bytes, gives: 'nothing', leaves: values, mayMiss: false }
}

function planUpdate(collection: EntityCollection, op: UpdateOp, limits: ServiceLimits): WritePlan {
  if (op.guard.exists === 'absent') return byReading('an update is of an entity that is there')
  const native = nativeUpdate(collection, op, limits)
  if ('reason' in native) return byReading(native.reason)
  const present = presentGuard(collection, op)
  if ('reason' in present) return present
  const rest = allOf([present.rest, ...native.guards])
  if (rest === false) return byReading(NEVER)

  // A guarding token asks for an entity that is there.
  const create = op.guard.exists === 'any' && op.guard.token === undefined ? op.orCreate : undefined
  const modify = modifyAttempt(collection, op, {
    query: queryOf(collection, op, rest),
    update: native.update,
    upsert: false,
    bytes: native.bytes,
  })
  if (create === undefined) return once(modify)
  const created = collection.codec.encode(create, op.token)
  const bytes = checkDocument(collection, created, limits)
  const update = op.returning === 'old' ? undefined : withInsert(collection, op, create, native.update)
  if (update !== undefined) {
    return once(
      modifyAttempt(collection, op, { query: queryOf(collection, op, unextracted(rest)), update, upsert: true, bytes }),
    )
  }
  return { attempts: [modify, createAttempt(collection, op, create, created, bytes)], reason: CREATES_APART }
}

function modifyAttempt(
  collection: EntityCollection,
  { returning }: UpdateOp,
  change: { readonly query: BsonObject; readonly update: BsonObject; readonly upsert: boolean; readonly bytes: number },
): Attempt {
  const { query, update, upsert, bytes } = change
  const gives = returning === 'none' ? 'nothing' : returning
  const command: BsonObject =
    returning === 'none'
      ? { update: collection.name, updates: [{ q: query, u: update, upsert }] }
      : { findAndModify: collection.name, query, update, upsert, new: returning === 'new' }
  return { command, bytes, gives, mayMiss: false }
}

function planDelete(collection: EntityCollection, op: DeleteOp): WritePlan {
  const guard = guardOf(collection, op)
  if ('reason' in guard) return guard
  const filter = queryOf(collection, op, guard.rest)
  const unguarded = op.guard.exists === 'any' && op.guard.token === undefined && op.guard.condition === undefined
  if (op.returning !== 'old') {
    return once({ command: removal(collection, filter), bytes: 0, gives: 'nothing', mayMiss: unguarded })
  }
  const command = { findAndModify: collection.name, query: filter, remove: true }
  return once({ command, bytes: 0, gives: 'old', mayMiss: unguarded })
}

interface GuardFilter {
  /** What must hold of the document beside its `_id`. */
  readonly rest: BsonObject | true
  /** Whether the write also goes ahead where there is no document. */
  readonly upsert: boolean
}

type Unplanned = WritePlan & { readonly reason: string }

function guardOf(collection: EntityCollection, op: PutOp | DeleteOp): GuardFilter | Unplanned {
  const { exists, token, condition } = op.guard
  if (exists === 'absent') return byReading('only an absent entity can be deleted under this guard')
  if (exists === 'present' || token !== undefined) return presentGuard(collection, op)
  if (condition === undefined) return { rest: true, upsert: true }
  const holds = collection.filters.compile(condition)
  if (holds === undefined) return byReading(INEXACT)
  // Of what has expired nothing is asked: it counts as absent.
  const rest = allOf([READABLE, anyOf([collection.expired(new Date(op.now)), holds])])
  return rest === false ? byReading(NEVER) : { rest, upsert: true }
}

/** What a live document must be for the write to go ahead. */
function presentGuard(collection: EntityCollection, op: WriteOp): GuardFilter | Unplanned {
  const { token, condition } = op.guard
  const holds = condition === undefined ? true : collection.filters.compile(condition)
  if (holds === undefined) return byReading(INEXACT)
  const rest = allOf([
    READABLE,
    collection.live(new Date(op.now)),
    token === undefined ? true : { [TOKEN]: { $eq: token } },
    holds,
  ])
  return rest === false ? byReading(NEVER) : { rest, upsert: false }
}

/**
 * Holds of what this version reads: its token begins with the version of the format. A write that asks something of what it
 * meets, or leaves some of it, must not go ahead on anything else; it finds no document then, and reading says CORRUPT.
 */
const READABLE: BsonObject = { [TOKEN]: { $gte: `${FORMAT_VERSION}`, $lt: `${FORMAT_VERSION + 1}` } }

/** The filter of a write: of one document, and on what is asked of it. */
function queryOf(collection: EntityCollection, op: WriteOp, rest: BsonObject | true): BsonObject {
  return { [ID]: collection.id(op.key), ...(rest === true ? {} : rest) }
}

const CREATES_APART = 'when there is no entity yet, a second command creates it'
const INEXACT = 'MongoDB cannot judge the condition exactly'
const NEVER = 'the condition can never hold, so the entity is read to say what refuses the write'

/**
 * The same for an upsert by operators: MongoDB would copy the equalities that it finds in the filter into the document it
 * inserts. Inside `$nor` it looks for none.
 */
function unextracted(rest: BsonObject | true): BsonObject | true {
  return rest === true ? true : { $nor: [{ $nor: [rest] }] }
}

function once(attempt: Attempt): WritePlan {
  return { attempts: [attempt], reason: undefined }
}

function byReading(reason: string): Unplanned {
  return { attempts: [], reason }
}
