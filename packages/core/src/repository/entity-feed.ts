import { throwIfAborted } from '../driver/abort.js'
import type { Call, ChangeReader, Changes, StoredChange } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { shown } from '../model/refusals.js'
import { invalid, positive } from '../query/arguments.js'
import { changesFingerprint } from '../query/cursor.js'
import { raceAbort, reportOf } from './call.js'
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
    // Whatever ends it, nothing is held any longer.
    this.#over.addEventListener('abort', () => void reader.close(), { once: true })
  }

  static async open<Es extends Entities, K extends keyof Es & string>(
    source: Source,
    after: string | undefined,
    call: Call,
  ): Promise<EntityFeed<Es, K>> {
    const { session, changes, entities } = source
    const fingerprint = changesFingerprint(entities.map(({ entity }) => entity.name))
    const models = entities.map(({ entity }) => entity.model)
    const reader = await forPositions(async () => {
      const from = after === undefined ? undefined : await session.cursors.decode(after, fingerprint)
      return session.reading(call, () => changes.open(models, from, call))
    })
    const position = await session.cursors.encode(reader.position, fingerprint)
    if (call.signal?.aborted === true) {
      // The call was given up, and the reader is nobody's.
      await reader.close()
      throwIfAborted(call.signal)
    }
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
      return await session.run(
        undefined,
        'changes.read',
        session.waiting(options, options.wait),
        undefined,
        async (call) => {
          const signal = this.#over
          try {
            throwIfAborted(signal)
            const both = call.signal === undefined ? signal : AbortSignal.any([signal, call.signal])
            return await raceAbort(this.#batch(requestOf(options), { ...call, signal: both }), signal)
          } catch (error) {
            throw this.#isOver ? closed() : error
          }
        },
      )
    } finally {
      this.#isReading = false
    }
  }

  async *iterate(options: ReadChangesOptions = {}): AsyncGenerator<ChangeBatch<Es, K>, void, undefined> {
    const { wait = LOOP_WAIT } = options
    let kept = this.#position
    let quiet = performance.now()
    while (!this.#isOver) {
      let batch: ChangeBatch<Es, K>
      try {
        batch = await this.read({ ...options, wait })
      } catch (error) {
        if (this.#isOver) return
        throw error
      }
      // Among many changes of others none may be of these kinds: then the position still has to be kept, or it is lost.
      const isDue = batch.position !== kept && performance.now() - quiet >= wait
      if (batch.changes.length === 0 && !isDue) continue
      kept = batch.position
      quiet = performance.now()
      yield batch
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<ChangeBatch<Es, K>> {
    return this.iterate()[Symbol.asyncIterator]()
  }

  async close(): Promise<void> {
    this.#ending.abort()
    await this.#reader.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #batch({ limit, wait }: ChangeRequest, call: Call): Promise<ChangeBatch<Es, K>> {
    const until = performance.now() + wait
    for (;;) {
      await this.#fetch({ limit, wait: Math.max(0, until - performance.now()) }, call)
      const { changes, left, unreadable } = this.#given(this.#left)
      const position = left.length > 0 ? this.#position : await this.#encoded()
      // The call may have been given up meanwhile: then nobody was given anything.
      throwIfAborted(call.signal)
      this.#left = left
      this.#position = position
      if (unreadable !== undefined) throw unreadable
      // What came may have been a change that nobody can see.
      if (changes.length > 0 || performance.now() >= until) return { changes, position }
    }
  }

  #encoded(): Promise<string> {
    return this.#source.session.cursors.encode(this.#reader.position, this.#fingerprint)
  }

  /** Reads on, unless something is left to give. What comes for a call that was given up is left for the next one. */
  async #fetch(request: ChangeRequest, call: Call): Promise<void> {
    const { session } = this.#source
    await this.#fetching?.catch(() => undefined)
    if (this.#left.length > 0) return
    const fetching = session
      .reading(call, () => this.#reader.read(request, call))
      .then((stored) => {
        reportOf(call)?.read(stored.length)
        this.#left = stored
      })
      .finally(() => {
        this.#fetching = undefined
      })
    this.#fetching = fetching
    await fetching
  }

  /** The changes up to one that cannot be read; that one, where it comes first. */
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
        if (changes.length > 0) return { changes, left: stored.slice(at), unreadable: undefined }
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

/** What is wrong with a cursor, said of a position. */
async function forPositions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'INVALID_CURSOR') throw error
    throw new StoreError(
      'The position cannot be used: it was altered, or is of a feed of other entities, of another store or of another cursorSecret. Begin without one, and read all entities anew.',
      { code: 'INVALID_CURSOR', cause: error },
    )
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
