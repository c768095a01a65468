import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { StoreError } from '@isomodel/core/driver'
import type { DynamodbClient } from './options.js'

type StreamsModule = typeof import('@aws-sdk/client-dynamodb-streams')

export interface Streams
  extends Pick<StreamsModule, 'DescribeStreamCommand' | 'GetRecordsCommand' | 'GetShardIteratorCommand'> {
  readonly client: DynamoDBStreamsClient
}

/**
 * A client of DynamoDB Streams with the settings of a client of DynamoDB, whose connections it shares. The package is loaded
 * with the first feed: who follows none need not install it.
 */
export async function streamsOf(client: DynamodbClient): Promise<Streams> {
  const { DynamoDBStreamsClient, ...commands } = await load()
  const { region, credentials, endpoint, requestHandler, tls } = client.config
  return {
    ...commands,
    client: new DynamoDBStreamsClient({
      region,
      credentials,
      requestHandler,
      tls,
      ...(endpoint === undefined ? {} : { endpoint }),
      // Core tries reads again, and counts them.
      maxAttempts: 1,
    }),
  }
}

async function load(): Promise<StreamsModule> {
  try {
    return await import('@aws-sdk/client-dynamodb-streams')
  } catch (cause) {
    throw new StoreError(
      'The change feed of DynamoDB needs the package @aws-sdk/client-dynamodb-streams: npm install @aws-sdk/client-dynamodb-streams.',
      { code: 'VALIDATION', store: 'DynamoDB', cause },
    )
  }
}
