import {
  abortError,
  type Call,
  type ChangeReader,
  type EntityModel,
  invalidCursor,
  newToken,
  type StoredChange,
  throwIfAborted,
} from '@isomodel/core/driver'
import { positionLost } from './errors.js'
import type { Entry } from './store.js'
import { stored } from './stored.js'

/** Changes that are kept: who reads further back than this has lost some. */
const KEPT = 10_000

/** What one write left, and what it found. */
export interface Logged {
  readonly entity: string
  readonly old: Entry | undefined
  readonly new: Entry | undefined
  readonly at: number
  readonly expired: boolean
}

/** The latest changes of a `memory()`, in their order. */
export class ChangeLog {
  /** Names this log in positions: another one, or what was restored, goes on from elsewhere. */
  #id = newToken()
  /** The number of the first one that is kept. */
  #first = 0
  #kept: Logged[] = []
  #waiting = new Set<() => void>()

  add(change: Logged): void {
    this.#kept.push(change)
    // Now and then, and not each time: moving what is kept takes as long as it is.
    if (this.#kept.length > 2 * KEPT) {
      this.#first += this.#kept.length - KEPT
      this.#kept = this.#kept.slice(-KEPT)
    }
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const wake of waiting) wake()
  }

  /** What was restored has no history. */
  clear(): void {
    this.#id = newToken()
    this.#first = 0
    this.#kept = []
  }

  get end(): string {
    return this.#place(this.#first + this.#kept.length)
  }

  /** The changes behind a position, and the position behind those. Throws `POSITION_LOST`, `INVALID_CURSOR`. */
  since(position: string, limit: number): { readonly changes: readonly Logged[]; readonly position: string } {
    const [id, text = ''] = position.split(' ')
    if (!/^\d+$/.test(text)) throw invalidCursor('it is no position of this store')
    const from = Number(text) - this.#first
    if (id !== this.#id || from < 0 || from > this.#kept.length) throw positionLost()
    const changes = this.#kept.slice(from, from + limit)
    return { changes, position: this.#place(this.#first + from + changes.length) }
  }

  /** Resolves with the next change, or after so many ms. */
  next(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const abort = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        if (signal !== undefined) reject(abortError(signal))
      }
      const timer = setTimeout(done, Math.min(ms, 0x7fffffff))
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.add(done)
    })
  }

  #place(at: number): string {
    return `${this.#id} ${at}`
  }
}

/** Reads a log on, as far as it is about some kinds of entities. */
export class LogReader implements ChangeReader {
  readonly #log: ChangeLog
  readonly #entities: ReadonlyMap<string, EntityModel>
  #position: string

  constructor(log: ChangeLog, entities: readonly EntityModel[], after: string | undefined) {
    this.#log = log
    this.#entities = new Map(entities.map((entity) => [entity.name, entity]))
    this.#position = after ?? log.end
    log.since(this.#position, 0)
  }

  get position(): string {
    return this.#position
  }

  async read(
    { limit, wait }: { readonly limit: number; readonly wait: number },
    call: Call,
  ): Promise<readonly StoredChange[]> {
    throwIfAborted(call.signal)
    const reply = call.sent({ command: 'changes' })
    try {
      if (wait > 0 && this.#log.end === this.#position) await this.#log.next(wait, call.signal)
      const { changes, position } = this.#log.since(this.#position, limit)
      this.#position = position
      reply({})
      return changes.flatMap((change) => this.#shown(change))
    } catch (error) {
      reply({ error })
      throw error
    }
  }

  async close(): Promise<void> {
    // It holds nothing.
  }

  #shown({ entity: name, old, new: left, at, expired }: Logged): StoredChange[] {
    const entity = this.#entities.get(name)
    if (entity === undefined) return []
    const image = (entry: Entry | undefined) => (entry === undefined ? undefined : stored(entity, entry))
    return [{ entity, at, expired, images: () => ({ old: image(old), new: image(left) }) }]
  }
}
