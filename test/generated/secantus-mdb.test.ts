import { mongodbAt } from '../conformance/on-mongodb.js'
import { generatedOn } from './on-engine.js'

generatedOn('mongodb', 'secantus-mdb', mongodbAt, 800)
