import { redis } from '@isomodel/redis'
import { faultsOn } from './on-engine.js'

faultsOn({ store: 'valkey', engine: 'valkey', adapter: (url, namespace) => redis({ url, namespace }) })
