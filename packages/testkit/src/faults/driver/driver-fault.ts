/** What can go wrong in a driver's call, all of it within the contract of `Driver`. */
export type DriverFault =
  /** The store refuses for now: 'throttled' entries of a get or a batch, else `THROTTLED`. Nothing is written. */
  | 'throttle'
  /** Some items of a get or a batch of several are done, the others are 'throttled'. */
  | 'partial'
  /** Another transaction is in the way of a commit or a transactional read. */
  | 'stale'
  /** A write finds others in its way until it gives up: `CONFLICT`, which goes to the caller. Nothing is written. */
  | 'conflict'
  /** A page without rows, and yet not the last. */
  | 'emptyPage'
  /** A page of fewer rows than there are. */
  | 'shortPage'
  /** An index that is eventual does not show the last writes yet. */
  | 'indexLag'
  /** The store cannot be reached: `UNAVAILABLE`, and nothing is sent. */
  | 'unavailable'
  /** A write never arrives, which cannot be told from here: `UNAVAILABLE`, outcome `unknown`, not written. */
  | 'lostRequest'
  /** A write is done, and the connection breaks before its reply: `UNAVAILABLE`, outcome `unknown`, written. */
  | 'lostReply'
  /** A write is done, and its reply takes too long: `TIMEOUT`, outcome `unknown`, written. */
  | 'timeout'
  /** A write arrives only after its caller has given up: `TIMEOUT`, outcome `unknown`, written later. */
  | 'lateRequest'

/**
 * The driver's methods that faults can happen in. `collection` and `scan` are the fetch of those, `changes` is the opening and
 * reading of a feed, `commit` and `read` are a transaction's.
 */
export type DriverCall =
  | 'get'
  | 'write'
  | 'writeBatch'
  | 'fetch'
  | 'collection'
  | 'scan'
  | 'changes'
  | 'commit'
  | 'read'

const unsure = ['lostRequest', 'lostReply', 'timeout', 'lateRequest'] as const

/** Where each can happen. */
export const possible: { readonly [Call in DriverCall]: readonly DriverFault[] } = {
  get: ['throttle', 'partial', 'unavailable'],
  write: ['throttle', 'conflict', 'unavailable', ...unsure],
  writeBatch: ['throttle', 'partial', 'unavailable', ...unsure],
  fetch: ['throttle', 'emptyPage', 'shortPage', 'indexLag', 'unavailable'],
  collection: ['throttle', 'emptyPage', 'shortPage', 'unavailable'],
  scan: ['throttle', 'emptyPage', 'shortPage', 'unavailable'],
  changes: ['throttle', 'shortPage', 'unavailable'],
  commit: ['throttle', 'stale', 'unavailable', ...unsure],
  read: ['throttle', 'stale', 'unavailable'],
}

export const driverFaults: readonly DriverFault[] = [...new Set(Object.values(possible).flat())]
