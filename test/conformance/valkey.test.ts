import { conformanceOn } from './on-engine.js'
import { redisAt } from './on-redis.js'

conformanceOn('valkey', 'valkey', redisAt)
