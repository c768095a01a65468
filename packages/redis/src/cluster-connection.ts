import { type Call, StoreError, sleep, type Target, throwIfAborted } from '@isomodel/core/driver'
import type { Cluster } from 'ioredis'
import type { ClusterSettings } from './cluster-options.js'
import { Connection } from './connection.js'
import { exchangeDurably } from './durability.js'
import { closed, isNoScript, replyCode, toStoreError, unsettled } from './errors.js'
import { Nodes } from './nodes.js'
import type { Settings } from './options.js'
import { orAborted } from './or-aborted.js'
import { redirection } from './redirection.js'
import { describe, describeReplies, keyOf, type Reply, type Request, type Sending, unreported } from './request.js'
import { slotOf } from './slots.js'
import type { Wire } from './wire.js'

/** Between tries of what a node refused because keys are on their way, ms: at first, and at most. */
const SOONEST = 5
const LATEST = 100

/** A request on its way, and where it goes. */
interface Item {
  /** Its place among those that were asked. */
  readonly at: number
  readonly request: Request
  /** The node that was named for this request alone, since its keys are moving there. */
  readonly asked: string | undefined
}

/**
 * The way to the nodes of a cluster. ioredis's own Cluster sends a command again also when the connection broke and the command
 * may have been executed; here only what a node refused is sent again, to the node that it named: see `redirection`.
 */
export class ClusterConnection extends Connection {
  readonly address: string
  readonly target: Target = Object.freeze({ system: 'redis' })
  readonly #settings: Settings
  readonly #cluster: ClusterSettings
  readonly #nodes: Nodes
  #client: Cluster | undefined
  #closed = false

  constructor(settings: Settings, cluster: ClusterSettings) {
    super()
    this.#settings = settings
    this.#cluster = cluster
    this.#nodes = new Nodes(settings, cluster)
    this.address = cluster.seeds.map(({ host, port }) => `${host}:${port}`).join(', ')
  }

  get client(): Cluster {
    if (this.#cluster.given !== undefined) return this.#cluster.given
    this.#client ??= this.#cluster.makeClient()
    return this.#client
  }

  async ready(signal: AbortSignal | undefined, patience: 'first attempt' | 'timeout' = 'timeout'): Promise<void> {
    if (this.#closed) throw closed()
    if (this.#nodes.isKnown) return
    const until = performance.now() + this.#settings.connectTimeout
    for (;;) {
      try {
        return await orAborted(this.#nodes.refresh(), signal, false)
      } catch (error) {
        const passing = error instanceof StoreError && error.code === 'UNAVAILABLE'
        if (!passing || patience === 'first attempt' || performance.now() > until) throw error
      }
      await sleep(LATEST, signal)
    }
  }

  async everywhere(requests: readonly Request[], sending: Sending): Promise<(Reply | StoreError)[][]> {
    await this.ready(sending.call.signal)
    return Promise.all(
      this.#nodes.masters().map(async (node) => this.told(await node.exchange(requests, sending), sending)),
    )
  }

  close(): void {
    this.#closed = true
    this.#nodes.close()
    this.#client?.disconnect()
  }

  protected homeOf(key: Wire | undefined): unknown {
    return this.#nodes.addressOf(key === undefined ? 0 : slotOf(key))
  }

  protected async exchange(requests: readonly Request[], sending: Sending): Promise<unknown[]> {
    await this.ready(sending.call.signal)
    const replies: unknown[] = new Array(requests.length)
    const until = performance.now() + this.#settings.connectTimeout
    let items: readonly Item[] = requests.map((request, at) => ({ at, request, asked: undefined }))
    for (let pause = SOONEST; ; pause = Math.min(pause * 2, LATEST)) {
      const next = await this.#wave(items, replies, sending)
      if (next.items.length === 0 || performance.now() > until)
        return replies.map((reply) => this.#said(reply, sending))
      throwIfAborted(sending.call.signal)
      if (next.waits) {
        await sleep(pause * (0.5 + Math.random() / 2), sending.call.signal)
        this.#nodes.doubt()
      }
      items = next.items
      sending.call.retried?.()
    }
  }

  /** Sends items to their nodes side by side, and gives those that have to go again. */
  async #wave(
    items: readonly Item[],
    replies: unknown[],
    { call, writes }: Sending,
  ): Promise<{ readonly items: readonly Item[]; readonly waits: boolean }> {
    const done = call.sent(describe(items.map(({ request }) => request)))
    const quiet: Call = unreported(call.signal)
    const groups = Map.groupBy(items, (item) => item.asked ?? this.#addressOf(item.request))
    const again: Item[] = []
    const all: unknown[] = []
    let waits = false
    await Promise.all(
      Array.from(groups, async ([address, group]) => {
        const answers = await this.#ask(address, group, { call: quiet, writes })
        all.push(...answers)
        for (const [i, item] of group.entries()) {
          const answer = answers[i]
          replies[item.at] = answer
          const verdict = redirection(answer, address)
          if (verdict === undefined) continue
          if (verdict.kind === 'moved') this.#nodes.moved(verdict.slot, verdict.address)
          if (verdict.kind === 'wait') waits = true
          again.push({ ...item, asked: verdict.kind === 'ask' ? verdict.address : undefined })
        }
      }),
    )
    done(describeReplies(all))
    return { items: again, waits }
  }

  /** The answers of one node; where nothing was sent to it, the error in place of each. */
  async #ask(address: string, group: readonly Item[], sending: Sending): Promise<readonly unknown[]> {
    // A node to which keys are moving takes requests for them one by one, each behind ASKING.
    const asking = group.some(({ asked }) => asked !== undefined)
    const requests = group.flatMap(({ request }) => (asking ? [ASKING, request] : [request]))
    try {
      const replies = await exchangeDurably(this.#nodes.at(address), requests, sending, this.#settings.durability)
      const answers = asking ? replies.filter((_, at) => at % 2 === 1) : replies
      if (answers.some((answer) => answer instanceof StoreError)) this.#nodes.doubt()
      return answers
    } catch (error) {
      this.#nodes.doubt()
      return group.map(() => error)
    }
  }

  #addressOf(request: Request): string {
    const key = keyOf(request)
    return this.#nodes.addressOf(key === undefined ? 0 : slotOf(key)) ?? this.#nodes.any()
  }

  #said(reply: unknown, { writes }: Sending): unknown {
    if (!(reply instanceof Error) || isNoScript(reply)) return reply
    const code = replyCode(reply)
    if (code === 'MOVED' || code === 'ASK') return unsettled(this.address, reply)
    return toStoreError(reply, { address: this.address, writes })
  }
}

const ASKING: Request = { name: 'ASKING', args: [] }
