import { formatPath, type Path } from '../schema/value.js'

/** The closed list of what can go wrong. Each has a page in the docs: what happened, why, what to do. */
export type ErrorCode =
  /** An argument does not fit the model or the schema: nothing was sent. */
  | 'VALIDATION'
  /** The entity is absent (or expired). */
  | 'NOT_FOUND'
  /** `create` found the key taken. */
  | 'ALREADY_EXISTS'
  /** `ifRevision` is not the entity's revision. */
  | 'REVISION_MISMATCH'
  /** The entity is there, and `if` is false of it. */
  | 'CONDITION_FAILED'
  /** An update's path meets a missing parent, or an element beyond the list's end. */
  | 'INVALID_PATH'
  /** An update's result is not a value of its field: null under `add`, a number out of range. */
  | 'INVALID_VALUE'
  /** A unique value is held by another entity. */
  | 'UNIQUE_VIOLATION'
  /** More than one entity where exactly one was asked for. */
  | 'NOT_UNIQUE'
  /** The store cannot hold it: size, range, depth, length of a key. */
  | 'LIMIT_EXCEEDED'
  /** The cursor is altered, of another query, another version or another secret. */
  | 'INVALID_CURSOR'
  /** The store no longer holds all changes behind the position. */
  | 'POSITION_LOST'
  /** A scan was not allowed by the call. */
  | 'SCAN_NOT_ALLOWED'
  /** A scan has read as much as its budget allows. */
  | 'BUDGET_SPENT'
  /** The store lacks the capability. */
  | 'UNSUPPORTED'
  /** The store refused for now: too many requests. */
  | 'THROTTLED'
  /** Others kept writing the same entity; retries are used up. */
  | 'CONFLICT'
  /** The store cannot be reached, or the connection broke. */
  | 'UNAVAILABLE'
  /** The call's deadline passed. */
  | 'TIMEOUT'
  /** The call's signal was aborted. */
  | 'ABORTED'
  /** The store refused the credentials or the permission. */
  | 'ACCESS_DENIED'
  /** A table, collection or index is missing or does not fit the model; `db.setup()` and `db.check()` say more. */
  | 'MODEL_MISMATCH'
  /** A stored entity does not fit the schema, or its format version is unknown. */
  | 'CORRUPT'
  /** The handle was closed. */
  | 'CLOSED'
  /** The store answered in a way that the adapter does not know; the cause has the vendor's words. */
  | 'UNEXPECTED'

/** Whether a failed write is in the store: known, or not to be known from here. */
export type Outcome = 'committed' | 'not committed' | 'unknown'

export interface StoreErrorDetails {
  readonly code: ErrorCode
  /** True when the same call may succeed later, unchanged. Default: false. */
  readonly retryable?: boolean
  /** Default: 'not committed'. */
  readonly outcome?: Outcome
  readonly store?: string
  readonly operation?: string
  readonly entity?: string
  /** The key fields of the entity concerned. */
  readonly key?: { readonly [field: string]: unknown }
  /** The field concerned. */
  readonly path?: Path
  readonly cause?: unknown
}

/**
 * Every failure of a call on a store. `code` says what happened, `outcome` whether a write is in the store, `retryable`
 * whether the same call may succeed later; the message says what happened, the likely cause and what to do next.
 */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly outcome: Outcome
  readonly store: string | undefined
  readonly operation: string | undefined
  readonly entity: string | undefined
  readonly key: { readonly [field: string]: unknown } | undefined
  readonly path: Path | undefined
  /** The message without the place (entity and operation) it happened at. */
  readonly detail: string

  constructor(message: string, details: StoreErrorDetails) {
    super(place(message, details), details.cause === undefined ? undefined : { cause: details.cause })
    this.detail = message
    this.code = details.code
    this.retryable = details.retryable ?? false
    this.outcome = details.outcome ?? 'not committed'
    this.store = details.store
    this.operation = details.operation
    this.entity = details.entity
    this.key = details.key
    this.path = details.path
  }

  /** The same error with more said of where it happened; what is already said stays. */
  at(where: Pick<StoreErrorDetails, 'store' | 'operation' | 'entity' | 'key'>): StoreError {
    const made = this.copy({
      code: this.code,
      retryable: this.retryable,
      outcome: this.outcome,
      ...pick('store', this.store ?? where.store),
      ...pick('operation', this.operation ?? where.operation),
      ...pick('entity', this.entity ?? where.entity),
      ...pick('key', this.key ?? where.key),
      ...pick('path', this.path),
      ...pick('cause', this.cause),
    })
    if (this.stack !== undefined) made.stack = this.stack.replace(this.message, made.message)
    return made
  }

  /** Makes one of the same class with other details. */
  protected copy(details: StoreErrorDetails): StoreError {
    return new StoreError(this.detail, details)
  }
}

/** A call that needs a capability the store lacks. */
export class UnsupportedError extends StoreError {
  override readonly name: string = 'UnsupportedError'

  constructor(message: string, details: Omit<StoreErrorDetails, 'code'> = {}) {
    super(message, { ...details, code: 'UNSUPPORTED' })
  }

  protected override copy(details: StoreErrorDetails): StoreError {
    return new UnsupportedError(this.detail, details)
  }
}

function pick<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V })
}

function place(message: string, details: StoreErrorDetails): string {
  const at = [details.entity, details.operation].filter((part) => part !== undefined).join('.')
  const path = details.path === undefined || details.path.length === 0 ? '' : `${formatPath(details.path)}: `
  return `${at === '' ? '' : `${at}: `}${path}${message}`
}
