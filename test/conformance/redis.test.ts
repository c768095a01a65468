import { conformanceOn } from './on-engine.js'
import { redisAt } from './on-redis.js'

conformanceOn('redis', 'redis', redisAt)
