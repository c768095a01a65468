import { mongodbAt } from '../conformance/on-mongodb.js'
import { historiesOn } from './on-engine.js'

historiesOn('mongodb', 'secantus-mdb', mongodbAt)
