import type { Adapter } from '@isomodel/core/driver'
import { MongodbDriver, type MongodbNative } from './driver.js'
import { greet } from './greet.js'
import { serviceLimits } from './limits.js'
import { isDocumentDbHost, type MongodbOptions, readOptions } from './options.js'
import { Server } from './server.js'

export type { MongodbNative } from './driver.js'
export type {
  MongodbClientOptions,
  MongodbLayoutOptions,
  MongodbOptions,
  MongodbUriOptions,
} from './options.js'

/** What MongoDB offers beyond the contract's core. */
export type MongodbCapability = 'read:eventual' | 'index:strong' | 'transact:store'

/**
 * MongoDB 4.4 or later (a standalone server, a replica set, a sharded cluster), Amazon DocumentDB 5.0 and 8.0, and what
 * speaks their protocol. A collection for each entity; writes go to the primary and are acknowledged by a majority.
 *
 * ```ts
 * await using db = await connect(mongodb({ uri: 'mongodb://127.0.0.1:27017/shop' }), { Order })
 * await db.setup()
 * ```
 *
 * @throws StoreError `VALIDATION` for options that cannot be meant; `connect` then throws `UNAVAILABLE` when no server can
 * be reached.
 */
export function mongodb(options: MongodbOptions): Adapter<MongodbCapability, MongodbNative> {
  const settings = readOptions(options)
  return {
    store: 'MongoDB',
    capabilities: ['read:eventual', 'index:strong', 'transact:store'],
    async open(model, { signal }) {
      const { client, own } = settings.client()
      const dispose = async (): Promise<void> => {
        if (own) await client.close()
      }
      const onDocumentDb = client.options.hosts.some((host) => isDocumentDbHost(String(host)))
      const service = settings.service ?? (onDocumentDb ? 'documentdb' : 'mongodb')
      const server = new Server({
        client,
        database: settings.database,
        limits: serviceLimits[service],
        writeConcern: settings.writeConcern,
        readConcern: settings.readConcern,
      })
      try {
        const { standalone, keepsImages } = await greet(server, settings.readConcern, signal)
        const { prefix, validators } = settings
        const images = service === 'mongodb' && keepsImages
        return await new MongodbDriver({ server, model, prefix, validators, standalone, images, dispose }).learn(signal)
      } catch (error) {
        await dispose()
        throw error
      }
    },
  }
}
