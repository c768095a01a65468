import type { Recipe } from '../recipe.js'
import { redis } from '../recipes/redis.js'
import { redisArguments } from '../recipes/redis-server.js'

/** A replica is promoted about this long after its master was last heard of, ms. */
const NODE_TIMEOUT = 2_000

/** The same program as the engine `redis`, as a node of a cluster. A container would announce an address of its own. */
export function clusterNode(busPort: number): Recipe {
  const { container: _, ...onThisMachine } = redis
  return {
    ...onThisMachine,
    arguments: (launch) => [
      ...redisArguments(launch),
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      'nodes.conf',
      '--cluster-port',
      String(busPort),
      '--cluster-node-timeout',
      String(NODE_TIMEOUT),
      // A replica that was away for long may take over too: there is no other.
      '--cluster-replica-validity-factor',
      '0',
      // Nothing may be moved between masters by the cluster itself, under the feet of a test.
      '--cluster-allow-replica-migration',
      'no',
      '--repl-diskless-sync-delay',
      '0',
    ],
  }
}
