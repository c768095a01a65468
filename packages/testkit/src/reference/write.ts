import type { Change, Condition } from '@isomodel/core'
import type { Fields } from './kind.js'

/** What must hold of the current entity. */
export interface ReferenceGuard {
  readonly if?: Condition
  /** The number of the write that the entity must be left by. */
  readonly ifRevision?: number
}

/** A write of one entity, or a check as transactions have it; kinds are said by name. */
export type Write<Guard = ReferenceGuard> =
  | { readonly do: 'create'; readonly kind: string; readonly entity: Fields }
  | { readonly do: 'put' | 'upsert'; readonly kind: string; readonly entity: Fields; readonly guard: Guard }
  | {
      readonly do: 'update'
      readonly kind: string
      readonly key: Fields
      readonly changes: readonly Change[]
      readonly guard: Guard
      readonly orCreate: boolean
    }
  | { readonly do: 'delete' | 'check'; readonly kind: string; readonly key: Fields; readonly guard: Guard }
  | { readonly do: 'checkAbsent'; readonly kind: string; readonly key: Fields }

/** What a write did: the live entity before it, and the entity after it. */
export interface Written {
  readonly old: Fields | undefined
  readonly new: Fields | undefined
}
