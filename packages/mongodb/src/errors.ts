import { abortError, type Outcome, StoreError, type StoreErrorDetails, UnsupportedError } from '@isomodel/core/driver'
import {
  MongoClientClosedError,
  MongoCompatibilityError,
  MongoError,
  MongoErrorLabel,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb'
import { type ServerReason, serverReason } from './server-reason.js'

/** What a command was doing when it failed. */
export interface Failed {
  /** Whether it may have changed what is stored. */
  readonly write: boolean
  readonly signal: AbortSignal | undefined
  /** The servers in words, for messages. */
  readonly hosts: string
}

/**
 * The StoreError for what the client threw. A write whose request may have left and whose reply did not come has the
 * outcome `unknown`.
 */
export function storeError(error: unknown, failed: Failed): StoreError {
  if (error instanceof StoreError) return error
  const lost: Outcome = failed.write ? 'unknown' : 'not committed'
  if (failed.signal?.aborted === true) return aborted(failed.signal, lost, error)
  if (error instanceof MongoServerSelectionError) return unreachable(error, failed.hosts)
  if (error instanceof MongoNetworkError || isOfSocket(error)) return broken(error, lost, failed.hosts)
  if (error instanceof MongoServerError) return refused(error, error.code, words(error), failed)
  if (error instanceof MongoOperationTimeoutError) {
    return new StoreError(
      'The client gave up waiting (its timeoutMS); allow it more time, or look for what slows the server.',
      { code: 'TIMEOUT', retryable: true, outcome: lost, cause: error },
    )
  }
  if (isClosed(error)) {
    return new StoreError('The MongoClient was closed; connect again with an open one.', {
      code: 'CLOSED',
      cause: error,
    })
  }
  if (error instanceof MongoMissingCredentialsError) {
    return new StoreError(`The client has no credentials (${words(error)}); give them in the URI or to the client.`, {
      code: 'ACCESS_DENIED',
      cause: error,
    })
  }
  if (error instanceof MongoCompatibilityError) {
    return new UnsupportedError(`The client does not work with this server: ${words(error)}.`, { cause: error })
  }
  if (named(error, 'MongoWaitQueueTimeoutError')) {
    return new StoreError(
      'No connection of the pool became free in time; give the client a larger maxPoolSize, or ask for less at once.',
      { code: 'UNAVAILABLE', retryable: true, cause: error },
    )
  }
  return new StoreError(`The client failed in a way that the adapter does not know: ${words(error)}.`, {
    code: 'UNEXPECTED',
    // The client checks a command before it sends it; what is no error of the client's own can come from anywhere.
    outcome: error instanceof MongoError || named(error, 'BSONError') ? 'not committed' : lost,
    cause: error,
  })
}

/** The StoreError for a code the server gave, as an error of the whole command or of one write in it. */
export function refused(cause: unknown, code: unknown, said: string, failed: Failed): StoreError {
  const labelled = cause instanceof MongoError && cause.hasErrorLabel(MongoErrorLabel.SystemOverloadedError)
  const reason: ServerReason = serverReason(labelled ? 'overloaded' : Number(code), said)
  const details: StoreErrorDetails = {
    code: reason.code,
    retryable: reason.retryable ?? false,
    outcome: reason.mayBeApplied === true && failed.write ? 'unknown' : 'not committed',
    cause,
  }
  const message = `${reason.what} (${failed.hosts} said: ${withoutDocuments(said) || `code ${String(code)}`}). ${reason.remedy}`
  return reason.code === 'UNSUPPORTED' ? new UnsupportedError(message, details) : new StoreError(message, details)
}

/** The server quotes what it refuses, `dup key: { pin: "1234" }`: values have no place in a message. */
function withoutDocuments(said: string): string {
  return said.replace(/\{[\s\S]*\}/, '{ ... }')
}

/** The StoreError for a write that the primary applied and enough others did not confirm. */
export function unconfirmed(
  concern: { readonly code?: unknown; readonly errmsg?: unknown },
  failed: Failed,
): StoreError {
  return new StoreError(
    `The primary wrote it, but the write concern was not met (${failed.hosts} said: ${String(concern.errmsg)}), so a ` +
      'failover may undo it. Look at the other members of the replica set, or at the writeConcern of the adapter.',
    { code: 'UNAVAILABLE', retryable: true, outcome: 'unknown', cause: concern },
  )
}

function aborted(signal: AbortSignal, outcome: Outcome, cause: unknown): StoreError {
  const error = abortError(signal)
  return new StoreError(error.detail, { code: error.code, retryable: error.retryable, outcome, cause })
}

function unreachable(error: MongoServerSelectionError, hosts: string): StoreError {
  const cause = error.reason?.error ?? error
  return new StoreError(
    `MongoDB at ${hosts} cannot be reached (${words(error)}). Check that it runs, and that the address, the network and TLS ` +
      'are right; for a single member of a replica set add directConnection=true.',
    { code: 'UNAVAILABLE', retryable: true, cause },
  )
}

function broken(error: Error, lost: Outcome, hosts: string): StoreError {
  const handshake = error instanceof MongoError && error.hasErrorLabel(MongoErrorLabel.HandshakeError)
  const unsent = handshake || named(error, 'MongoPoolClearedError')
  return new StoreError(
    unsent
      ? `The connection to MongoDB at ${hosts} broke before anything was sent (${words(error)}). Try again.`
      : `The connection to MongoDB at ${hosts} broke before the reply came (${words(error)}). Try again, and check whether a ` +
          'proxy cuts connections.',
    { code: 'UNAVAILABLE', retryable: true, outcome: unsent ? 'not committed' : lost, cause: error },
  )
}

/** A socket that breaks while a large command is written: the client lets Node's own error through. */
function isOfSocket(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && SOCKET_CODES.has(error.code)
}

const SOCKET_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTCONN'])

function isClosed(error: unknown): boolean {
  return (
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError ||
    named(error, 'MongoPoolClosedError')
  )
}

function named(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/** Without a period: they stand within a sentence. */
export function words(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}
