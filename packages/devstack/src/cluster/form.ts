import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { askRedis } from '../probe/redis.js'

const SLOTS = 16_384

/** A node that runs and knows no other yet. */
export interface Loner {
  readonly address: string
  readonly port: number
  readonly busPort: number
}

/** Makes one cluster of nodes: the first ones share the slots, each of the others copies one of them in turn. */
export async function formCluster(nodes: readonly Loner[], masters: number, context: Context): Promise<void> {
  const { signal } = context
  const ask = (node: Loner, ...words: string[]): Promise<string> => askRedis(node.address, words, signal)
  const [first] = nodes as readonly [Loner]
  const owners = nodes.slice(0, masters)
  for (const [at, node] of owners.entries()) {
    const from = Math.floor((at * SLOTS) / masters)
    const to = Math.floor(((at + 1) * SLOTS) / masters) - 1
    await ask(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1))
    await ask(node, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to))
  }
  for (const { port, busPort } of nodes.slice(1)) {
    await ask(first, 'CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort))
  }
  const deadline = Date.now() + context.timeout
  const ids = await Promise.all(owners.map((node) => ask(node, 'CLUSTER', 'MYID')))
  for (const [at, replica] of nodes.slice(masters).entries()) {
    // Refused until the replica has heard of its master.
    const master = ids[at % masters] as string
    await until(deadline, signal, async () => (await ask(replica, 'CLUSTER', 'REPLICATE', master)) === 'OK')
  }
  await untilWhole(nodes, deadline, signal)
}

/** Waits until every node sees all others, the whole cluster is served, and each replica is linked to its master. */
export async function untilWhole(
  nodes: readonly Pick<Loner, 'address'>[],
  deadline: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { address } of nodes) {
    await until(deadline, signal, async () => {
      const cluster = await askRedis(address, ['CLUSTER', 'INFO'], signal)
      const replication = await askRedis(address, ['INFO', 'replication'], signal)
      const known = await askRedis(address, ['CLUSTER', 'NODES'], signal)
      return (
        cluster.includes('cluster_state:ok') &&
        !known.includes('handshake') &&
        known.trim().split('\n').length === nodes.length &&
        (replication.includes('role:master')
          ? !/connected_slaves:0/.test(replication)
          : replication.includes('master_link_status:up'))
      )
    })
  }
}

async function until(deadline: number, signal: AbortSignal, holds: () => Promise<boolean>): Promise<void> {
  let cause: unknown
  for (;;) {
    signal.throwIfAborted()
    try {
      if (await holds()) return
    } catch (error) {
      cause = error
    }
    if (Date.now() > deadline) {
      throw new EngineError(
        'NOT_READY',
        'The nodes of the Redis cluster run, but did not become one cluster in time.',
        'Give it more time by the option `timeout`.',
        cause === undefined ? {} : { cause },
      )
    }
    await sleep(25)
  }
}
