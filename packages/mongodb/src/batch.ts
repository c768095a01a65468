import type { BatchOp, BatchOutcome, Call } from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { storeError } from './errors.js'
import { checkDocument } from './limits.js'
import { ID } from './names.js'
import type { Server } from './server.js'
import { elementBytes, measure } from './size.js'

/** One write of a batch, encoded. */
interface Statement {
  /** Its place in the call. */
  readonly at: number
  readonly statement: BsonObject
  readonly bytes: number
}

/** Room for the rest of the command beside its statements. */
const COMMAND_BYTES = 16 * 1024

/**
 * Sends unguarded puts and deletes: for each collection one command of puts and one of deletes, or more where they would
 * not fit into one. MongoDB tries all writes of a command, in no order, and says which of them failed.
 */
export async function runWriteBatch(
  server: Server,
  collectionOf: (op: BatchOp) => EntityCollection,
  ops: readonly BatchOp[],
  call: Call,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = ops.map(() => DONE)
  const groups = new Map<
    string,
    { readonly collection: EntityCollection; readonly kind: BatchOp['kind']; readonly statements: Statement[] }
  >()
  ops.forEach((op, at) => {
    const collection = collectionOf(op)
    try {
      const statement = statementOf(server, collection, op, at)
      const name = `${op.kind} ${collection.name}`
      const group = groups.get(name) ?? { collection, kind: op.kind, statements: [] }
      group.statements.push(statement)
      groups.set(name, group)
    } catch (error) {
      outcomes[at] = {
        status: 'failed',
        error: storeError(error, { write: false, signal: undefined, hosts: server.hosts }),
      }
    }
  })
  const sends = [...groups.values()].flatMap(({ collection, kind, statements }) =>
    chunksOf(statements, server.limits.document - COMMAND_BYTES).map((chunk) =>
      sendChunk(server, collection, kind, chunk, outcomes, call),
    ),
  )
  await Promise.all(sends)
  return outcomes
}

const DONE: BatchOutcome = { status: 'done' }

function statementOf(server: Server, collection: EntityCollection, op: BatchOp, at: number): Statement {
  const q = { [ID]: collection.id(op.key) }
  if (op.kind === 'delete') {
    const statement = { q, limit: 1 }
    return { at, statement, bytes: measure(statement).bytes }
  }
  const document = collection.codec.encode(op.values, op.token)
  const bytes = checkDocument(collection, document, server.limits)
  const frame = { q, upsert: true }
  return { at, statement: { q, u: document, upsert: true }, bytes: measure(frame).bytes + elementBytes('u', bytes) }
}

/** Statements that fit into one command together; one that needs a command for itself gets it. */
function chunksOf(statements: readonly Statement[], most: number): readonly (readonly Statement[])[] {
  const chunks: Statement[][] = []
  let room = 0
  for (const each of statements) {
    const bytes = elementBytes('99999', each.bytes)
    const chunk = chunks.at(-1)
    if (chunk === undefined || bytes > room) {
      chunks.push([each])
      room = most - bytes
    } else {
      chunk.push(each)
      room -= bytes
    }
  }
  return chunks
}

async function sendChunk(
  server: Server,
  collection: EntityCollection,
  kind: BatchOp['kind'],
  chunk: readonly Statement[],
  outcomes: BatchOutcome[],
  call: Call,
): Promise<void> {
  const statements = chunk.map(({ statement }) => statement)
  const command: BsonObject =
    kind === 'put'
      ? { update: collection.name, updates: statements, ordered: false }
      : { delete: collection.name, deletes: statements, ordered: false }
  try {
    const errors = await server.writeMany(command, call, { bytes: chunk.reduce((sum, { bytes }) => sum + bytes, 0) })
    for (const [place, error] of errors) {
      const statement = chunk[place]
      if (statement === undefined) continue
      const failed = server.writeError(error, call)
      // Two upserts that met at one new `_id`: the later one did nothing and replaces it when sent again.
      const again = error.duplicateId || failed.code === 'THROTTLED'
      outcomes[statement.at] = again ? { status: 'throttled' } : { status: 'failed', error: failed }
    }
  } catch (error) {
    const failed = storeError(error, { write: true, signal: call.signal, hosts: server.hosts })
    for (const { at } of chunk) {
      outcomes[at] = failed.code === 'THROTTLED' ? { status: 'throttled' } : { status: 'failed', error: failed }
    }
  }
}
