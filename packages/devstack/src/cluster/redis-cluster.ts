import { type Context, contextOf, uncancelled } from '../context.js'
import type { Engine, EngineOptions } from '../engine.js'
import { messageOf } from '../engine-error.js'
import { freePort, PORT_TAKEN } from '../local/port.js'
import { askRedis } from '../probe/redis.js'
import { firstOf } from '../start.js'
import { waysTo } from '../ways.js'
import { clusterNode } from './cluster-node.js'
import { formCluster, type Loner, untilWhole } from './form.js'

const MASTERS = 3
const REPLICAS = 3
const PORT_ATTEMPTS = 5

/** A running Redis cluster of three masters with a replica each. It ends with `stop`, and with the process. */
export interface RedisCluster extends AsyncDisposable {
  readonly engine: 'redis-cluster'
  readonly version: string | undefined
  /** Of all nodes, `redis://127.0.0.1:<port>`; a client that is given one of them finds the others. */
  readonly addresses: readonly string[]
  /**
   * The nodes, the three first masters before the three first replicas; who is which changes with a failover. Each can be
   * paused, killed and restarted alone.
   */
  readonly nodes: readonly Engine[]
  /** The nodes that are masters now, by what each that answers says of itself. */
  masters(): Promise<readonly Engine[]>
  /** Waits until all slots are served, every node knows all others and every replica is linked; all nodes must run. */
  whole(): Promise<void>
  /** Ends all nodes and removes their data. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts a Redis cluster: six servers on 127.0.0.1, of the program that `startEngine('redis')` runs, from the PATH or fetched.
 * It is ready when all slots are served and all replicas are linked. A killed master is replaced by its replica after about
 * three seconds.
 *
 * @throws {EngineError} `UNAVAILABLE` when no Redis can be had; `NOT_READY` when the nodes do not become one cluster in time
 * @example
 * await using cluster = await startRedisCluster()
 * const client = new Cluster([...cluster.addresses])
 */
export async function startRedisCluster(options?: EngineOptions): Promise<RedisCluster> {
  const context = contextOf(options)
  const quiet = { ...context, log: () => undefined }
  const started = await Promise.allSettled(Array.from({ length: MASTERS + REPLICAS }, () => startNode(quiet)))
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason
    await formCluster(nodes, MASTERS, context)
  } catch (error) {
    await Promise.all(nodes.map(({ node }) => node.stop()))
    throw error
  }
  const cluster = new LocalCluster(
    nodes.map(({ node }) => node),
    context,
  )
  context.log(
    `redis-cluster: redis ${cluster.version ?? 'of an unknown version'}, ${nodes.length} nodes, at ${cluster.addresses.join(' ')}`,
  )
  return cluster
}

interface Node extends Loner {
  readonly node: Engine
}

async function startNode(context: Context): Promise<Node> {
  for (let attempt = 1; ; attempt += 1) {
    const busPort = await freePort()
    try {
      const node = await firstOf('redis', waysTo(clusterNode(busPort)), context, (prepared) => prepared.start())
      return { node, busPort, address: node.address, port: Number(new URL(node.address).port) }
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !PORT_TAKEN.test(messageOf(error))) throw error
    }
  }
}

class LocalCluster implements RedisCluster {
  readonly engine = 'redis-cluster'
  readonly nodes: readonly Engine[]
  readonly #context: Context

  constructor(nodes: readonly Engine[], context: Context) {
    this.nodes = nodes
    this.#context = uncancelled(context)
  }

  get version(): string | undefined {
    return this.nodes[0]?.version
  }

  get addresses(): readonly string[] {
    return this.nodes.map(({ address }) => address)
  }

  async masters(): Promise<readonly Engine[]> {
    const roles = await Promise.all(
      this.nodes.map(({ address }) =>
        askRedis(address, ['INFO', 'replication'], AbortSignal.timeout(2_000)).catch(() => ''),
      ),
    )
    return this.nodes.filter((_, at) => roles[at]?.includes('role:master') === true)
  }

  whole(): Promise<void> {
    return untilWhole(this.nodes, Date.now() + this.#context.timeout, this.#context.signal)
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
