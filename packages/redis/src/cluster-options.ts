import { StoreError } from '@isomodel/core/driver'
import { Cluster, type NatMap, type RedisOptions } from 'ioredis'

/** Where a node of a cluster is. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** What the way to a cluster is made from. */
export interface ClusterSettings {
  /** The nodes that are asked first; they tell of the others. */
  readonly seeds: readonly Endpoint[]
  /** The client that the caller gave. */
  readonly given: Cluster | undefined
  /** Settings of the connection to each node. */
  readonly connection: RedisOptions
  /** Where a node is reached that the cluster names so. */
  reach(place: Endpoint): Endpoint
  /** A client of the same cluster, for the caller's own commands. */
  makeClient(): Cluster
}

/** By its shape: the caller's ioredis may be another copy than ours. */
export function isCluster(client: unknown): client is Cluster {
  return typeof client === 'object' && client !== null && 'isCluster' in client && client.isCluster === true
}

/** The settings of a Cluster that the caller made. */
export function clusterOf(given: Cluster): ClusterSettings {
  const { redisOptions = {}, natMap, keyPrefix } = given.options
  // Private by its type; ioredis has no other word for where a client was pointed at.
  const { startupNodes: startup } = given as unknown as { readonly startupNodes?: unknown }
  const seeds = Array.isArray(startup) ? startup.map(endpointOf) : []
  const connection = keyPrefix === undefined ? redisOptions : { ...redisOptions, keyPrefix }
  return {
    seeds: seeds.length > 0 ? seeds : [{ host: '127.0.0.1', port: 6379 }],
    given,
    connection: { ...passwordIn(startup), ...connection },
    reach: (place) => mapped(place, natMap),
    makeClient: () => given,
  }
}

/** The settings of a cluster by the addresses of some nodes. Throws StoreError `VALIDATION`. */
export function clusterAt(nodes: unknown, settings: RedisOptions): ClusterSettings {
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw fault("nodes is no list of addresses; it is like ['redis://node-1:6379', 'redis://node-2:6379']")
  }
  const urls = nodes.map((node: unknown) => {
    if (typeof node === 'string' && /^rediss?:\/\//.test(node) && URL.canParse(node)) return new URL(node)
    // What it is instead may hold a password.
    throw fault('one of nodes is no address; it is like redis://user:password@host:6379, or rediss:// for TLS')
  })
  const seeds = urls.map(endpointOf)
  const [{ username, password, protocol }] = urls as [URL]
  const connection: RedisOptions = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    ...settings,
  }
  return {
    seeds,
    given: undefined,
    connection,
    reach: (place) => place,
    makeClient: () =>
      new Cluster([...seeds], { redisOptions: { ...connection, replyMapping: 'legacy' }, lazyConnect: true }),
  }
}

function endpointOf(node: unknown): Endpoint {
  if (typeof node === 'number') return { host: '127.0.0.1', port: node }
  if (typeof node === 'string') return endpointOf(new URL(node.includes('://') ? node : `redis://${node}`))
  const { host, hostname, port } = node as { host?: string; hostname?: string; port?: number | string }
  return { host: (hostname ?? host ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
}

/** Credentials that were given with an address, as ioredis takes them from there. */
function passwordIn(startup: unknown): RedisOptions {
  const [first] = Array.isArray(startup) ? startup : []
  if (typeof first === 'object' && first !== null) {
    const { username, password, tls } = first as RedisOptions
    return { ...(username && { username }), ...(password && { password }), ...(tls && { tls }) }
  }
  if (typeof first !== 'string' || !URL.canParse(first)) return {}
  const { username, password, protocol } = new URL(first)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

function mapped(place: Endpoint, natMap: NatMap | undefined): Endpoint {
  const name = `${place.host}:${place.port}`
  return (typeof natMap === 'function' ? natMap(name) : natMap?.[name]) ?? place
}

function fault(what: string): StoreError {
  return new StoreError(`redis(): ${what}.`, { code: 'VALIDATION' })
}
