import type { EngineName, Store } from '../engine.js'
import type { Recipe } from '../recipe.js'
import { dynamodbLocal } from './dynamodb-local.js'
import { dynoxide } from './dynoxide.js'
import { mongod } from './mongod.js'
import { redis } from './redis.js'
import { secantusMdb } from './secantus-mdb.js'
import { secantusdbPy } from './secantusdb-py.js'
import { valkey } from './valkey.js'

export const recipes: Readonly<Record<EngineName, Recipe>> = {
  'dynamodb-local': dynamodbLocal,
  dynoxide,
  mongod,
  'secantus-mdb': secantusMdb,
  'secantusdb-py': secantusdbPy,
  redis,
  valkey,
}

/** The engines that can serve a store, the vendor's own first, then by how faithful they are. */
export const candidates: Readonly<Record<Store, readonly Recipe[]>> = {
  dynamodb: [dynamodbLocal, dynoxide],
  mongodb: [mongod, secantusMdb, secantusdbPy],
  redis: [redis],
  valkey: [valkey],
}
