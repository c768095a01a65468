import { DeleteTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { dynamodb } from '@isomodel/dynamodb'
import type { StoreHarness } from './on-engine.js'

/** A table for each namespace, on one client. */
export function dynamodbAt(endpoint: string): StoreHarness {
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  return {
    adapter: (namespace) => dynamodb({ client, table: namespace }),
    limits: {
      number: { largest: 9.99e125, smallest: 1e-130 },
      entityBytes: 409_600,
      depth: 31,
      partitionBytes: 2_048,
      sortBytes: 1_024,
    },
    // DynamoDB Local has about ten threads for its background work, and each table with a time to live keeps one.
    async drop(table) {
      try {
        await client.send(new DeleteTableCommand({ TableName: table }))
      } catch (error) {
        // A table that was never set up has nothing to remove.
        if (!(error instanceof ResourceNotFoundException)) throw error
      }
    },
    close: async () => client.destroy(),
  }
}
