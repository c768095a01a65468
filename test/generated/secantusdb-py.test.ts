import { mongodbAt } from '../conformance/on-mongodb.js'
import { generatedOn } from './on-engine.js'

generatedOn('mongodb', 'secantusdb-py', mongodbAt, 500)
