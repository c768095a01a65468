import type { Condition, Path } from '@isomodel/core'
import type { Fields } from '../reference/kind.js'
import type { Write } from '../reference/write.js'

/** A guard as a history has it. Stores make revisions up, so one is said by what it is. */
export interface StepGuard {
  readonly if?: Condition
  readonly revision?: 'last' | 'stale' | 'unknown'
}

export type StepWrite = Write<StepGuard>
export type Returning = 'old' | 'new' | 'none'

export interface StepAccess {
  readonly kind: string
  readonly index?: string
  readonly partition: Fields
  readonly where?: Condition
}

/** What is asked of a query (one access) or of a collection (several, of one partition). */
export interface StepRead {
  readonly accesses: readonly [StepAccess, ...StepAccess[]]
  readonly reverse: boolean
  readonly limit?: number
}

export interface StepScan {
  readonly kind: string
  readonly where?: Condition
  readonly segments: number
  /** What each page may read; pages go on from each other, so that all is read in the end. */
  readonly budget?: number
}

/** One operation of a history, as plain data. */
export type Step =
  | { readonly do: 'write'; readonly write: StepWrite; readonly return: Returning }
  /** A write with something wrong in it at a path: refused before it is sent. */
  | {
      readonly do: 'mistake'
      readonly write: StepWrite
      readonly path: Path
      readonly as: 'itself' | 'batch' | 'transaction'
    }
  | { readonly do: 'get'; readonly kind: string; readonly keys: readonly Fields[] }
  | { readonly do: 'putMany'; readonly kind: string; readonly entities: readonly Fields[] }
  | { readonly do: 'deleteMany'; readonly kind: string; readonly keys: readonly Fields[] }
  | {
      readonly do: 'read'
      readonly read: StepRead
      /** Pages of a size from the first to the last, or another way to have the results. */
      readonly take: 'all' | 'first' | 'one' | 'count' | 'walk' | number
      readonly select?: readonly [string, ...string[]]
    }
  /** The first page of a walk that is gone on with later. */
  | { readonly do: 'open'; readonly read: StepRead; readonly size: number }
  /** The next page of one of the walks that are under way. */
  | { readonly do: 'next'; readonly walk: number; readonly size: number }
  | { readonly do: 'scan'; readonly scan: StepScan; readonly take: 'all' | 'count' | number }
  | {
      readonly do: 'transact'
      readonly writes: readonly StepWrite[]
      readonly token?: string
      /** Sent twice, as after a lost reply. */
      readonly again: boolean
    }
  | { readonly do: 'transactGet'; readonly reads: readonly { readonly kind: string; readonly key: Fields }[] }
  | { readonly do: 'wait'; readonly milliseconds: number }
