import { BSON } from 'mongodb'
import type { BsonObject } from './bson.js'

/** A command or a part of one as data that shows every type: MongoDB's Extended JSON, canonical. */
export function plainData(command: BsonObject | undefined): unknown {
  return command === undefined ? undefined : BSON.EJSON.serialize(command, { relaxed: false })
}
