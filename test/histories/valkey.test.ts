import { redisAt } from '../conformance/on-redis.js'
import { historiesOn } from './on-engine.js'

historiesOn('valkey', 'valkey', redisAt)
