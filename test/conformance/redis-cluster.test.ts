import { type RedisCluster, startRedisCluster } from '@isomodel/devstack'
import { redis } from '@isomodel/redis'
import { conformance } from '@isomodel/testkit/conformance'
import * as vitest from 'vitest'
import { keepOutcome } from '../../scripts/support/outcomes.mjs'
import { selectedStores } from '../engines/engines.js'

if (selectedStores().includes('redis')) {
  let running: Promise<RedisCluster> | undefined
  conformance(
    {
      name: 'redis (redis-cluster)',
      async adapter(namespace) {
        running ??= startRedisCluster()
        return redis({ nodes: (await running).addresses, namespace })
      },
      unreachable: () => redis({ nodes: ['redis://127.0.0.1:1'], namespace: 'nowhere' }),
      timeout: 240_000,
      close: async () => (await running)?.stop(),
    },
    vitest,
    { onEnd: (outcome) => keepOutcome('redis-cluster', outcome) },
  )
} else {
  vitest.test('redis-cluster is left out', () => {
    vitest.expect(selectedStores()).not.toContain('redis')
  })
}
