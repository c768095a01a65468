import { StoreError } from '@isomodel/core/driver'
import type { Node } from './node.js'
import type { Request, Sending } from './request.js'

/** How many replicas must have a write before it counts as done, and how long they may take. */
export interface Quorum {
  readonly replicas: number
  readonly timeout: number
}

/**
 * An exchange with one server; with a quorum, the writes among it are done only when enough replicas have them too: WAIT goes
 * behind them on the same connection, which is what it counts by.
 */
export async function exchangeDurably(
  node: Node,
  requests: readonly Request[],
  sending: Sending,
  quorum: Quorum | undefined,
): Promise<unknown[]> {
  if (quorum === undefined || !sending.writes) return node.exchange(requests, sending)
  const wait = { name: 'WAIT', args: [String(quorum.replicas), String(quorum.timeout)] }
  const replies = await node.exchange([...requests, wait], sending)
  const reached = replies.pop()
  if (typeof reached === 'number' && reached >= quorum.replicas) return replies
  return replies.map((reply) => (wrote(reply) ? tooFew(node.address, quorum, reached) : reply))
}

/** Scripts that wrote say so first; one that refused left nothing that replicas could lack. */
function wrote(reply: unknown): boolean {
  return Array.isArray(reply) && reply[0] === 'done'
}

function tooFew(address: string, { replicas, timeout }: Quorum, reached: unknown): StoreError {
  const found = typeof reached === 'number' ? `${reached} of ${replicas} replicas` : `an unknown number of replicas`
  return new StoreError(
    `The write is on Redis at ${address}, but only ${found} confirmed it within ${timeout} ms, so a failover could lose it. Read the entity before you try again; check that the replicas run.`,
    {
      code: 'UNAVAILABLE',
      retryable: true,
      outcome: 'unknown',
      store: 'Redis',
      ...(reached instanceof Error ? { cause: reached } : {}),
    },
  )
}
