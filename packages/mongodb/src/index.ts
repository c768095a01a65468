import type { Adapter, Claims } from '@isomodel/core/driver'
import { MongodbDriver, type MongodbNative } from './driver.js'
import { greet } from './greet.js'
import { lacking } from './lacks.js'
import { serviceLimits } from './limits.js'
import { isDocumentDbHost, type MongodbOptions, type MongodbService, readOptions } from './options.js'
import { Server } from './server.js'

export type { MongodbNative } from './driver.js'
export type {
  MongodbClientOptions,
  MongodbLayoutOptions,
  MongodbOptions,
  MongodbService,
  MongodbUriOptions,
} from './options.js'

/** What MongoDB offers beyond the contract's core, by the options `transactions`, `changes` and `service`. */
export type MongodbCapability<
  T extends boolean = true,
  F extends boolean = true,
  S extends MongodbService = 'mongodb',
> =
  | 'read:eventual'
  | 'index:strong'
  | ([T] extends [true] ? 'transact:store' : never)
  | ([F] extends [true] ? ([S] extends ['mongodb'] ? 'changes:exact' : never) : never)

/**
 * MongoDB 4.4 or later (a standalone server, a replica set, a sharded cluster), Amazon DocumentDB 5.0 and 8.0, and what
 * speaks their protocol. A collection for each entity; writes go to the primary and are acknowledged by a majority.
 *
 * ```ts
 * await using db = await connect(mongodb({ uri: 'mongodb://127.0.0.1:27017/shop' }), { Order })
 * await db.setup()
 * ```
 *
 * It claims transactions and a change feed, which a standalone server has not: `mongodb({ uri, transactions: false, changes: false })`.
 *
 * @throws StoreError `VALIDATION` for options that cannot be meant; `connect` then throws `UNAVAILABLE` when no server can
 * be reached, and `UNSUPPORTED` when it offers less than was claimed.
 */
export function mongodb<T extends boolean = true, F extends boolean = true, S extends MongodbService = 'mongodb'>(
  options: MongodbOptions<T, F, S>,
): Adapter<MongodbCapability<T, F, S>, MongodbNative> {
  const settings = readOptions(options)
  return {
    store: 'MongoDB',
    capabilities: {
      'read:eventual': true,
      'index:strong': true,
      'transact:store': settings.transactions,
      'changes:exact': settings.changes,
    } as Claims<MongodbCapability<T, F, S>>,
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
        const greeting = await greet(server, settings.readConcern, signal)
        const { prefix, validators } = settings
        const lacks = lacking(settings, { ...greeting, service, hosts: server.hosts })
        return await new MongodbDriver({ server, model, prefix, validators, lacks, dispose }).learn(signal)
      } catch (error) {
        await dispose()
        throw error
      }
    },
  }
}
