import type { StoreError, Target } from '@isomodel/core/driver'
import { Redis } from 'ioredis'
import { Connection } from './connection.js'
import { exchangeDurably } from './durability.js'
import { Node } from './node.js'
import type { Settings } from './options.js'
import type { Reply, Request, Sending } from './request.js'

/** The way to one server that is not in cluster mode. */
export class SingleConnection extends Connection {
  readonly #node: Node
  readonly #settings: Settings

  constructor(settings: Settings) {
    super()
    this.#settings = settings
    const { given, url, connection } = settings
    this.#node = new Node({ ...settings, reconnectOnError: connection.reconnectOnError }, (ours) => {
      if (given !== undefined) return given.duplicate(ours)
      return url === undefined ? new Redis({ ...connection, ...ours }) : new Redis(url, ours)
    })
  }

  get address(): string {
    return this.#node.address
  }

  get target(): Target {
    return this.#node.target
  }

  get client(): Redis {
    return this.#settings.given ?? this.#node.client
  }

  ready(signal: AbortSignal | undefined, patience?: 'first attempt' | 'timeout'): Promise<void> {
    return this.#node.ready(signal, patience)
  }

  async everywhere(requests: readonly Request[], sending: Sending): Promise<(Reply | StoreError)[][]> {
    return [await this.sendAll(requests, sending)]
  }

  close(): void {
    this.#node.close()
  }

  protected exchange(requests: readonly Request[], sending: Sending): Promise<unknown[]> {
    return exchangeDurably(this.#node, requests, sending, this.#settings.durability)
  }

  protected homeOf(): unknown {
    return this.#node
  }
}
