import { dynamodbAt } from '../conformance/on-dynamodb.js'
import { historiesOn } from './on-engine.js'

historiesOn('dynamodb', 'dynoxide', dynamodbAt)
