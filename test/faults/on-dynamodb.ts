import type { Adapter } from '@isomodel/core'
import { dynamodb } from '@isomodel/dynamodb'

export const dynamodbAt = (endpoint: string, table: string): Adapter<'transact:store'> =>
  dynamodb({
    table,
    client: { endpoint, region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  })
