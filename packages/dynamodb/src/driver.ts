import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import {
  type Driver,
  type DriverLimits,
  type EntityModel,
  keyText,
  type Model,
  type Values,
} from '@isomodel/core/driver'
import { writeBatch } from './batch.js'
import { StreamsReader } from './changes.js'
import { fetchCollection, planCollection } from './collection.js'
import { check } from './describe.js'
import { explainGet, get } from './get.js'
import { type EntityLayout, layouts } from './layout.js'
import { documentClient, type Settings } from './options.js'
import { planQuery } from './planner.js'
import { fetch } from './query.js'
import { fetchScan, planScan, SCAN_SEGMENTS } from './scan.js'
import { serverOf } from './send.js'
import { setup } from './setup.js'
import { tableNeeds } from './tables.js'
import { commit, read, TRANSACTION_ITEMS } from './transactions.js'
import { readUnits } from './units.js'
import { explainWrite, write } from './writer.js'

/** What `repository.native` shows of DynamoDB. */
export interface DynamodbNative {
  /** lib-dynamodb's client over the connection that the library uses. */
  readonly client: DynamoDBDocumentClient
  readonly table: string
  /** The primary key of the entity, when its key fields were given. */
  readonly key: { readonly pk: string; readonly sk: string } | undefined
}

const limits: DriverLimits = Object.freeze({
  getBatch: 100,
  writeBatch: 25,
  // The SDK opens up to 50 connections; the rest is for single calls.
  concurrency: 16,
  fillsIndexes: false,
  expiryLag: 'typically within a few days (DynamoDB TTL)',
})

/** The driver of one model. Does no I/O when it is made. */
export function createDriver(model: Model, settings: Settings): Driver {
  const known = layouts(model, settings.tableOf)
  const { client, owned } = settings.connect()
  const needs = tableNeeds(known.values())
  let document: DynamoDBDocumentClient | undefined

  const layoutOf = (entity: EntityModel): EntityLayout => {
    const layout = known.get(entity.name)
    if (layout === undefined) throw new TypeError(`Entity ${entity.name} is not of this driver's model`)
    return layout
  }

  return {
    limits,
    setup: (call) => setup(client, needs, call),
    check: (call) => check(client, needs, call),
    get: (requests, call) => get(client, ({ entity }) => layoutOf(entity), requests, call),
    write: (op, call) => write(client, layoutOf(op.entity), op, call),
    writeBatch: (ops, call) => writeBatch(client, ({ entity }) => layoutOf(entity), ops, call),
    plan: (query) => planQuery(layoutOf(query.entity), query),
    fetch: (planned, request, call) => fetch(client, layoutOf(planned.query.entity), planned, request, call),
    changes: {
      open: (entities, after, call) => StreamsReader.open(client, entities.map(layoutOf), after, call),
    },
    collections: {
      plan: (members) => planCollection(layoutOf, members),
      fetch: (planned, request, call) => fetchCollection(client, layoutOf, planned, request, call),
    },
    scans: {
      segments: SCAN_SEGMENTS,
      plan: (scan) => planScan(layoutOf(scan.entity), scan),
      fetch: (planned, request, call) => fetchScan(client, layoutOf(planned.scan.entity), planned, request, call),
    },
    estimate: readUnits,
    explainGet: ({ entity, key }, consistency) => explainGet(layoutOf(entity), key, consistency),
    explainWrite: (op) => explainWrite(layoutOf(op.entity), op),
    transactions: {
      items: TRANSACTION_ITEMS,
      roundTrips: 1,
      commit: (swaps, call) => commit(client, ({ entity }) => layoutOf(entity), swaps, call),
      read: (requests, call) => read(client, ({ entity }) => layoutOf(entity), requests, call),
    },
    target: (entity) => ({
      system: 'aws.dynamodb',
      ...serverOf(client),
      ...(entity === undefined ? {} : { collection: layoutOf(entity).table }),
    }),
    native(entity: EntityModel, key: Values | undefined): DynamodbNative {
      document ??= documentClient(client)
      const text = key === undefined ? undefined : keyText(entity, key)
      return {
        client: document,
        table: layoutOf(entity).table,
        key: text === undefined ? undefined : { pk: text.partition, sk: text.sort },
      }
    },
    async close() {
      if (owned) client.destroy()
    },
  }
}
