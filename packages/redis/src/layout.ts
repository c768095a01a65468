import { type Call, type CheckProblem, newToken, StoreError } from '@isomodel/core/driver'
import type { Connection } from './connection.js'
import { Keys } from './keys.js'

/** The version of how entities, members and values are laid out; docs: README.md, "Layout". */
const FORMAT = 1

/** On a single node everything may be in one script, so one bucket is enough. */
export const ONE_BUCKET = 1

/** On a cluster the buckets are what is spread over its nodes: enough for many of them, and few enough to ask all at once. */
export const CLUSTER_BUCKETS = 256

/**
 * The record of a namespace's layout, which is fixed when it is set up: a namespace read with another number of buckets
 * would seem to be empty.
 */
export class Layout {
  readonly keys: Keys
  readonly #connection: Connection
  #known = false
  #id = ''

  constructor(connection: Connection, namespace: string, buckets: number) {
    this.#connection = connection
    this.keys = new Keys(namespace, buckets)
  }

  /** Writes the record where there is none. True when it did. Throws `MODEL_MISMATCH` for another layout. */
  async create(call: Call): Promise<boolean> {
    const [set, record] = await this.#connection.sendAll(
      [
        { name: 'SET', args: [this.keys.layout, JSON.stringify({ ...this.#shape, id: newToken() }), 'NX'] },
        { name: 'GET', args: [this.keys.layout] },
      ],
      { call, writes: true },
    )
    for (const reply of [set, record]) if (reply instanceof StoreError) throw reply
    this.accept(record)
    this.#known = true
    return set === 'OK'
  }

  /** Takes note of the record that was read; throws `MODEL_MISMATCH` when it is of another layout. */
  accept(record: unknown): void {
    if (record === null) return
    const [problem] = this.problems(record)
    if (problem !== undefined) {
      throw new StoreError(
        `${problem.what} says ${problem.found}, and this version works on ${problem.expected}. ${problem.remedy}`,
        { code: 'MODEL_MISMATCH', store: 'Redis' },
      )
    }
    this.#known = true
    this.#id = idIn(record)
  }

  /** Names the namespace from its setup on: emptied and set up again, it has another. Known once it is set up. */
  get id(): string {
    return this.#id
  }

  /** Makes sure that the namespace is set up: one more GET as long as it was not seen to be. */
  async require(call: Call): Promise<void> {
    if (this.#known) return
    this.accept(await this.#connection.send({ name: 'GET', args: [this.keys.layout] }, { call, writes: false }))
    if (this.#known) return
    throw new StoreError(
      `The namespace ${this.keys.namespace} is not set up on Redis at ${this.#connection.address}. Run await db.setup() once, or correct the namespace.`,
      { code: 'MODEL_MISMATCH', store: 'Redis' },
    )
  }

  /** What is wrong with a record as it was read; null: there is none. */
  problems(record: unknown): CheckProblem[] {
    const what = `The layout record ${this.keys.layout}`
    const expected = JSON.stringify(this.#shape)
    if (record === null) return [{ what, expected, found: 'nothing', remedy: 'Run await db.setup().' }]
    if (this.#isShape(record)) return []
    const remedy =
      'Use the version of isomodel and the kind of server (single node or cluster) that it was set up with, or another namespace.'
    return [{ what, expected, found: String(record).slice(0, 200), remedy }]
  }

  get #shape(): { readonly format: number; readonly buckets: number } {
    return { format: FORMAT, buckets: this.keys.buckets }
  }

  #isShape(record: unknown): boolean {
    if (typeof record !== 'string') return false
    try {
      const { format, buckets } = JSON.parse(record) as { readonly format?: unknown; readonly buckets?: unknown }
      return format === FORMAT && buckets === this.keys.buckets
    } catch {
      // No JSON: something else lies at the key.
      return false
    }
  }
}

function idIn(record: unknown): string {
  const { id } = JSON.parse(String(record)) as { readonly id?: unknown }
  return typeof id === 'string' ? id : ''
}
