import { mongodb } from '@isomodel/mongodb'
import { MongoClient } from 'mongodb'
import type { StoreHarness } from './on-engine.js'

/** A database for each namespace, on one client. */
export function mongodbAt(uri: string): StoreHarness {
  const client = new MongoClient(uri, { directConnection: true, serverSelectionTimeoutMS: 5_000 })
  const databases = new Set<string>()
  return {
    adapter: (database) => {
      databases.add(database)
      return mongodb({ client, database })
    },
    limits: { entityBytes: 16_777_216 },
    close: async () => {
      for (const database of databases) if (database !== 'nowhere') await client.db(database).dropDatabase()
      await client.close()
    },
  }
}
