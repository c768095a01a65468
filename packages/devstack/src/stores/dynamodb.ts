import { load } from './load.js'
import type { OpenAt } from './store-entry.js'

/** A table. An emulator takes any credentials; a server behind https is AWS, and gets those of the environment. */
export const openDynamodb: OpenAt = async (endpoint, table) => {
  const [{ dynamodb }, { DeleteTableCommand, DynamoDBClient }] = await load(
    ['@isomodel/dynamodb', '@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
    () => Promise.all([import('@isomodel/dynamodb'), import('@aws-sdk/client-dynamodb')]),
  )
  const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
  const client = new DynamoDBClient({ endpoint, ...(endpoint.startsWith('https:') ? {} : local) })
  return {
    adapter: dynamodb({ client, table }),
    async close() {
      try {
        await client.send(new DeleteTableCommand({ TableName: table }))
      } catch (error) {
        // A table that was never set up has nothing to remove.
        if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
      } finally {
        client.destroy()
      }
    },
  }
}
