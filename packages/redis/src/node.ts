import type { Target } from '@isomodel/core/driver'
import { type Command, Pipeline, type Redis, type RedisOptions } from 'ioredis'
import { aborted, closed, replyCode, toStoreError, unreachable } from './errors.js'
import { orAborted } from './or-aborted.js'
import { describe, describeReplies, type Request, type Sending } from './request.js'
import { SentCommand } from './sent-command.js'

/** What our connections must be made with, whatever they are made from. */
export type OwnOptions = RedisOptions & { readonly replyMapping: 'legacy' }

/** What is set of a connection by our own options. */
export interface NodeSettings {
  readonly connectTimeout: number
  readonly replyTimeout: number
  readonly reconnectOnError: RedisOptions['reconnectOnError']
}

/**
 * The adapter's own connection to one server. What is sent is sent once: a command goes out only when the connection is ready, is never
 * queued or resent by the client, and after a break it fails at once. So what failed before it left is known not to have
 * happened, and what failed after is not.
 */
export class Node {
  readonly address: string
  readonly target: Target
  readonly #redis: Redis
  readonly #connectTimeout: number
  #lastError: unknown
  #closed = false

  constructor({ connectTimeout, replyTimeout, reconnectOnError }: NodeSettings, make: (ours: OwnOptions) => Redis) {
    this.#connectTimeout = connectTimeout
    this.#redis = make(ourOptions({ connectTimeout, replyTimeout, reconnectOnError }))
    this.address = addressOf(this.#redis.options)
    this.target = Object.freeze(targetOf(this.#redis.options))
    // Each call that waits for the connection listens.
    this.#redis.setMaxListeners(0)
    // A listener must be there: ioredis prints errors that nobody listens to.
    this.#redis.on('error', (error) => {
      this.#lastError = error
    })
  }

  get client(): Redis {
    return this.#redis
  }

  /**
   * Waits until commands can be sent; `UNAVAILABLE` when that takes longer than the connect timeout, or already when the
   * first attempt fails.
   */
  async ready(signal: AbortSignal | undefined, patience: 'first attempt' | 'timeout' = 'timeout'): Promise<void> {
    if (this.#closed) throw closed()
    if (this.#isUsable()) return
    if (signal?.aborted === true) throw aborted(signal, false, false)
    const redis = this.#redis
    const done = new AbortController()
    try {
      await new Promise<void>((resolve, reject) => {
        const onError = (error: unknown): void => {
          const failure = unreachable(error, this.address)
          if (failure.code !== 'UNAVAILABLE' || patience === 'first attempt') reject(failure)
        }
        const onAbort = (): void => reject(aborted(signal as AbortSignal, false, false))
        const onTimeout = (): void => reject(unreachable(this.#lastError, this.address))
        const timer = setTimeout(onTimeout, this.#connectTimeout)
        redis.once('ready', resolve)
        redis.on('error', onError)
        signal?.addEventListener('abort', onAbort)
        done.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          redis.off('ready', resolve)
          redis.off('error', onError)
          signal?.removeEventListener('abort', onAbort)
        })
        // How it went is told by the events.
        if (redis.status === 'wait' || redis.status === 'end') redis.connect().catch(() => undefined)
      })
    } finally {
      done.abort()
    }
  }

  /**
   * Sends requests as one round trip; a reply for each, or the error in its place: the server's own, which says that it refused
   * the request, or a StoreError where the connection broke. Throws only where nothing was sent.
   */
  async exchange(requests: readonly Request[], { call, writes }: Sending): Promise<unknown[]> {
    await this.ready(call.signal)
    // From here to the sending nothing else runs: what an aborted signal has told the caller stays true.
    if (call.signal?.aborted === true) throw aborted(call.signal, false, writes)
    const commands = requests.map(({ name, args }) => new SentCommand(name, args))
    const done = call.sent(describe(requests))
    this.#lastError = undefined
    const replies = await orAborted(this.#write(commands), call.signal, writes).catch((error: unknown) => {
      done({ error })
      throw error
    })
    done(describeReplies(replies))
    return replies.map((reply) =>
      reply instanceof Error && replyCode(reply) === undefined
        ? toStoreError(reply, { address: this.address, writes, lastError: this.#lastError })
        : reply,
    )
  }

  /** Ends our connection; the caller's client stays open. */
  close(): void {
    this.#closed = true
    this.#redis.disconnect()
  }

  async #write(commands: readonly Command[]): Promise<unknown[]> {
    const [only] = commands
    if (only !== undefined && commands.length === 1) {
      const reply = this.#redis.sendCommand(only) as Promise<unknown>
      return [await reply.catch((error: unknown) => error)]
    }
    const pipeline = new Pipeline(this.#redis)
    for (const command of commands) pipeline.sendCommand(command)
    const replies = (await pipeline.exec()) ?? []
    return replies.map(([error, reply]) => error ?? reply)
  }

  #isUsable(): boolean {
    return this.#redis.status === 'ready' && this.#redis.stream.writable
  }
}

function ourOptions({ connectTimeout, replyTimeout, reconnectOnError }: NodeSettings): OwnOptions {
  return {
    lazyConnect: true,
    // Nothing is queued and nothing is sent again: see the class.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    reconnectOnError: (error) => {
      const answer = reconnectOnError?.(error) ?? error.message.startsWith('READONLY')
      // 2 would send the command again.
      return answer === 2 ? 1 : answer
    },
    retryStrategy: (times) => Math.min(50 * 2 ** (times - 1), 1_000) * (0.5 + Math.random() / 2),
    connectTimeout,
    socketTimeout: replyTimeout,
    commandTimeout: undefined,
    // Keys are complete, and replies are read as they come.
    keyPrefix: '',
    stringNumbers: false,
    replyMapping: 'legacy',
    enableAutoPipelining: false,
    readOnly: false,
    monitor: false,
  }
}

function addressOf(options: RedisOptions): string {
  if (options.path !== undefined && options.path !== null) return options.path
  if (options.sentinels) return options.sentinels.map(({ host, port }) => `${host}:${port}`).join(', ')
  return `${options.host}:${options.port}`
}

function targetOf({ path, sentinels, host, port, db }: RedisOptions): Target {
  const place = { system: 'redis', namespace: String(db ?? 0) }
  if (path !== undefined && path !== null) return { ...place, address: path }
  // Which of its servers a group of sentinels names is known with the connection only.
  if (sentinels || host === undefined || port === undefined) return place
  return { ...place, address: host, port }
}
