import { redis } from '@isomodel/redis'

// The same for Valkey.
const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

const namespace = process.env.NAMESPACE ?? 'examples'

export const store = redis({ url, namespace })
