import { dynamodbAt } from './on-dynamodb.js'
import { faultsOn } from './on-engine.js'

faultsOn({ store: 'dynamodb', engine: 'dynoxide', adapter: dynamodbAt })
