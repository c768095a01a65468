import { conformanceOn } from './on-engine.js'
import { mongodbAt } from './on-mongodb.js'

const years = "the engine reads BSON through Python's datetime, which ends at the years 1 and 9999"

conformanceOn('mongodb', 'secantusdb-py', mongodbAt, {
  'P1 scalars: dates come back equal, before 1970 and beyond the years 0 to 9999': years,
  'P2 order of keys: dates by time': years,
  'P2 order of indexes: dates by time': years,
  'P2 order in filters: dates by time': years,
})
