import type { Capacity, Target } from '../driver/contract.js'
import type { ErrorCode, Outcome } from '../errors/store-error.js'

/**
 * One call of a repository: how it went and what it cost, all its pages and retries together. Holds no values and no keys.
 *
 * `onCall` is given it when the call has ended, and so is every subscriber of the tracing channel `isomodel:call`, from the
 * start on: what is only known later (figures, error) is filled in by `asyncEnd`.
 */
export interface CallEvent {
  /** The store in words: 'DynamoDB', 'MongoDB', 'Redis', 'memory'. */
  readonly store: string
  /** Where the entity lies, where the adapter says so. */
  readonly target: Target | undefined
  /** undefined: the call concerns no entity alone, as `transact` and `setup`. */
  readonly entity: string | undefined
  /** As in the code: 'get', 'putMany', 'query.page', 'transact'. A walk is a call for each chunk, 'query.iterate'. */
  readonly operation: string
  /** The index of a query by one. */
  readonly index: string | undefined
  /** How many keys, entities or items the call was given, where it takes a list. */
  readonly items: number | undefined
  readonly milliseconds: number
  /** Requests that left. A get that travelled with others has none of its own: `getMany`, a call of its own, has them. */
  readonly roundTrips: number
  /** How often something was done again: throttled, failed in passing, or others were faster. */
  readonly retries: number
  /** Payload bytes, as far as the client lets them be known. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Rows that the store looked at where it says so, else those that it sent. */
  readonly rowsRead: number
  /** Entities that the call gave; undefined where it gives something else. */
  readonly rowsReturned: number | undefined
  /** Units that the store said it consumed; undefined where it says nothing. */
  readonly capacity: Capacity | undefined
  /** Why the call was rejected. */
  readonly error: CallFailure | undefined
  /**
   * A subscriber of `start` may set it, to run the call in a scope that is no AsyncLocalStorage: it is given the call's
   * work, and returns what that returns. One that finds it set calls the other inside.
   */
  within?: Within | undefined
}

export type Within = <T>(work: () => T) => T

/** What an event says of a StoreError. The error itself may show keys. */
export interface CallFailure {
  readonly name: string
  readonly code: ErrorCode
  readonly outcome: Outcome
  readonly retryable: boolean
  /** The vendor's code of what the last request that failed came to. */
  readonly vendorCode: string | undefined
}

/** One round trip to the store, told when it has ended: to `onRequest` and on the channel `isomodel:request`. Holds no values. */
export interface RequestEvent {
  readonly store: string
  readonly entity: string | undefined
  readonly operation: string
  /** The vendor's name of it: 'GetItem', 'findAndModify', 'EVALSHA'. */
  readonly command: string
  readonly milliseconds: number
  readonly bytesSent: number | undefined
  readonly bytesReceived: number | undefined
  readonly capacity: Capacity | undefined
  /** The vendor's name of the error that it came to. */
  readonly error: string | undefined
  /** The vendor's code of that error, where it has one. */
  readonly errorCode: string | undefined
}

/** Who is told, beside the channels. */
export interface Observers {
  readonly onCall?: (event: CallEvent) => void
  readonly onRequest?: (event: RequestEvent) => void
}
