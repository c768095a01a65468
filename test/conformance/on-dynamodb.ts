import { DeleteTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { dynamodb } from '@isomodel/dynamodb'
import type { StoreHarness } from './on-engine.js'

/**
 * A table for each namespace, and one more for the entities that are in a change feed: with a stream, a write takes dynoxide the
 * longer the more were made before it.
 */
export function dynamodbAt(endpoint: string): StoreHarness {
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  return {
    adapter: (namespace) => dynamodb({ client, table: (entity) => tableOf(namespace, entity) }),
    limits: {
      number: { largest: 9.99e125, smallest: 1e-130 },
      entityBytes: 409_600,
      depth: 31,
      partitionBytes: 2_048,
      sortBytes: 1_024,
    },
    // DynamoDB Local has about ten threads for its background work, and each table with a time to live keeps one.
    async drop(namespace) {
      for (const TableName of [namespace, tableOf(namespace, FOLLOWED)]) {
        try {
          await client.send(new DeleteTableCommand({ TableName }))
        } catch (error) {
          // A table that was never set up has nothing to remove.
          if (!(error instanceof ResourceNotFoundException)) throw error
        }
      }
    },
    close: async () => client.destroy(),
  }
}

/** What the entities of the cases about change feeds begin with. */
const FOLLOWED = 'P15'

function tableOf(namespace: string, entity: string): string {
  return entity.startsWith(FOLLOWED) ? `${namespace}-feed` : namespace
}
