import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
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
    close: async () => client.destroy(),
  }
}
