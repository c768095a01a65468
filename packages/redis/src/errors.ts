import { abortError, type ErrorCode, type Outcome, StoreError } from '@isomodel/core/driver'

/** What a request is about, for its errors. */
export interface Concerned {
  /** Where the server is: `127.0.0.1:6379`. */
  readonly address: string
  /** Whether a lost reply leaves it open what happened. */
  readonly writes: boolean
}

interface Meaning {
  readonly code: ErrorCode
  readonly retryable?: true
  readonly message: (address: string) => string
}

const denied: Meaning = {
  code: 'ACCESS_DENIED',
  message: (address) =>
    `Redis at ${address} refused the credentials or their permission. Check user and password, and that the user's ACL allows the namespace's keys and the commands EVALSHA, EVAL, HGETALL, HMGET, ZRANGE, GET and SET.`,
}

const elsewhere: Meaning = {
  code: 'UNSUPPORTED',
  message: (address) =>
    `Redis at ${address} is a node of a cluster and sends us to another one. Connect to the cluster: redis({ nodes: [address, ...] }), or give an ioredis Cluster as client.`,
}

function busy(what: string, remedy: string): Meaning {
  return { code: 'UNAVAILABLE', retryable: true, message: (address) => `Redis at ${address} ${what}. ${remedy}.` }
}

/** The first words of Redis's and Valkey's error replies. The command was refused: nothing was written. */
const byCode: { readonly [code: string]: Meaning } = {
  NOAUTH: denied,
  WRONGPASS: denied,
  NOPERM: denied,
  OOM: {
    code: 'LIMIT_EXCEEDED',
    retryable: true,
    message: (address) =>
      `Redis at ${address} has used up its memory (maxmemory) and takes no writes but deletes. Delete or sweep what is not needed, or give it more memory.`,
  },
  LOADING: busy('is loading its data after a start', 'Try again in a moment'),
  BUSY: busy('is busy with a script of somebody else', 'Try again; an operator can end it with SCRIPT KILL'),
  MASTERDOWN: busy('is a replica without its primary', 'Try again, or connect to the primary'),
  READONLY: busy('is a replica and takes no writes', 'Connect to the primary; after a failover, try again'),
  NOREPLICAS: busy('has too few replicas to take writes (min-replicas-to-write)', 'Try again when they are back'),
  MISCONF: busy('takes no writes because it cannot save to disk', 'Give it disk space, then try again'),
  CLUSTERDOWN: busy('belongs to a cluster that is down', 'Try again when it is up'),
  TRYAGAIN: busy('is moving the keys to another node', 'Try again'),
  MOVED: elsewhere,
  ASK: elsewhere,
  WRONGTYPE: {
    code: 'MODEL_MISMATCH',
    message: (address) =>
      `A key of the namespace holds something on Redis at ${address} that isomodel did not put there. Give isomodel a namespace of its own.`,
  },
}

/** Whether an error says that a key holds something else than what was asked of it. */
export function isWrongType({ cause }: StoreError): boolean {
  return replyCode(cause) === 'WRONGTYPE'
}

/** What lies where an entity should is none. */
export function notAnEntity(cause?: unknown): StoreError {
  return new StoreError(
    'What lies at the key of the entity is no entity: other code wrote it. A put or a delete without a condition replaces or removes it; give isomodel a namespace of its own.',
    { code: 'CORRUPT', store: 'Redis', cause },
  )
}

/** Whether a reply says that the script is not loaded, so that it must be sent as text. */
export function isNoScript(error: unknown): boolean {
  return replyCode(error) === 'NOSCRIPT'
}

/** One StoreError for a request that was sent and failed. */
export function toStoreError(error: unknown, at: Concerned & { readonly lastError?: unknown }): StoreError {
  if (error instanceof StoreError) return error
  const code = replyCode(error)
  if (code === undefined) return broken(error, at)
  const meaning = byCode[code]
  const words = (error as Error).message
  if (meaning === undefined) {
    return new StoreError(
      `Redis at ${at.address} answered in a way that the adapter does not know: ${sentence(words)} If it goes on, report it.`,
      { code: 'UNEXPECTED', outcome: outcomeOf(at), store: 'Redis', cause: error },
    )
  }
  return new StoreError(`${meaning.message(at.address)} The server said: ${sentence(words)}`, {
    code: meaning.code,
    ...(meaning.retryable === undefined ? {} : { retryable: true }),
    store: 'Redis',
    cause: error,
  })
}

/** The connection failed after the request left. */
function broken(error: unknown, at: Concerned & { readonly lastError?: unknown }): StoreError {
  const cause = at.lastError ?? error
  return new StoreError(
    `The connection to Redis at ${at.address} broke before the reply came (${wordsOf(cause)}). Try again.`,
    { code: 'UNAVAILABLE', retryable: true, outcome: outcomeOf(at), store: 'Redis', cause },
  )
}

/** No connection could be made: nothing was sent. A refusal of the credentials on the way says so. */
export function unreachable(error: unknown, address: string): StoreError {
  const meaning = byCode[replyCode(error) ?? '']
  if (meaning !== undefined) return toStoreError(error, { address, writes: false })
  return new StoreError(
    `Redis at ${address} cannot be reached (${wordsOf(error)}). Check that it runs, and that the url or the client's host, port and tls are right.`,
    { code: 'UNAVAILABLE', retryable: true, store: 'Redis', cause: error },
  )
}

/** The call's signal fired; `sent` when the request was under way. */
export function aborted(signal: AbortSignal, sent: boolean, writes: boolean): StoreError {
  const error = abortError(signal)
  if (!sent || !writes) return error
  return new StoreError(error.detail, {
    code: error.code,
    retryable: error.retryable,
    outcome: 'unknown',
    store: 'Redis',
    cause: error.cause,
  })
}

/** Whether a failed item was not tried and may be sent again as it is. */
export function isThrottled(error: StoreError): boolean {
  return error.retryable && error.outcome === 'not committed' && error.code === 'UNAVAILABLE'
}

/** The nodes of a cluster sent a request from one to the other for too long; none executed it. */
export function unsettled(address: string, cause: Error): StoreError {
  return new StoreError(
    `The nodes of the Redis cluster at ${address} do not agree who keeps the keys. It changes just now, or the cluster is in parts; try again.`,
    { code: 'UNAVAILABLE', retryable: true, store: 'Redis', cause },
  )
}

export function closed(): StoreError {
  return new StoreError('The connection was closed; connect anew.', { code: 'CLOSED', store: 'Redis' })
}

function outcomeOf({ writes }: Concerned): Outcome {
  return writes ? 'unknown' : 'not committed'
}

/** The first word of an error reply; undefined for an error of the client or the network. */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined
  return /^[A-Z]+(?= |$)/.exec(error.message)?.[0] ?? 'ERR'
}

/** Somebody else's words as a sentence. */
export function sentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`
}

/** A refused connection to several addresses has no message of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ')
  return error instanceof Error ? error.message : error === undefined ? 'no answer' : String(error)
}
