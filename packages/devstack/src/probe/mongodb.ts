import { messageOf } from '../engine-error.js'
import { type BsonDocument, decodeBson, encodeBson } from './bson.js'
import { converse, type Endpoint } from './connect.js'
import { endpointsOf } from './mongodb-address.js'
import type { Probe, ServerIdentity } from './probe.js'

type Reply = ReadonlyMap<string, string | number | boolean>
export type Command = (command: BsonDocument) => Promise<Reply>

const OP_MSG = 2013

/** One OP_MSG with one document. */
function message(document: BsonDocument): Buffer {
  const body = encodeBson({ ...document, $db: 'admin' })
  const head = Buffer.alloc(21)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(1, 4)
  head.writeInt32LE(OP_MSG, 12)
  return Buffer.concat([head, body])
}

function readMessage(received: Buffer): Reply | undefined {
  if (received.length < 16) return undefined
  const length = received.readInt32LE(0)
  if (received.readInt32LE(12) !== OP_MSG) throw new Error("what answers does not speak MongoDB's wire protocol")
  return received.length < length ? undefined : decodeBson(received.subarray(21, length))
}

/** Commands to one server's `admin` database. A refused one gives its reply: `ok` is 0. */
export const withMongoDB = <T>(
  endpoint: Endpoint,
  signal: AbortSignal,
  use: (command: Command) => Promise<T>,
): Promise<T> => converse(endpoint, signal, ({ ask }) => use((command) => ask(message(command), readMessage)))

async function identify(command: Command): Promise<ServerIdentity> {
  const hello = await command({ hello: 1 })
  if (hello.get('ok') !== 1) throw new Error(String(hello.get('errmsg')))
  if (hello.get('isWritablePrimary') !== true)
    throw new Error('the server is not a primary (yet), so it takes no writes')

  // Refused where it needs a login; the server works all the same, and hides its version.
  const info = await command({ buildInfo: 1 })
  const version = (name: string) => {
    const value = info.get(name)
    return typeof value === 'string' ? value : undefined
  }
  // Both engines of this family claim MongoDB's version and tell their own beside it; only the Rust one has an allocator.
  const secantus = version('secantusVersion')
  if (secantus !== undefined) {
    return { engine: info.has('allocator') ? 'secantus-mdb' : 'secantusdb-py', version: secantus }
  }
  const own = version('version')
  return own === undefined ? {} : { version: own }
}

/** `hello` and `buildInfo`, on the first of the servers that answers as a primary. */
export const probeMongoDB: Probe = async (address, signal) => {
  const failures: unknown[] = []
  for (const endpoint of await endpointsOf(address)) {
    try {
      return await withMongoDB(endpoint, signal, identify)
    } catch (error) {
      signal.throwIfAborted()
      failures.push(error)
    }
  }
  throw new Error([...new Set(failures.map(messageOf))].join('; '), { cause: failures[0] })
}
