import { type Call, StoreError, type Target } from '@isomodel/core/driver'
import { type Command, Pipeline, Redis, type RedisOptions } from 'ioredis'
import { aborted, closed, isNoScript, replyCode, toStoreError, unreachable } from './errors.js'
import type { Settings } from './options.js'
import type { Script } from './scripts.js'
import { SentCommand } from './sent-command.js'
import type { Wire } from './wire.js'

/** A command with its arguments, one character a byte. */
export interface Request {
  readonly name: string
  readonly args: readonly Wire[]
}

/** What a reply holds: texts one character a byte, whole numbers, lists, nothing. */
export type Reply = Wire | number | null | readonly Reply[]

/** How a request is sent and reported. */
export interface Sending {
  readonly call: Call
  /** Whether a lost reply leaves it open what happened. */
  readonly writes: boolean
}

/** One script call. */
export interface ScriptCall {
  readonly script: Script
  readonly keys: readonly Wire[]
  readonly args: readonly Wire[]
}

/**
 * The adapter's own connection. What is sent is sent once: a command goes out only when the connection is ready, is never
 * queued or resent by the client, and after a break it fails at once. So what failed before it left is known not to have
 * happened, and what failed after is not.
 */
export class Connection {
  readonly address: string
  readonly target: Target
  readonly #redis: Redis
  readonly #settings: Settings
  #lastError: unknown
  #closed = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#redis = makeClient(settings)
    this.address = addressOf(this.#redis.options)
    this.target = Object.freeze(targetOf(this.#redis.options))
    // A listener must be there: ioredis prints errors that nobody listens to.
    this.#redis.on('error', (error) => {
      this.#lastError = error
    })
  }

  /** The client to show the caller: the one that was given, else ours. */
  get client(): Redis {
    return this.#settings.given ?? this.#redis
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
        const timer = setTimeout(onTimeout, this.#settings.connectTimeout)
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

  /** Sends one command. Throws StoreError. */
  async send(request: Request, sending: Sending): Promise<Reply> {
    const [reply] = await this.sendAll([request], sending)
    if (reply instanceof StoreError) throw reply
    return reply as Reply
  }

  /** Sends several commands as one round trip; a reply or an error for each. Throws only where nothing was sent. */
  async sendAll(requests: readonly Request[], { call, writes }: Sending): Promise<(Reply | StoreError)[]> {
    const replies = await this.#exchange(requests, call, writes)
    return replies.map((reply) => (reply instanceof Error ? this.#storeError(reply, writes) : (reply as Reply)))
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
  async runAll(calls: readonly ScriptCall[], { call, writes }: Sending): Promise<(Reply | StoreError)[]> {
    const replies = await this.#exchange(calls.map(evalsha), call, writes)
    const forgotten = [...replies.keys()].filter((at) => isNoScript(replies[at]))
    if (forgotten.length > 0) {
      const sent = new Set<Script>()
      const again = forgotten.map((at) => {
        const one = calls[at] as ScriptCall
        const request = sent.has(one.script) ? evalsha(one) : evaluate(one)
        sent.add(one.script)
        return request
      })
      const answers = await this.#exchange(again, call, writes)
      for (const [i, at] of forgotten.entries()) replies[at] = answers[i]
    }
    return replies.map((reply) => (reply instanceof Error ? this.#storeError(reply, writes) : (reply as Reply)))
  }

  /** Ends our connection; the caller's client stays open. */
  close(): void {
    this.#closed = true
    this.#redis.disconnect()
  }

  async #exchange(requests: readonly Request[], call: Call, writes: boolean): Promise<unknown[]> {
    await this.ready(call.signal)
    // From here to the sending nothing else runs: what an aborted signal has told the caller stays true.
    if (call.signal?.aborted === true) throw aborted(call.signal, false, writes)
    const commands = requests.map(({ name, args }) => new SentCommand(name, args))
    const names = new Set(requests.map((request) => request.name))
    const done = call.sent({ command: [...names].join('+'), bytes: sizeOf(requests) })
    this.#lastError = undefined
    const replies = await orAborted(this.#write(commands), call.signal, writes).catch((error: unknown) => {
      done({ error })
      throw error
    })
    const failure = replies.find((reply) => reply instanceof Error)
    const code = replyCode(failure)
    done({
      bytes: sizeOfReply(replies),
      ...(failure === undefined ? {} : { error: failure }),
      ...(code === undefined ? {} : { code }),
    })
    return replies
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

  #storeError(error: Error, writes: boolean): StoreError {
    return toStoreError(error, { address: this.address, writes, lastError: this.#lastError })
  }
}

function makeClient({ given, url, connection, connectTimeout, replyTimeout }: Settings): Redis {
  const { reconnectOnError } = connection
  const ours: RedisOptions & { replyMapping: 'legacy' } = {
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
  if (given !== undefined) return given.duplicate(ours)
  return url === undefined ? new Redis({ ...connection, ...ours }) : new Redis(url, ours)
}

function evalsha({ script, keys, args }: ScriptCall): Request {
  return { name: 'EVALSHA', args: [script.sha, String(keys.length), ...keys, ...args] }
}

function evaluate({ script, keys, args }: ScriptCall): Request {
  return { name: 'EVAL', args: [script.text, String(keys.length), ...keys, ...args] }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, writes: boolean): Promise<T> {
  if (signal === undefined) return work
  let onAbort: (() => void) | undefined
  const fired = new Promise<never>((_, reject) => {
    onAbort = () => reject(aborted(signal, true, writes))
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, fired])
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
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

function sizeOf(requests: readonly Request[]): number {
  let size = 0
  for (const { name, args } of requests) {
    size += name.length
    for (const arg of args) size += arg.length
  }
  return size
}

function sizeOfReply(reply: unknown): number {
  if (typeof reply === 'string') return reply.length
  if (!Array.isArray(reply)) return 0
  let size = 0
  for (const part of reply) size += sizeOfReply(part)
  return size
}
