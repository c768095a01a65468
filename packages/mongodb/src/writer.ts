import {
  afterCommit,
  type Call,
  isExpired,
  judge,
  outcomeOf,
  type ReadModifyWrite,
  readModifyWrite,
  type Stored,
  StoreError,
  type Values,
  type WriteOp,
  type WriteOutcome,
} from '@isomodel/core/driver'
import { BSON } from 'mongodb'
import { type BsonObject, READ_OPTIONS } from './bson.js'
import type { EntityCollection } from './collection.js'
import { checkDocument } from './limits.js'
import { ID, TOKEN } from './names.js'
import type { Server, WriteReply } from './server.js'
import { type Attempt, insertion, planWrite, reading, removal, replacement } from './write-request.js'

/**
 * Does one write: by a single command where MongoDB can judge and change exactly. When that finds no document, the entity
 * is read and `judge` says why; should it say that the write may go ahead after all (somebody was faster), it goes again.
 */
export async function runWrite(
  server: Server,
  collection: EntityCollection,
  op: WriteOp,
  call: Call,
): Promise<WriteOutcome> {
  const { attempts } = planWrite(collection, op, server.limits)
  const io = guardedByToken(server, collection, op, call)
  if (attempts.length > 0) {
    const outcome = await tryAll(attempts, server, collection, op, call, io)
    if (outcome !== undefined) return outcome
    const current = await io.read()
    const judgement = judge(op, current)
    if (judgement.status === 'refused') return shown(collection, judgement)
    const hasExpired = current !== undefined && judgement.live === undefined
    if (hasExpired) {
      if (await io.swap(current, judgement.next)) return shown(collection, outcomeOf(op, judgement))
    } else {
      const again = await tryAll(attempts, server, collection, op, call, io)
      if (again !== undefined) return again
    }
  }
  return shown(collection, await readModifyWrite(op, io, call))
}

/** An outcome without the fields that were only kept to be written back. */
function shown({ codec }: EntityCollection, outcome: WriteOutcome): WriteOutcome {
  const strip = ({ values, token }: Stored): Stored => {
    const bytes = BSON.serialize(codec.encode(values, token), { ignoreUndefined: false })
    return codec.decode(BSON.deserialize(bytes, READ_OPTIONS))
  }
  if (outcome.status === 'refused') {
    return outcome.current === undefined ? outcome : { ...outcome, current: strip(outcome.current) }
  }
  return {
    status: 'done',
    ...(outcome.old === undefined ? {} : { old: strip(outcome.old) }),
    ...(outcome.new === undefined ? {} : { new: strip(outcome.new) }),
  }
}

async function tryAll(
  attempts: readonly Attempt[],
  server: Server,
  collection: EntityCollection,
  op: WriteOp,
  call: Call,
  io: ReadModifyWrite,
): Promise<WriteOutcome | undefined> {
  for (const attempt of attempts) {
    const reply = await server.write(attempt.command, call, { bytes: attempt.bytes })
    const outcome = reply.duplicate ? undefined : outcomeOfReply(attempt, reply, collection, op)
    if (outcome === 'unseen') return readUnseen(collection, op, io)
    if (outcome !== undefined) return outcome
  }
  return undefined
}

/**
 * What was written by a server that counts the write and does not give its entity. No MongoDB does; an emulator may, when upserts and
 * deletes meet. The write is not done again; the entity is read, and was written here when it carries the token.
 */
async function readUnseen(collection: EntityCollection, op: WriteOp, io: ReadModifyWrite): Promise<WriteOutcome> {
  const current = await io.read().catch((cause: unknown) => {
    throw unseen(cause)
  })
  if (current?.token !== op.token) throw unseen()
  return shown(collection, { status: 'done', new: current })
}

function unseen(cause?: unknown): StoreError {
  return new StoreError(
    'The write is in the store, but the server did not give the entity that it wrote. Read the entity to see what it is now.',
    { code: 'UNEXPECTED', outcome: 'committed', ...(cause === undefined ? {} : { cause }) },
  )
}

/** What a command's reply says; undefined when its filter held of nothing, `unseen` when it wrote an entity that it does not give. */
function outcomeOfReply(
  { gives, leaves, mayMiss }: Attempt,
  { n, value }: WriteReply,
  collection: EntityCollection,
  op: WriteOp,
): WriteOutcome | 'unseen' | undefined {
  if (gives === 'nothing') {
    if (n === 0 && !mayMiss) return undefined
    return op.returning === 'new' && leaves !== undefined
      ? { status: 'done', new: { values: leaves, token: op.token } }
      : { status: 'done' }
  }
  if (value === undefined) {
    if (n > 0 && gives === 'new') return 'unseen'
    return n > 0 || mayMiss ? { status: 'done' } : undefined
  }
  const stored = afterCommit(() => collection.codec.decode(value))
  if (gives === 'new') return { status: 'done', new: stored }
  return isExpired(op.entity, stored.values, op.now) ? { status: 'done' } : { status: 'done', old: stored }
}

/** Reading and writing for `readModifyWrite`: what is written carries the new token and takes the place of the old one. */
function guardedByToken(server: Server, collection: EntityCollection, op: WriteOp, call: Call): ReadModifyWrite {
  const id = collection.id(op.key)
  // What an update does not name stays, also fields of which this version knows nothing.
  const unknown = op.kind === 'update' ? 'keep' : 'strip'
  const send = async (command: BsonObject, bytes: number): Promise<boolean> => {
    const { n, duplicate } = await server.write(command, call, { bytes })
    return n > 0 && !duplicate
  }
  return {
    async read(): Promise<Stored | undefined> {
      const { cursor } = await server.read(reading(collection, op.key), call)
      const [document] = cursor.firstBatch
      return document === undefined ? undefined : collection.codec.decode(document, unknown)
    },
    async swap(expected: Stored | undefined, next: Values | undefined): Promise<boolean> {
      const same = { [ID]: id, ...(expected === undefined ? {} : { [TOKEN]: { $eq: expected.token } }) }
      if (next === undefined) return send(removal(collection, same), 0)
      const document = collection.codec.encode(next, op.token)
      const bytes = checkDocument(collection, document, server.limits)
      return expected === undefined
        ? send(insertion(collection, document), bytes)
        : send(replacement(collection, same, document, false), bytes)
    },
  }
}
