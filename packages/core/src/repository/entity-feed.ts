import { throwIfAborted } from '../driver/abort.js'
import type { Call, ChangeReader, Changes, StoredChange } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { shown } from '../model/refusals.js'
import { invalid, positive } from '../query/arguments.js'
import { changesFingerprint } from '../query/cursor.js'
import { raceAbort } from './call.js'
import type { ChangeBatch, ChangeFeed, EntityChange, ReadChangesOptions } from './change-types.js'
import type { Connected } from './connected.js'
import { presentChange } from './present-changes.js'
import type { Session } from './session.js'
import type { Entities } from './types.js'

const DEFAULT_LIMIT = 100

/** How long a loop waits at a time, ms: so often it looks whether the feed was closed. */
const LOOP_WAIT = 10_000

/** What a feed needs of its connection. */
interface Source {
  readonly session: Session
  readonly changes: Changes
  readonly entities: readonly Connected[]
  readonly signal: AbortSignal | undefined
}

/** A feed over the reader of a driver; see `ChangeFeed` for what each method means. */
export class EntityFeed<Es extends Entities, K extends keyof Es & string> implements ChangeFeed<Es, K> {
  readonly #source: Source
  readonly #followed: ReadonlyMap<EntityModel, Connected>
  readonly #fingerprint: string
  readonly #ending = new AbortController()
  /** Fires when the feed, its connection or its caller ends it. */
  readonly #over: AbortSignal
  readonly #reader: ChangeReader
  /** As users see the reader's position, once everything that it read is given. */
  #position: string
  /** Read and not given yet: what lies behind something that cannot be read, or came for a call that was given up. */
  #left: readonly StoredChange[] = []
  #unreadable: StoreError | undefined
  #fetching: Promise<void> | undefined
  #isReading = false

  private constructor(source: Source, fingerprint: string, reader: ChangeReader, position: string) {
    this.#source = source
    this.#followed = new Map(source.entities.map((followed) => [followed.entity.model, followed]))
    this.#fingerprint = fingerprint
    const { session, signal } = source
    this.#over = AbortSignal.any([this.#ending.signal, session.ended, ...(signal === undefined ? [] : [signal])])
    this.#reader = reader
    this.#position = position
  }

  static async open<Es extends Entities, K extends keyof Es & string>(
    source: Source,
    after: string | undefined,
    call: Call,
  ): Promise<EntityFeed<Es, K>> {
    const { session, changes, entities } = source
    const fingerprint = changesFingerprint(entities.map(({ entity }) => entity.name))
    const from = after === undefined ? undefined : await session.cursors.decode(after, fingerprint)
    const models = entities.map(({ entity }) => entity.model)
    const reader = await session.reading(call, () => changes.open(models, from, call))
    const position = await session.cursors.encode(reader.position, fingerprint)
    return new EntityFeed<Es, K>(source, fingerprint, reader, position)
  }

  get position(): string {
    return this.#position
  }

  async read(options: ReadChangesOptions = {}): Promise<ChangeBatch<Es, K>> {
    const { session } = this.#source
    if (this.#isReading) {
      throw invalid('A feed is read by one call at a time. Await the one before, or open another feed.')
    }
    this.#isReading = true
    try {
      return await session.run(undefined, 'changes.read', options, undefined, async (call) => {
        const signal = this.#over
        try {
          throwIfAborted(signal)
          const both = call.signal === undefined ? signal : AbortSignal.any([signal, call.signal])
          return await raceAbort(this.#batch(requestOf(options), { ...call, signal: both }), signal)
        } catch (error) {
          throw this.#isOver ? closed() : error
        }
      })
    } finally {
      this.#isReading = false
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChangeBatch<Es, K>, void, undefined> {
    while (!this.#isOver) {
      let batch: ChangeBatch<Es, K>
      try {
        batch = await this.read({ wait: LOOP_WAIT })
      } catch (error) {
        if (this.#isOver) return
        throw error
      }
      if (batch.changes.length > 0) yield batch
    }
  }

  async close(): Promise<void> {
    this.#ending.abort()
    await this.#reader.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #batch(request: ChangeRequest, call: Call): Promise<ChangeBatch<Es, K>> {
    const known = this.#unreadable
    this.#unreadable = undefined
    if (known !== undefined) throw known
    await this.#fetch(request, call)
    const { changes, left, unreadable } = this.#given(this.#left)
    const { session } = this.#source
    const position =
      left.length > 0 ? this.#position : await session.cursors.encode(this.#reader.position, this.#fingerprint)
    // The call may have been given up meanwhile: then nobody was given anything.
    throwIfAborted(call.signal)
    this.#left = left
    this.#position = position
    if (unreadable !== undefined && changes.length === 0) throw unreadable
    this.#unreadable = unreadable
    return { changes, position }
  }

  /** Reads on, unless something is left to give. What comes for a call that was given up is left for the next one. */
  async #fetch(request: ChangeRequest, call: Call): Promise<void> {
    const { session } = this.#source
    await this.#fetching?.catch(() => undefined)
    if (this.#left.length > 0) return
    const fetching = session
      .reading(call, () => this.#reader.read(request, call))
      .then((stored) => {
        this.#left = stored
      })
      .finally(() => {
        this.#fetching = undefined
      })
    this.#fetching = fetching
    await fetching
  }

  /** The changes up to one that cannot be read. */
  #given(stored: readonly StoredChange[]): {
    readonly changes: EntityChange<Es, K>[]
    readonly left: readonly StoredChange[]
    readonly unreadable: StoreError | undefined
  } {
    const changes: EntityChange<Es, K>[] = []
    for (const [at, change] of stored.entries()) {
      try {
        changes.push(...this.#shown(change))
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        return { changes, left: stored.slice(at + 1), unreadable: error }
      }
    }
    return { changes, left: [], unreadable: undefined }
  }

  #shown(change: StoredChange): EntityChange<Es, K>[] {
    const followed = this.#followed.get(change.entity)
    if (followed === undefined) return []
    const { session } = this.#source
    const { entity } = followed
    return session.blame(
      entity.model,
      'changes.read',
      () => presentChange(followed, change, session.presenter(entity)) as unknown as EntityChange<Es, K>[],
    )
  }

  get #isOver(): boolean {
    return this.#ending.signal.aborted || this.#source.session.ended.aborted
  }
}

function closed(): StoreError {
  return new StoreError(
    'The feed, or its connection, was closed. Connect again, and open a feed behind its position.',
    {
      code: 'CLOSED',
    },
  )
}

interface ChangeRequest {
  readonly limit: number
  readonly wait: number
}

function requestOf({ limit = DEFAULT_LIMIT, wait = 0 }: ReadChangesOptions): ChangeRequest {
  if (typeof wait === 'number' && wait >= 0) return { limit: positive(limit, 'limit'), wait }
  throw invalid(`wait is a number of milliseconds, 0 or more, not ${shown(wait)}.`)
}
