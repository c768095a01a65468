import { dynamodbAt } from './on-dynamodb.js'
import { conformanceOn } from './on-engine.js'

conformanceOn('dynamodb', 'dynamodb-local', dynamodbAt)
