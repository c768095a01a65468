import { memory } from '@isomodel/memory'
import type { Harness } from '@isomodel/testkit/conformance'
import { generatedSideBySide } from '@isomodel/testkit/generated'
import * as vitest from 'vitest'
import { dynamodbAt } from '../conformance/on-dynamodb.js'
import { harnessOn } from '../conformance/on-engine.js'
import { mongodbAt } from '../conformance/on-mongodb.js'
import { redisAt } from '../conformance/on-redis.js'
import { generatedOptions } from './options.js'

const stores = new Map<string, ReturnType<typeof memory>>()
const inProcess: Harness = {
  name: 'memory',
  adapter(namespace) {
    const store = stores.get(namespace) ?? memory()
    stores.set(namespace, store)
    return store
  },
}
const others = [
  harnessOn('dynamodb', 'dynamodb-local', dynamodbAt),
  harnessOn('mongodb', 'secantus-mdb', mongodbAt),
  harnessOn('redis', 'redis', redisAt),
  harnessOn('valkey', 'valkey', redisAt),
].filter((harness) => harness !== undefined)

generatedSideBySide([inProcess, ...others], vitest, generatedOptions(50))
