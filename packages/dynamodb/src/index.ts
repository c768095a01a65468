/**
 * The isomodel adapter for Amazon DynamoDB.
 *
 * @module
 */
import type { Adapter } from '@isomodel/core/driver'
import { createDriver, type DynamodbNative } from './driver.js'
import { type DynamodbOptions, readOptions } from './options.js'

export type { DynamodbNative } from './driver.js'
export {
  type ChangesOfOptions,
  changesOf,
  type LambdaChange,
  type LambdaRecord,
  type LambdaStreamEvent,
  type LambdaValue,
} from './lambda.js'
export type { DynamodbClient, DynamodbOptions } from './options.js'

/** What DynamoDB can do beyond the contract's core: eventual reads at half the price, transactions, and Streams. */
export type DynamodbCapability = 'read:eventual' | 'transact:store' | 'changes:exact'

/**
 * DynamoDB as a store: `await connect(dynamodb({ client, table: 'shop' }), { Order, Customer })`. One table holds all
 * entities, or each has its own, `table: (entity) => 'shop-' + entity`; `db.setup()` creates what is missing.
 *
 * @throws StoreError `VALIDATION` for options that cannot work. Nothing is sent until the first call.
 *
 * ```ts
 * const store = dynamodb({ client: new DynamoDBClient({ region: 'eu-central-1' }), table: 'shop' })
 * const local = dynamodb({ client: { endpoint: 'http://127.0.0.1:8000' }, table: 'shop' })
 * ```
 */
export function dynamodb(options: DynamodbOptions): Adapter<DynamodbCapability, DynamodbNative> {
  const settings = readOptions(options)
  return {
    store: 'DynamoDB',
    capabilities: { 'read:eventual': true, 'index:strong': false, 'transact:store': true, 'changes:exact': true },
    open: async (model) => createDriver(model, settings),
  }
}
