import { StoreError } from '@isomodel/core/driver'
import { type Cluster, Redis, type RedisOptions } from 'ioredis'
import { type ClusterSettings, clusterAt, clusterOf, isCluster } from './cluster-options.js'
import type { Quorum } from './durability.js'

/** Not `RedisOptions` as in the other adapters: ioredis, which is imported beside it, has a type of that name. */
export interface RedisAdapterOptions extends CommonOptions {
  /**
   * Your ioredis client: it stays as it is and stays open. isomodel works on a connection of its own with the client's
   * settings, on which nothing is ever sent twice. Or the settings of one, `{ host, port, username, password, tls }`.
   */
  readonly client?: Redis | RedisOptions
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Default: `redis://localhost:6379`. */
  readonly url?: string
}

/** A cluster, by an ioredis Cluster or by the addresses of some of its nodes. */
export type RedisClusterOptions = CommonOptions & (ByCluster | ByNodes)

interface ByCluster {
  /** Your ioredis Cluster: it stays as it is and stays open. isomodel works on connections of its own with its settings. */
  readonly client: Cluster
}

interface ByNodes {
  /** Some nodes of the cluster, `redis://user:password@host:6379`, or `rediss://` for TLS; they tell of the others. */
  readonly nodes: readonly string[]
  /** Settings of ioredis for the connection to each node, `{ username, password, tls }`. */
  readonly client?: RedisOptions
}

interface CommonOptions {
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
  /**
   * When a write is done. 'async': when the primary has it, which a failover may lose. 'quorum': when so many replicas have
   * it in their memory, too (WAIT); where they do not confirm it in time, the write fails with outcome `unknown`. `replicas`
   * is 1, `timeout` 1,000 ms unless given. Default: 'async'.
   */
  readonly durability?: 'async' | 'quorum' | { readonly replicas?: number; readonly timeout?: number }
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
  /** Of a cluster. */
  readonly cluster: ClusterSettings | undefined
  readonly durability: Quorum | undefined
}

const NAMES = [
  'client',
  'url',
  'nodes',
  'namespace',
  'connectTimeout',
  'replyTimeout',
  'sweepEvery',
  'keepChanges',
  'durability',
]

/** @throws StoreError `VALIDATION` for options that cannot work, naming the option and the remedy. */
export function readOptions(options: RedisAdapterOptions | RedisClusterOptions): Settings {
  if (typeof options !== 'object' || options === null) {
    throw fault(`needs options: redis({ url: 'redis://localhost:6379', namespace: 'shop' })`)
  }
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) {
    throw fault(
      `has no option ${JSON.stringify(unknown)}; there are ${NAMES.join(', ')}. Settings of ioredis go in client: { host, port, tls }`,
    )
  }
  const { client, url, nodes } = options as RedisAdapterOptions & Partial<ByNodes>
  if (nodes !== undefined && (url !== undefined || isCluster(client))) {
    throw fault('takes nodes, a url or a Cluster, not two of them; leave one out')
  }
  if (client !== undefined && url !== undefined) {
    throw fault('takes a client or a url, not both; leave one out')
  }
  if (url !== undefined && (typeof url !== 'string' || !/^rediss?:\/\//.test(url) || !URL.canParse(url))) {
    // What it is instead may hold a password.
    throw fault(': url is no address; it is like redis://user:password@host:6379/0, or rediss:// for TLS')
  }
  const cluster = isCluster(client)
    ? clusterOf(client)
    : nodes === undefined
      ? undefined
      : clusterAt(nodes, readClient(client).connection)
  const { given, connection } =
    cluster === undefined ? readClient(client) : { given: undefined, connection: cluster.connection }
  return {
    namespace: readNamespace(options.namespace, connection.keyPrefix),
    connectTimeout: duration('connectTimeout', options.connectTimeout) ?? 3_000,
    replyTimeout: duration('replyTimeout', options.replyTimeout) ?? connection.commandTimeout ?? 30_000,
    sweepEvery: duration('sweepEvery', options.sweepEvery),
    keepChanges: duration('keepChanges', options.keepChanges) ?? 86_400_000,
    given,
    url,
    connection,
    cluster,
    durability: readDurability(options.durability),
  }
}

function readClient(client: unknown): { given: Redis | undefined; connection: RedisOptions } {
  if (client === undefined) return { given: undefined, connection: {} }
  if (typeof client !== 'object' || client === null) {
    throw fault(
      `: client is ${client === null ? 'null' : `a ${typeof client}`}; give an ioredis client or its settings, { host, port }`,
    )
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

function readDurability(durability: unknown = 'async'): Quorum | undefined {
  if (durability === 'async') return undefined
  if (durability !== 'quorum' && (typeof durability !== 'object' || durability === null)) {
    throw fault(`: durability is ${JSON.stringify(durability)}; it is 'async', 'quorum' or { replicas, timeout }`)
  }
  const given: { readonly replicas?: unknown; readonly timeout?: unknown } = durability === 'quorum' ? {} : durability
  const { replicas = 1, timeout } = given
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 1) {
    throw fault(`: durability.replicas is ${String(replicas)}; it is how many replicas must have a write, 1 or more`)
  }
  return { replicas, timeout: Math.ceil(duration('durability.timeout', timeout) ?? 1_000) }
}

function duration(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw fault(`: ${name} is ${String(value)}; it is a number of milliseconds above 0`)
}

function fault(what: string): StoreError {
  return new StoreError(`redis()${what.startsWith(':') ? '' : ' '}${what}.`, { code: 'VALIDATION' })
}
