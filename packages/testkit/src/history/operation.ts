import type { ErrorCode } from '@isomodel/core'

/** What a caller was told of an operation. */
export type Outcome<Output> =
  /** It is done. `value` is what it gave; undefined where the caller was told that it is done, and no more. */
  | { readonly status: 'ok'; readonly value: Output | undefined }
  /** It was refused, and did nothing. */
  | { readonly status: 'refused'; readonly code: ErrorCode }
  /** It may have been done at any time after its invocation, once, or never. */
  | { readonly status: 'unknown' }

/**
 * One operation of a concurrent history. Moments are numbers that grow, of one clock for the whole history: one operation
 * precedes another when it returned before the other was invoked, and at one moment alike they are concurrent.
 */
export interface Operation<Input, Output> {
  /** Who called: a process has one operation under way at a time. */
  readonly process: string
  readonly input: Input
  readonly invoked: number
  /** Infinity when the caller never heard. */
  readonly returned: number
  readonly outcome: Outcome<Output>
}
