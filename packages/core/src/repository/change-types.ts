import type { Capability } from '../driver/contract.js'
import type { EntityOf, KeyOf } from '../model/infer.js'
import type { Needs } from './capability-types.js'
import type { CallOptions, Entities } from './types.js'

/** What became of an entity. `expire`: it is gone by its `ttl`. */
export type ChangeKind = 'insert' | 'update' | 'delete' | 'expire'

/** A change of one kind of entity: what was there before, and what is there after. */
type ChangeIn<T> =
  | { readonly kind: 'insert'; readonly old: undefined; readonly new: T }
  | { readonly kind: 'update'; readonly old: T; readonly new: T }
  | { readonly kind: 'delete' | 'expire'; readonly old: T; readonly new: undefined }

/** A change: `entity` and `kind` tell the types of the rest. */
export type EntityChange<Es extends Entities, K extends keyof Es> = {
  readonly [N in K]: {
    readonly entity: N
    readonly key: KeyOf<Es[N]>
    /** Of an insert or update, the moment of the write by its writer's clock; of a removal, as the store tells it. */
    readonly at: Date
  } & ChangeIn<EntityOf<Es[N]>>
}[K]

/** Changes that came together: those of one key in the order in which they were made. */
export interface ChangeBatch<Es extends Entities, K extends keyof Es> {
  readonly changes: readonly EntityChange<Es, K>[]
  /** Give it as `after` to go on behind these. Keep it once they are dealt with. */
  readonly position: string
}

/** `signal` ends the feed, too: a loop over it then throws `ABORTED`. */
export interface ChangesOptions extends CallOptions {
  /** The position of an earlier feed of the same entities, kept by you. Default: from this moment on. */
  readonly after?: string | undefined
}

export interface ReadChangesOptions extends CallOptions {
  /** About how many changes, positive. Default: 100. */
  readonly limit?: number
  /** How long to wait for the first one, ms; it comes on top of the connection's `deadline`. Default: 0. */
  readonly wait?: number
}

/**
 * The changes of some kinds of entities, at least once each: after an error or a restart a few may come again. Iterate over it,
 * or `read` batch by batch. Where something that was stored cannot be read, `read` throws `CORRUPT` once, and goes on behind it.
 */
export interface ChangeFeed<Es extends Entities, K extends keyof Es>
  extends AsyncIterable<ChangeBatch<Es, K>>,
    AsyncDisposable {
  /** Behind what was read so far; at first, where it began. */
  readonly position: string
  /**
   * As the feed itself: batch after batch, until it is closed. `wait` is how long it waits at a time; default 10 s. Now and then
   * a batch has no changes: its position is to be kept all the same, as what lies between it and the last one is not wanted.
   */
  iterate(options?: ReadChangesOptions): AsyncIterable<ChangeBatch<Es, K>>
  /** What came since, or nothing after a while; one call at a time. */
  read(options?: ReadChangesOptions): Promise<ChangeBatch<Es, K>>
  /** Ends it: a loop over it ends, other calls throw `CLOSED`. Safe to repeat. */
  close(): Promise<void>
}

export interface FollowChanges<Es extends Entities, C extends Capability = never> {
  /**
   * Follows what is written to entities that are declared with `changes: true`, from this moment on or from a position.
   *
   * ```ts
   * await using feed = await db.changes(['Order'], { after: position })
   * for await (const { changes, position } of feed) {
   *   for (const change of changes) if (change.kind === 'insert') await mail(change.new)
   *   await keep(position)
   * }
   * ```
   *
   * Needs `changes:exact`. Throws `POSITION_LOST` where the store no longer holds all changes behind the position.
   */
  changes<const L extends readonly (keyof Es & string)[]>(
    entities: L & Needs<C, 'changes:exact', 'changes'>,
    options?: ChangesOptions,
  ): Promise<ChangeFeed<Es, L[number]>>
}
