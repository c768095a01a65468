import { StoreError } from '@isomodel/core/driver'
import { Redis, type RedisOptions } from 'ioredis'

/** Not `RedisOptions` as in the other adapters: ioredis, which is imported beside it, has a type of that name. */
export interface RedisAdapterOptions {
  /**
   * Your ioredis client: it stays as it is and stays open. isomodel works on a connection of its own with the client's
   * settings, on which nothing is ever sent twice. Or the settings of one, `{ host, port, username, password, tls }`.
   */
  readonly client?: Redis | RedisOptions
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Default: `redis://localhost:6379`. */
  readonly url?: string
  /**
   * What all keys begin with. Letters, digits, `_`, `-`, `.` and `:`. A `keyPrefix` of the client comes before it.
   * Default: 'isomodel'.
   */
  readonly namespace?: string
  /** How long a call waits for a connection, ms. Default: 3,000. */
  readonly connectTimeout?: number
  /**
   * How long the server may be silent while a reply is due, ms, before the connection is given up. Default: the client's
   * `commandTimeout`, else 30,000.
   */
  readonly replyTimeout?: number
  /**
   * Removes expired entities every so many ms while connected, beside the few that each write removes. Default: off; call
   * `sweep()` when it suits.
   */
  readonly sweepEvery?: number
  /** How long changes stay in the feed of entities that are declared with `changes: true`, ms. Default: 24 hours. */
  readonly keepChanges?: number
}

/** The options, checked and filled in. */
export interface Settings {
  readonly namespace: string
  readonly connectTimeout: number
  readonly replyTimeout: number
  readonly sweepEvery: number | undefined
  readonly keepChanges: number
  /** The client that the caller gave. */
  readonly given: Redis | undefined
  /** What the connection of our own is made from. */
  readonly url: string | undefined
  readonly connection: RedisOptions
}

const NAMES = ['client', 'url', 'namespace', 'connectTimeout', 'replyTimeout', 'sweepEvery', 'keepChanges']

/** @throws StoreError `VALIDATION` for options that cannot work, naming the option and the remedy. */
export function readOptions(options: RedisAdapterOptions): Settings {
  if (typeof options !== 'object' || options === null) {
    throw fault(`needs options: redis({ url: 'redis://localhost:6379', namespace: 'shop' })`)
  }
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) {
    throw fault(
      `has no option ${JSON.stringify(unknown)}; there are ${NAMES.join(', ')}. Settings of ioredis go in client: { host, port, tls }`,
    )
  }
  const { client, url } = options
  if (client !== undefined && url !== undefined) {
    throw fault('takes a client or a url, not both; leave one out')
  }
  if (url !== undefined && (typeof url !== 'string' || !/^rediss?:\/\//.test(url) || !URL.canParse(url))) {
    // What it is instead may hold a password.
    throw fault(': url is no address; it is like redis://user:password@host:6379/0, or rediss:// for TLS')
  }
  const { given, connection } = readClient(client)
  return {
    namespace: readNamespace(options.namespace, connection.keyPrefix),
    connectTimeout: duration('connectTimeout', options.connectTimeout) ?? 3_000,
    replyTimeout: duration('replyTimeout', options.replyTimeout) ?? connection.commandTimeout ?? 30_000,
    sweepEvery: duration('sweepEvery', options.sweepEvery),
    keepChanges: duration('keepChanges', options.keepChanges) ?? 86_400_000,
    given,
    url,
    connection,
  }
}

function readClient(client: unknown): { given: Redis | undefined; connection: RedisOptions } {
  if (client === undefined) return { given: undefined, connection: {} }
  if (typeof client !== 'object' || client === null) {
    throw fault(
      `: client is ${client === null ? 'null' : `a ${typeof client}`}; give an ioredis client or its settings, { host, port }`,
    )
  }
  if ('isCluster' in client && client.isCluster === true) {
    throw fault(': client is a Cluster, which this version does not work on; give a client of a single primary')
  }
  if (isClient(client)) return { given: client, connection: client.options }
  return { given: undefined, connection: client as RedisOptions }
}

/** By its shape: the caller's ioredis may be another copy than ours. */
function isClient(client: object): client is Redis {
  return client instanceof Redis || ('duplicate' in client && 'sendCommand' in client && 'options' in client)
}

function readNamespace(namespace: unknown = 'isomodel', keyPrefix: unknown): string {
  const whole = `${typeof keyPrefix === 'string' ? keyPrefix : ''}${namespace}`
  if (typeof namespace === 'string' && namespace !== '' && /^[\w.:-]{1,200}$/.test(whole)) return whole
  throw fault(
    `: namespace is ${JSON.stringify(keyPrefix ? whole : namespace)}; it consists of letters, digits, _, -, . and :, up to 200 with the client's keyPrefix. Braces would break the hash tags of a cluster`,
  )
}

function duration(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw fault(`: ${name} is ${String(value)}; it is a number of milliseconds above 0`)
}

function fault(what: string): StoreError {
  return new StoreError(`redis()${what.startsWith(':') ? '' : ' '}${what}.`, { code: 'VALIDATION' })
}
