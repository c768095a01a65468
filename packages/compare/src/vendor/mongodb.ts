import { type Collection, type Db, MongoClient } from 'mongodb'
import type { Named, ShopEntity } from '../shop/from-rows.js'
import { counting, type Operation, type Operations } from '../workload/operations.js'
import type { Vendor } from './vendor.js'

interface Document {
  _id: string
  [field: string]: unknown
}

interface Views {
  _id: string
  productId: string
  views: number
  state: string
}

/** A collection for each entity with its id as `_id`, and an index for each pattern, by the mongodb driver. */
export function mongodbVendor(uri: string, database: string, sent?: () => void): Vendor {
  const client = new MongoClient(uri, {
    retryWrites: false,
    serverSelectionTimeoutMS: 5_000,
    monitorCommands: sent !== undefined,
  })
  if (sent !== undefined) client.on('commandStarted', sent)
  const db = client.db(database)
  return {
    client: 'mongodb',
    layout: 'a collection for each entity, its natural id as _id, compound indexes for the patterns',
    setup: async () => {
      for (const [entity, indexes] of Object.entries(indexesOf)) {
        await db.createCollection(entity)
        for (const index of indexes)
          await db.collection(entity).createIndex(Object.fromEntries(index.map((field) => [field, 1])))
      }
    },
    load: (entities) => load(db, entities),
    operations: operations(db),
    remove: async () => {
      await db.dropDatabase()
    },
    close: () => client.close(),
  }
}

const indexesOf: { readonly [E in ShopEntity | 'ProductViews']: readonly (readonly string[])[] } = {
  Customer: [],
  Product: [],
  Warehouse: [],
  WarehouseItem: [['productId'], ['warehouseId', 'productId']],
  Order: [],
  OrderItem: [['orderId'], ['productId', 'date'], ['customerId', 'date']],
  Invoice: [['orderId'], ['invoiceId'], ['customerId', 'date']],
  Payment: [['orderId'], ['invoiceId', 'paymentId']],
  Shipment: [['orderId'], ['shipmentId'], ['warehouseId', 'shipmentId']],
  ShipmentItem: [['orderId'], ['shipmentId', 'productId']],
  ProductViews: [],
}

const idOf: { readonly [E in ShopEntity]: readonly string[] } = {
  Customer: ['customerId'],
  Product: ['productId'],
  Warehouse: ['warehouseId'],
  WarehouseItem: ['productId', 'warehouseId'],
  Order: ['orderId'],
  OrderItem: ['orderId', 'productId'],
  Invoice: ['orderId', 'invoiceId'],
  Payment: ['orderId', 'paymentId'],
  Shipment: ['orderId', 'shipmentId'],
  ShipmentItem: ['orderId', 'shipmentItemId'],
}

const BATCH = 1_000

async function load(db: Db, entities: Iterable<Named>): Promise<void> {
  const waiting = new Map<string, Document[]>()
  const flush = (entity: string, documents: readonly Document[]) =>
    db.collection<Document>(entity).bulkWrite(
      documents.map((replacement) => ({ replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } })),
      { ordered: false },
    )
  for (const { entity, fields } of entities) {
    const same = waiting.get(entity) ?? []
    same.push({ _id: idOf[entity].map((field) => fields[field]).join('/'), ...fields })
    waiting.set(entity, same)
    if (same.length < BATCH) continue
    waiting.set(entity, [])
    await flush(entity, same)
  }
  for (const [entity, documents] of waiting) if (documents.length > 0) await flush(entity, documents)
}

function operations(db: Db): Operations {
  const next = counting()
  const views = db.collection<Views>('ProductViews')
  const of = (entity: ShopEntity): Collection<Document> => db.collection<Document>(entity)
  const get =
    (entity: ShopEntity): Operation =>
    async ({ id }) =>
      (await of(entity).findOne({ _id: id })) === null ? 0 : 1
  const find =
    (entity: ShopEntity, field: string, sort: readonly string[]): Operation =>
    async ({ id }) =>
      (
        await of(entity)
          .find({ [field]: id })
          .sort(Object.fromEntries(sort.map((name) => [name, 1])))
          .toArray()
      ).length
  const dated =
    (entity: ShopEntity, field: string): Operation =>
    async ({ id, from = '', to = '' }) =>
      (
        await of(entity)
          .find({ [field]: id, date: { $gte: from, $lte: to } })
          .sort({ date: 1 })
          .toArray()
      ).length
  const together =
    (...parts: readonly Operation[]): Operation =>
    async (asked) =>
      (await Promise.all(parts.map((part) => part(asked)))).reduce((sum, count) => sum + count, 0)
  const ofOrder = (entity: ShopEntity): Operation => find(entity, 'orderId', ['_id'])
  return {
    'customer by customerId': get('Customer'),
    'product by productId': get('Product'),
    'warehouse by warehouseId': get('Warehouse'),
    "a product's inventory in all warehouses": find('WarehouseItem', 'productId', ['_id']),
    'order, all details': together(
      get('Order'),
      ofOrder('OrderItem'),
      ofOrder('Invoice'),
      ofOrder('Payment'),
      ofOrder('Shipment'),
      ofOrder('ShipmentItem'),
    ),
    'all products of an order': ofOrder('OrderItem'),
    'invoice of an order': ofOrder('Invoice'),
    'all shipments of an order': ofOrder('Shipment'),
    'orders of a product in a date range': dated('OrderItem', 'productId'),
    'invoice by invoiceId': find('Invoice', 'invoiceId', ['invoiceId']),
    'payments of an invoice': find('Payment', 'invoiceId', ['invoiceId', 'paymentId']),
    'shipment by shipmentId': together(
      find('Shipment', 'shipmentId', ['shipmentId']),
      find('ShipmentItem', 'shipmentId', ['shipmentId', 'productId']),
    ),
    'shipments of a warehouse': find('Shipment', 'warehouseId', ['warehouseId', 'shipmentId']),
    'inventory of a warehouse': find('WarehouseItem', 'warehouseId', ['warehouseId', 'productId']),
    'invoices of a customer in a date range': dated('Invoice', 'customerId'),
    'products ordered by a customer in a date range': dated('OrderItem', 'customerId'),
    put: async ({ id }) => {
      await views.replaceOne({ _id: id }, { productId: id, views: next(), state: 'open' }, { upsert: true })
      return 1
    },
    'conditional update': async ({ id }) =>
      (await views.updateOne({ _id: id, state: 'open' }, { $set: { views: next() } })).matchedCount,
    counter: async ({ id }) => (await views.updateOne({ _id: id }, { $inc: { views: 1 } })).matchedCount,
  }
}
