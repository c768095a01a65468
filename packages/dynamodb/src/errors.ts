import { abortError, type ErrorCode, type Outcome, StoreError } from '@isomodel/core/driver'

/** What a request is about, for its errors. */
export interface Concerned {
  /** DynamoDB's name of the operation: 'GetItem'. */
  readonly command: string
  /** The tables that it names. */
  readonly tables: readonly string[]
  /** Whether a lost reply leaves it open what happened. */
  readonly writes: boolean
}

interface Circumstances extends Concerned {
  /** The request went out: without, nothing can have happened in the store. */
  readonly left: boolean
  readonly signal: AbortSignal | undefined
}

interface Meaning {
  readonly code: ErrorCode
  readonly retryable?: true
  /** The store did not answer for sure: a write may be there. Default: it refused, and nothing was written. */
  readonly open?: true
  readonly message: (tables: string) => string
}

const throttled: Meaning = {
  code: 'THROTTLED',
  retryable: true,
  message: (tables) =>
    `DynamoDB takes no more requests on ${tables} for now: a partition, the table or the account is at its limit. Try again later; spread hot keys, or raise the capacity`,
}

const denied: Meaning = {
  code: 'ACCESS_DENIED',
  message: (tables) =>
    `DynamoDB refused the credentials or their permission on ${tables}. Check which credentials the client uses and that their policy allows the operation on the table and its indexes`,
}

const failing: Meaning = {
  code: 'UNAVAILABLE',
  retryable: true,
  open: true,
  message: (tables) => `DynamoDB failed on its side while it worked on ${tables}; try again`,
}

const skewed: Meaning = {
  code: 'UNAVAILABLE',
  retryable: true,
  message: () =>
    'DynamoDB refused the time of the request: the clock of this machine is off. Set the clock; the client adjusts itself for the next request',
}

const conflict: Meaning = {
  code: 'CONFLICT',
  retryable: true,
  message: () => 'A transaction is working on the same item; try again',
}

const missing: Meaning = {
  code: 'MODEL_MISMATCH',
  message: (tables) =>
    `DynamoDB has no ${tables} in this account and region, or it is still being made. Create it with await db.setup(), or correct the table option`,
}

const unreachable: Meaning = {
  code: 'UNAVAILABLE',
  retryable: true,
  message: () => 'DynamoDB cannot be reached. Check that the endpoint, the region and the network are right',
}

const cut: Meaning = {
  code: 'UNAVAILABLE',
  retryable: true,
  open: true,
  message: () => 'The connection to DynamoDB broke before the reply came; try again',
}

const late: Meaning = {
  code: 'TIMEOUT',
  retryable: true,
  open: true,
  message: () =>
    'DynamoDB did not answer within the time that the client allows; allow it more, or ask for less at once',
}

/** DynamoDB's error names; https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const byName: { readonly [name: string]: Meaning } = {
  ProvisionedThroughputExceededException: throttled,
  ThrottlingException: throttled,
  RequestLimitExceeded: throttled,
  LimitExceededException: throttled,
  AccessDeniedException: denied,
  UnrecognizedClientException: denied,
  InvalidSignatureException: denied,
  IncompleteSignatureException: denied,
  MissingAuthenticationTokenException: denied,
  MissingAuthenticationToken: denied,
  ExpiredTokenException: denied,
  CredentialsProviderError: denied,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  InternalServerError: failing,
  InternalServerErrorException: failing,
  ServiceUnavailable: failing,
  ServiceUnavailableException: failing,
  TransactionConflictException: conflict,
  TransactionInProgressException: conflict,
  ReplicatedWriteConflictException: conflict,
  ResourceNotFoundException: missing,
  ItemCollectionSizeLimitExceededException: {
    code: 'LIMIT_EXCEEDED',
    message: (tables) =>
      `A partition of ${tables} is full: with a local index a partition holds 10 GB. Spread its entities over more partitions, or make the index global`,
  },
  ResourceInUseException: {
    code: 'CONFLICT',
    retryable: true,
    message: (tables) => `${capital(tables)} is being changed; try again when that is done`,
  },
  TimeoutError: late,
}

/** Node's and undici's codes of a connection that never was, and of one that broke. */
const byNodeCode: { readonly [code: string]: Meaning } = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: cut,
  EPIPE: cut,
  ETIMEDOUT: late,
  UND_ERR_SOCKET: cut,
}

/**
 * The messages of ValidationException, which is one name for many causes. As DynamoDB, DynamoDB Local 3.3 and dynoxide 1.2
 * say them (2026); read last, and only to say more.
 */
