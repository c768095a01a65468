import { dynamodbAt } from './on-dynamodb.js'
import { faultsOn } from './on-engine.js'

faultsOn({
  store: 'dynamodb',
  engine: 'dynamodb-local',
  adapter: dynamodbAt,
  calls: 120,
  kills: 1,
  // A killed DynamoDB Local may lose a transaction that it acknowledged, which the service does not.
  durable: ['put'],
})
