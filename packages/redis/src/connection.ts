import { StoreError, type Target } from '@isomodel/core/driver'
import type { Cluster, Redis } from 'ioredis'
import { isNoScript, toStoreError } from './errors.js'
import { evalsha, evaluate, type Reply, type Request, type ScriptCall, type Sending } from './request.js'
import type { Script } from './scripts.js'
import type { Wire } from './wire.js'

/** After so many tries to call it by its name, a script goes with its text. */
const CALLS_BY_NAME = 2

/** The way to a server, or to the nodes of a cluster. What is sent is sent once, unless the server refused it. */
export abstract class Connection {
  /** Where it leads, for messages. */
  abstract readonly address: string
  abstract readonly target: Target
  /** The client to show the caller: the one that was given, else one of ours. */
  abstract readonly client: Redis | Cluster

  /**
   * Waits until commands can be sent; `UNAVAILABLE` when that takes longer than the connect timeout, or already when the
   * first attempt fails.
   */
  abstract ready(signal: AbortSignal | undefined, patience?: 'first attempt' | 'timeout'): Promise<void>

  /** Sends commands without a key to every server that keeps entities; the replies of each. Throws as `sendAll`. */
  abstract everywhere(
    requests: readonly Request[],
    sending: Sending,
  ): Promise<readonly (readonly (Reply | StoreError)[])[]>

  /** Ends our connections; the caller's client stays open. */
  abstract close(): void

  /**
   * Sends requests as one round trip; for each its reply, or the server's refusal, or a StoreError. Throws only where nothing
   * was sent.
   */
  protected abstract exchange(requests: readonly Request[], sending: Sending): Promise<unknown[]>

  /** What tells the server that keeps a key from the others. */
  protected abstract homeOf(key: Wire | undefined): unknown

  /** Sends one command. Throws StoreError. */
  async send(request: Request, sending: Sending): Promise<Reply> {
    const [reply] = await this.sendAll([request], sending)
    if (reply instanceof StoreError) throw reply
    return reply as Reply
  }

  /** Sends several commands as one round trip; a reply or an error for each. Throws only where nothing was sent. */
  async sendAll(requests: readonly Request[], sending: Sending): Promise<(Reply | StoreError)[]> {
    return this.told(await this.exchange(requests, sending), sending)
  }

  /** Runs one script. Throws StoreError. */
  async run(script: ScriptCall, sending: Sending): Promise<Reply> {
    const [reply] = await this.runAll([script], sending)
    if (reply instanceof StoreError) throw reply
    return reply as Reply
  }

  /**
   * Runs scripts as one round trip, in order; a reply or an error for each. Those that the server has forgotten go again
   * with their text, in a second one.
   */
  async runAll(calls: readonly ScriptCall[], sending: Sending): Promise<(Reply | StoreError)[]> {
    const replies = await this.exchange(calls.map(evalsha), sending)
    for (let attempt = 1; ; attempt++) {
      const forgotten = [...replies.keys()].filter((at) => isNoScript(replies[at]))
      if (forgotten.length === 0) return this.told(replies, sending)
      const again = this.#withTexts(
        forgotten.map((at) => calls[at] as ScriptCall),
        attempt >= CALLS_BY_NAME,
      )
      const answers = await this.exchange(again, sending)
      for (const [i, at] of forgotten.entries()) replies[at] = answers[i]
    }
  }

  /** Each script with its text once for each server: the calls behind it find it there. */
  #withTexts(calls: readonly ScriptCall[], always: boolean): Request[] {
    const sent = new Map<unknown, Set<Script>>()
    return calls.map((call) => {
      const home = this.homeOf(call.keys[0])
      const known = sent.get(home) ?? new Set()
      sent.set(home, known)
      const isFirst = !known.has(call.script)
      known.add(call.script)
      return isFirst || always ? evaluate(call) : evalsha(call)
    })
  }

  /** Replies with a StoreError for each refusal. */
  protected told(replies: readonly unknown[], { writes }: Sending): (Reply | StoreError)[] {
    const { address } = this
    return replies.map((reply) =>
      reply instanceof Error ? toStoreError(reply, { address, writes }) : (reply as Reply),
    )
  }
}