const byMessage: readonly { readonly says: RegExp; readonly meaning: Meaning }[] = [
  {
    says: /item size .*(exceeded|maximum)|Item size to update/i,
    meaning: {
      code: 'LIMIT_EXCEEDED',
      message: () =>
        'The item would be larger than the 400 kB (409,600 bytes) that DynamoDB takes. Split the entity, or keep large values elsewhere',
    },
  },
  {
    says: /nesting levels/i,
    meaning: {
      code: 'LIMIT_EXCEEDED',
      message: () =>
        'The item is nested deeper than the 32 levels that DynamoDB takes. Flatten it, or store the inner part as an entity of its own',
    },
  },
  {
    says: /size limit|maximum size limit|must be under 2048 bytes/i,
    meaning: {
      code: 'LIMIT_EXCEEDED',
      message: () =>
        'A key of the item is longer than DynamoDB takes: 2,048 bytes for a partition, 1,024 for a sort key. Use shorter values there',
    },
  },
  {
    says: /number (over|under)flow|supported range/i,
    meaning: {
      code: 'LIMIT_EXCEEDED',
      message: () => 'A number is out of the range that DynamoDB holds: 0 and magnitudes from 1e-130 to 9.99e+125',
    },
  },
  {
    says: /does not have the specified index|key element does not match|missing the key|type mismatch for key|missed key schema element|key schema/i,
    meaning: {
      code: 'MODEL_MISMATCH',
      message: (tables) =>
        `${capital(tables)} does not have the keys or indexes of the model. await db.check() lists the differences, await db.setup() adds missing indexes`,
    },
  },
  {
    says: /security token|signature/i,
    meaning: denied,
  },
]

/** One StoreError for whatever the client threw. */
export function toStoreError(error: unknown, at: Circumstances): StoreError {
  if (error instanceof StoreError) return error
  const open = at.left && at.writes
  if (at.signal?.aborted === true) return withOutcome(abortError(at.signal), open ? 'unknown' : 'not committed', error)
  const meaning = meaningOf(error, at)
  const tables = at.tables.length === 0 ? 'the account' : `table ${at.tables.join(', ')}`
  return new StoreError(`${meaning.message(tables)}.${vendorWords(error)}`, {
    code: meaning.code,
    ...(meaning.retryable === undefined ? {} : { retryable: true }),
    outcome: open && meaning.open === true ? 'unknown' : 'not committed',
    store: 'DynamoDB',
    cause: error,
  })
}

/** Whether DynamoDB refused for now: what was asked for was not tried. */
export function isThrottled(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'THROTTLED'
}

/** The vendor's error behind a StoreError, by its name. */
export function isCausedBy(error: unknown, name: string): boolean {
  return error instanceof StoreError && nameOf(error.cause) === name
}

function meaningOf(error: unknown, at: Circumstances): Meaning {
  const text = textOf(error)
  // The SDK's HTTP handler calls a broken connection a TimeoutError, too: Node's code says which it was.
  for (const code of codesOf(error)) {
    const known = byNodeCode[code]
    if (known !== undefined) return known
  }
  const name = nameOf(error)
  if (name === 'TimeoutError' && /did not establish a connection/.test(text)) return unreachable
  if (name === 'InvalidSignatureException' && /expired|not yet current/i.test(text)) return skewed
  const named = name === undefined ? undefined : byName[name]
  if (named !== undefined) return named
  if (name === 'ValidationException') {
    for (const { says, meaning } of byMessage) if (says.test(text)) return meaning
    return unexpected(false)
  }
  if (!at.left && /region is missing/i.test(text)) {
    return {
      code: 'UNAVAILABLE',
      message: () =>
        `The client has no region, so nothing was sent. Give it one, client: { region: 'eu-central-1' }, or set AWS_REGION`,
    }
  }
  const status = statusOf(error)
  if (status === 429) return throttled
  if (status !== undefined && status >= 500) return failing
  return unexpected(status === undefined)
}

/** An answer that is not known here; without a status there was no answer at all. */
function unexpected(open: boolean): Meaning {
  return {
    code: 'UNEXPECTED',
    ...(open ? { open: true } : {}),
    message: (tables) => `DynamoDB answered in a way that the adapter does not know, on ${tables}`,
  }
}

function withOutcome(error: StoreError, outcome: Outcome, cause: unknown): StoreError {
  return new StoreError(error.detail, {
    code: error.code,
    retryable: error.retryable,
    outcome,
    store: 'DynamoDB',
    cause: error.cause ?? cause,
  })
}

function vendorWords(error: unknown): string {
  const name = nameOf(error)
  const text = textOf(error)
  if (text === '' && name === undefined) return ''
  return ` (${[name, text].filter((part) => part !== undefined && part !== '' && part !== 'Error').join(': ')})`
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined
}

/** A refused connection to several addresses has no message of its own. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(textOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  return [...own, ...codesOf((error as { readonly cause?: unknown }).cause, depth + 1)]
}

function statusOf(error: unknown): number | undefined {
  const { $metadata: metadata } = (error ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } }
  return metadata?.httpStatusCode
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
