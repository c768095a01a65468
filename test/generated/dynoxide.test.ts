import { dynamodbAt } from '../conformance/on-dynamodb.js'
import { generatedOn } from './on-engine.js'

generatedOn('dynamodb', 'dynoxide', dynamodbAt, 300)
