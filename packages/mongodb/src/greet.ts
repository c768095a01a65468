import { StoreError, UnsupportedError } from '@isomodel/core/driver'
import { MongoTopologyClosedError } from 'mongodb'
import type { Server } from './server.js'

/** How long a server may take to answer when nobody said otherwise. */
const PATIENCE_MS = 5_000

/** What the server says of itself. */
export interface Greeting {
  /** Neither a replica set nor a sharded cluster. */
  readonly standalone: boolean
  /** Whether it is MongoDB 6.0 or later, by its wire version: change streams then hold what a write found. */
  readonly keepsImages: boolean
}

/** Of MongoDB 6.0. */
const WIRE_OF_IMAGES = 17

/**
 * Asks the server what it is, so that `connect` fails at once when none answers or this one cannot serve.
 *
 * @throws StoreError `UNAVAILABLE` naming the hosts, `UNSUPPORTED` for a read concern that the server cannot keep.
 */
export async function greet(
  server: Server,
  readConcern: 'local' | 'majority',
  signal: AbortSignal | undefined,
): Promise<Greeting> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const either = signal === undefined ? patience : AbortSignal.any([signal, patience])
  const hello = await server
    .read({ hello: 1 }, { signal: either, sent: () => () => undefined })
    .catch((error: unknown): never => {
      const gaveUp = patience.aborted && signal?.aborted !== true
      throw gaveUp || isStillborn(error) ? noAnswer(server.hosts, error) : error
    })
  const standalone = hello.setName === undefined && hello.msg !== 'isdbgrid'
  if (readConcern === 'majority' && standalone) {
    throw new UnsupportedError(
      `readConcern: 'majority' needs a replica set, and ${server.hosts} is a standalone server. Take the option out.`,
    )
  }
  return { standalone, keepsImages: Number(hello.maxWireVersion) >= WIRE_OF_IMAGES }
}

/** A client that several wait for gives the first one's failure to connect to the others as its own end. */
function isStillborn(error: unknown): boolean {
  return error instanceof StoreError && error.cause instanceof MongoTopologyClosedError
}

function noAnswer(hosts: string, cause: unknown): StoreError {
  return new StoreError(
    `No server of ${hosts} answers (after ${PATIENCE_MS / 1000} s). Check that it runs, the address, the network and TLS; ` +
      'for a single member of a replica set add directConnection=true.',
    { code: 'UNAVAILABLE', retryable: true, cause },
  )
}
