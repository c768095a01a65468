import type { ErrorCode } from '@isomodel/core/driver'

/** What a code of the server's means to a caller. */
export interface ServerReason {
  readonly code: ErrorCode
  readonly retryable?: boolean
  /** The write may be in the store, or come to be. Default: the server refused it before writing. */
  readonly mayBeApplied?: boolean
  readonly what: string
  readonly remedy: string
}

/** The reason behind a code; `said` tells apart what shares one code. */
export function serverReason(code: number | 'overloaded', said: string): ServerReason {
  if (code === 'overloaded') return OVERLOADED
  const known = byCode.get(code)
  if (known !== undefined) return known
  if (code === BAD_VALUE && /\bhint\b/i.test(said)) return NO_INDEX
  if (code === BAD_VALUE && /nest|depth/i.test(said)) return TOO_DEEP
  return {
    code: 'UNEXPECTED',
    what: 'The server answered in a way that the adapter does not know',
    remedy: 'Nothing was written; the cause has all that the server said.',
  }
}

const BAD_VALUE = 2

const NO_INDEX: ServerReason = {
  code: 'MODEL_MISMATCH',
  what: 'The collection lacks an index that the model declares',
  remedy: 'Create it with await db.setup(); await db.check() lists the differences.',
}

const TOO_DEEP: ServerReason = {
  code: 'LIMIT_EXCEEDED',
  what: 'The document is nested too deep for the server',
  remedy: 'Flatten it, or store the inner part as an entity of its own.',
}

const TOO_LARGE: ServerReason = {
  code: 'LIMIT_EXCEEDED',
  what: 'The document would be larger than the server holds',
  remedy: 'Split the entity, or keep large values elsewhere.',
}

const KEY_TOO_LONG: ServerReason = {
  code: 'LIMIT_EXCEEDED',
  what: 'A value is too long for an index',
  remedy: 'Use shorter values there, or take the index out of the model.',
}

const DENIED: ServerReason = {
  code: 'ACCESS_DENIED',
  what: 'The server refused the credentials or their permission',
  remedy: 'Check the user, its password, authSource and its roles on this database.',
}

const OVERLOADED: ServerReason = {
  code: 'THROTTLED',
  retryable: true,
  what: 'The server is overloaded and took no more work',
  remedy: 'Try again later, or ask for less at once.',
}

const NOT_PRIMARY: ServerReason = {
  code: 'UNAVAILABLE',
  retryable: true,
  what: 'The server is not the primary now',
  remedy: 'Try again when the replica set has elected one; connect to the whole set, not to one member.',
}

const INTERRUPTED: ServerReason = {
  code: 'UNAVAILABLE',
  retryable: true,
  mayBeApplied: true,
  what: 'The server stopped in the middle of the command',
  remedy: 'Try again when a primary is there.',
}

const TOO_SLOW: ServerReason = {
  code: 'TIMEOUT',
  retryable: true,
  mayBeApplied: true,
  what: 'The command took longer than the server allows it',
  remedy: 'Allow it more time, or look at its plan with explain().',
}

const CONFLICT: ServerReason = {
  code: 'CONFLICT',
  retryable: true,
  what: 'Another write to the same document was under way',
  remedy: 'Try again.',
}

const INVALID_DOCUMENT: ServerReason = {
  code: 'MODEL_MISMATCH',
  what: "The collection's validator refuses a document that fits the schema",
  remedy: "await db.check() lists the differences; adapt the collection's validator with collMod.",
}

const DUPLICATE: ServerReason = {
  code: 'UNIQUE_VIOLATION',
  what: 'Another document has the same value in a unique index',
  remedy: 'Use another value, or drop the unique index if the model does not want it.',
}

const MISSING: ServerReason = {
  code: 'MODEL_MISMATCH',
  what: 'The collection or index is not there',
  remedy: 'Create it with await db.setup().',
}

const OTHER_INDEX: ServerReason = {
  code: 'MODEL_MISMATCH',
  what: 'An index of this name or key exists with another definition',
  remedy: 'await db.check() lists the differences, each with its remedy.',
}

const UNSUPPORTED: ServerReason = {
  code: 'UNSUPPORTED',
  what: 'The server does not know the command or an option of it',
  remedy: 'It may be too old, or a service that lacks this part; see the README for what is supported.',
}

const byCode: ReadonlyMap<number, ServerReason> = new Map<number, ServerReason>([
  [6, INTERRUPTED], // HostUnreachable: between the members of a cluster
  [7, INTERRUPTED], // HostNotFound
  [13, DENIED], // Unauthorized
  [15, TOO_DEEP], // Overflow
  [18, DENIED], // AuthenticationFailed
  [26, MISSING], // NamespaceNotFound
  [27, MISSING], // IndexNotFound
  [50, TOO_SLOW], // MaxTimeMSExpired
  [59, UNSUPPORTED], // CommandNotFound
  [67, OTHER_INDEX], // CannotCreateIndex
  [72, UNSUPPORTED], // InvalidOptions
  [85, OTHER_INDEX], // IndexOptionsConflict
  [86, OTHER_INDEX], // IndexKeySpecsConflict
  [89, INTERRUPTED], // NetworkTimeout
  [91, INTERRUPTED], // ShutdownInProgress
  [112, CONFLICT], // WriteConflict
  [115, UNSUPPORTED], // CommandNotSupported
  [121, INVALID_DOCUMENT], // DocumentValidationFailure
  [133, NOT_PRIMARY], // FailedToSatisfyReadPreference
  [146, OVERLOADED], // ExceededMemoryLimit
  [189, INTERRUPTED], // PrimarySteppedDown
  [262, TOO_SLOW], // ExceededTimeLimit
  [292, OVERLOADED], // QueryExceededMemoryLimitNoDiskUseAllowed
  [303, UNSUPPORTED], // Feature not supported (DocumentDB)
  [304, UNSUPPORTED], // Aggregation stage not supported (DocumentDB)
  [462, OVERLOADED], // IngressRequestRateLimitExceeded
  [8000, DENIED], // AtlasError
  [9001, INTERRUPTED], // SocketException
  [10058, NOT_PRIMARY], // LegacyNotPrimary
  [10107, NOT_PRIMARY], // NotWritablePrimary
  [10334, TOO_LARGE], // BSONObjectTooLarge
  [11000, DUPLICATE], // DuplicateKey
  [11600, INTERRUPTED], // InterruptedAtShutdown
  [11602, INTERRUPTED], // InterruptedDueToReplStateChange
  [13435, NOT_PRIMARY], // NotPrimaryNoSecondaryOk
  [13436, NOT_PRIMARY], // NotPrimaryOrSecondary
  [17280, KEY_TOO_LONG], // KeyTooLong
  [17419, TOO_LARGE], // the document after an update
  [17420, TOO_LARGE], // the document to insert
])
