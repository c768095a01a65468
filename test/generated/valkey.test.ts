import { redisAt } from '../conformance/on-redis.js'
import { generatedOn } from './on-engine.js'

generatedOn('valkey', 'valkey', redisAt, 3_000)
