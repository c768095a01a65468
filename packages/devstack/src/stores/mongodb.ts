import { load } from './load.js'
import type { OpenAt } from './store-entry.js'

/** A database. */
export const openMongodb: OpenAt = async (uri, database) => {
  const [{ mongodb }, { MongoClient }] = await load(['@isomodel/mongodb', 'mongodb'], () =>
    Promise.all([import('@isomodel/mongodb'), import('mongodb')]),
  )
  const client = new MongoClient(uri)
  return {
    adapter: mongodb({ client, database }),
    async close() {
      try {
        await client.db(database).dropDatabase()
      } finally {
        await client.close()
      }
    },
  }
}
