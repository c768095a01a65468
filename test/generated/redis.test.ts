import { redisAt } from '../conformance/on-redis.js'
import { generatedOn } from './on-engine.js'

generatedOn('redis', 'redis', redisAt, 3_000)
