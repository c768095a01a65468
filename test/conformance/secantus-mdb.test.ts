import { conformanceOn } from './on-engine.js'
import { mongodbAt } from './on-mongodb.js'

conformanceOn('mongodb', 'secantus-mdb', mongodbAt)
