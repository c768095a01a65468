import { redis } from '@isomodel/redis'
import { faultsOn } from './on-engine.js'

faultsOn({ store: 'redis', engine: 'redis', adapter: (url, namespace) => redis({ url, namespace }) })
