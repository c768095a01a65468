import { StoreError, UnsupportedError } from '@isomodel/core/driver'
import { Redis } from 'ioredis'
import type { ClusterSettings } from './cluster-options.js'
import { toStoreError } from './errors.js'
import { Node } from './node.js'
import type { Settings } from './options.js'
import { unreported } from './request.js'
import { SLOTS } from './slots.js'

/** One range of slots, of what CLUSTER SLOTS replies: the first node is the master. */
type Range = readonly [from: number, to: number, master: readonly [host: string | null, port: number]]

/** A master that froze fails no request that would make us ask who has replaced it, so that is asked now and then, ms. */
const REFRESH_EVERY = 5_000

const CLUSTER_SLOTS = { name: 'CLUSTER', args: ['SLOTS'] }

/** The nodes of a cluster, and which master has which slot as far as is known. */
export class Nodes {
  readonly #settings: Settings
  readonly #cluster: ClusterSettings
  readonly #nodes = new Map<string, Node>()
  readonly #masterOf: (string | undefined)[] = new Array(SLOTS)
  #masters: readonly string[] = []
  #refreshing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(settings: Settings, cluster: ClusterSettings) {
    this.#settings = settings
    this.#cluster = cluster
  }

  /** Whether it is known who has which slot. */
  get isKnown(): boolean {
    return this.#masters.length > 0
  }

  masters(): Node[] {
    return this.#masters.map((address) => this.at(address))
  }

  /** `host:port` of the master of a slot. */
  addressOf(slot: number): string | undefined {
    return this.#masterOf[slot]
  }

  /** Some master: it knows who has what. */
  any(): string {
    return this.#masters[0] as string
  }

  /** The node at an address; its connection is made when it is first used. */
  at(address: string): Node {
    const known = this.#nodes.get(address)
    if (known !== undefined) return known
    const colon = address.lastIndexOf(':')
    const place = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
    const { connection } = this.#cluster
    const node = new Node(
      { ...this.#settings, reconnectOnError: connection.reconnectOnError },
      (ours) => new Redis({ ...connection, ...this.#cluster.reach(place), ...ours, db: 0 }),
    )
    this.#nodes.set(address, node)
    return node
  }

  /** A node said that a slot is another's. */
  moved(slot: number, address: string): void {
    this.#masterOf[slot] = address
    this.doubt()
  }

  /** What is known may be old: it is asked anew, and nobody waits for it. */
  doubt(): void {
    this.refresh().catch(() => undefined)
  }

  /** Asks any node who has which slot. Throws StoreError where none can say it. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const node of this.#nodes.values()) node.close()
  }

  async #ask(): Promise<void> {
    const seeds = this.#cluster.seeds.map(({ host, port }) => `${host}:${port}`)
    const asked = [...new Set([...this.#masters, ...seeds])]
    try {
      const [from, ranges] = await Promise.any(
        asked.map(async (address) => [address, await this.#rangesAt(address)] as const),
      )
      if (this.#closed) return
      this.#take(ranges, from)
      this.#timer ??= setInterval(() => this.doubt(), REFRESH_EVERY).unref()
    } catch (error) {
      // Of a refusal there is more to say than of a node that does not answer.
      const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
      throw failures.find((one) => !(one instanceof StoreError && one.code === 'UNAVAILABLE')) ?? failures[0]
    }
  }

  async #rangesAt(address: string): Promise<readonly Range[]> {
    const node = this.at(address)
    await node.ready(undefined, 'first attempt')
    const [reply] = await node.exchange([CLUSTER_SLOTS], { call: unreported(), writes: false })
    if (reply instanceof Error && /cluster support disabled/.test(reply.message)) {
      throw new UnsupportedError(
        `Redis at ${address} is not in cluster mode. Give its address as url, or its client, not as one of nodes.`,
        { store: 'Redis' },
      )
    }
    if (reply instanceof Error) throw toStoreError(reply, { address, writes: false })
    if ((reply as readonly Range[]).length === 0) {
      throw new StoreError(
        `Redis at ${address} belongs to a cluster that serves no slots. Finish setting it up, then try again.`,
        {
          code: 'UNAVAILABLE',
          retryable: true,
          store: 'Redis',
        },
      )
    }
    return reply as readonly Range[]
  }

  #take(ranges: readonly Range[], from: string): void {
    this.#masterOf.fill(undefined)
    const host = from.slice(0, from.lastIndexOf(':'))
    for (const [first, last, [named, port]] of ranges) {
      this.#masterOf.fill(`${named || host}:${port}`, first, last + 1)
    }
    this.#masters = [...new Set(this.#masterOf.filter((address) => address !== undefined))]
    const seeds = new Set(this.#cluster.seeds.map((seed) => `${seed.host}:${seed.port}`))
    for (const [address, node] of this.#nodes) {
      if (this.#masters.includes(address) || seeds.has(address)) continue
      this.#nodes.delete(address)
      // What it is still executing may be answered.
      setTimeout(() => node.close(), this.#settings.replyTimeout).unref()
    }
  }
}
