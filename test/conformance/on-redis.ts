import { redis } from '@isomodel/redis'
import type { StoreHarness } from './on-engine.js'

/** A prefix of keys for each namespace. */
export function redisAt(url: string): StoreHarness {
  return { adapter: (namespace) => redis({ url, namespace }), close: async () => undefined }
}
