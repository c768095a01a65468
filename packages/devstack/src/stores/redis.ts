import { load } from './load.js'
import type { OpenAt } from './store-entry.js'

/** A prefix of keys. */
export const openRedis: OpenAt = async (url, namespace) => {
  const [{ redis }, { Redis }] = await load(['@isomodel/redis', 'ioredis'], () =>
    Promise.all([import('@isomodel/redis'), import('ioredis')]),
  )
  return {
    adapter: redis({ url, namespace }),
    async close() {
      const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 })
      // ioredis tells each failure twice; the one that counts is the call's.
      client.on('error', () => undefined)
      try {
        const found: AsyncIterable<string[]> = client.scanStream({ match: `${namespace}:*`, count: 1_000 })
        for await (const keys of found) if (keys.length > 0) await client.unlink(keys)
      } finally {
        client.disconnect()
      }
    },
  }
}
