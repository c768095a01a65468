import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { Named } from '../shop/from-rows.js'
import { counting, type Operation, type Operations } from '../workload/operations.js'
import type { Vendor } from './vendor.js'

interface Keys {
  readonly PK: string
  readonly SK: string
  readonly GSI1PK?: string
  readonly GSI1SK?: string
  readonly GSI2PK?: string
  readonly GSI2SK?: string
}

/** The single table of the shop's authors: PK, SK and two overloaded indexes, by lib-dynamodb's document client. */
export function dynamodbVendor(endpoint: string, table: string, sent?: () => void): Vendor {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials })
  if (sent !== undefined) {
    const count = { step: 'finalizeRequest', priority: 'low', name: 'countRequests' } as const
    client.middlewareStack.add(
      (next) => (args) => {
        sent()
        return next(args)
      },
      count,
    )
  }
  const documents = DynamoDBDocumentClient.from(client)
  return {
    client: '@aws-sdk/lib-dynamodb',
    layout: 'one table with PK, SK, GSI1 and GSI2 as its authors drew it; one Query reads a whole order',
    setup: () => createTable(client, table),
    load: (entities) => load(documents, table, entities),
    operations: operations(documents, table),
    remove: async () => {
      await client.send(new DeleteTableCommand({ TableName: table }))
    },
    close: async () => client.destroy(),
  }
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const names = ['PK', 'SK', 'GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK']
  const index = (IndexName: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: `${IndexName}PK`, KeyType: 'HASH' as const },
      { AttributeName: `${IndexName}SK`, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  })
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [index('GSI1'), index('GSI2')],
    }),
  )
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName })
}

type WriteRequests = NonNullable<BatchWriteCommandInput['RequestItems']>

const BATCH = 25
/** Batches in flight, as many as the library's own batches have. */
const IN_FLIGHT = 16

async function load(documents: DynamoDBDocumentClient, table: string, entities: Iterable<Named>): Promise<void> {
  const items = [...entities].map((named) => ({ ...keysOf(named), ...named.fields, EntityType: named.entity }))
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const batch = items.slice(next, next + BATCH)
      next += BATCH
      let left: WriteRequests = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) }
      while (Object.keys(left).length > 0) {
        left = (await documents.send(new BatchWriteCommand({ RequestItems: left }))).UnprocessedItems ?? {}
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

/** Where the shop's authors put each entity. */
function keysOf({ entity, fields }: Named): Keys {
  const f = fields as { readonly [field: string]: string }
  const of = (field: string): string => String(f[field])
  switch (entity) {
    case 'Customer':
      return { PK: of('customerId'), SK: of('customerId') }
    case 'Product':
      return { PK: of('productId'), SK: of('productId') }
    case 'Warehouse':
      return { PK: of('warehouseId'), SK: of('warehouseId') }
    case 'WarehouseItem':
      return { PK: of('productId'), SK: of('warehouseId'), GSI2PK: of('warehouseId'), GSI2SK: of('productId') }
    case 'Order':
      return { PK: of('orderId'), SK: of('customerId') }
    case 'OrderItem':
      return {
        PK: of('orderId'),
        SK: of('productId'),
        GSI1PK: of('productId'),
        GSI1SK: of('date'),
        GSI2PK: of('customerId'),
        GSI2SK: `p#${of('date')}`,
      }
    case 'Invoice':
      return {
        PK: of('orderId'),
        SK: of('invoiceId'),
        GSI1PK: of('invoiceId'),
        GSI1SK: of('invoiceId'),
        GSI2PK: of('customerId'),
        GSI2SK: `i#${of('date')}`,
      }
    case 'Payment':
      return { PK: of('orderId'), SK: of('paymentId'), GSI1PK: of('invoiceId'), GSI1SK: of('paymentId') }
    case 'Shipment':
      return {
        PK: of('orderId'),
        SK: of('shipmentId'),
        GSI1PK: of('shipmentId'),
        GSI1SK: of('shipmentId'),
        GSI2PK: of('warehouseId'),
        GSI2SK: of('shipmentId'),
      }
    case 'ShipmentItem':
      return { PK: of('orderId'), SK: of('shipmentItemId'), GSI1PK: of('shipmentId'), GSI1SK: of('productId') }
  }
}

function operations(documents: DynamoDBDocumentClient, TableName: string): Operations {
  const next = counting()
  const get: Operation = async ({ id }) => {
    const { Item } = await documents.send(new GetCommand({ TableName, Key: { PK: id, SK: id }, ConsistentRead: true }))
    return Item === undefined ? 0 : 1
  }
  const query = async (index: string, KeyConditionExpression: string, values: object): Promise<number> => {
    let count = 0
    let ExclusiveStartKey: Record<string, unknown> | undefined
    do {
      const reply = await documents.send(
        new QueryCommand({
          TableName,
          ...(index === '' ? { ConsistentRead: true } : { IndexName: index }),
          KeyConditionExpression,
          ExpressionAttributeValues: values as Record<string, unknown>,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        }),
      )
      count += reply.Items?.length ?? 0
      ExclusiveStartKey = reply.LastEvaluatedKey
    } while (ExclusiveStartKey !== undefined)
    return count
  }
  const whole =
    (index: string): Operation =>
    ({ id }) =>
      query(index, `${index}PK = :id`, { ':id': id })
  const beginning =
    (index: string, prefix: string): Operation =>
    ({ id }) =>
      query(index, `${index}PK = :id AND begins_with(${index}SK, :prefix)`, { ':id': id, ':prefix': prefix })
  const dated =
    (index: string, prefix: string): Operation =>
    ({ id, from = '', to = '' }) =>
      query(index, `${index}PK = :id AND ${index}SK BETWEEN :from AND :to`, {
        ':id': id,
        ':from': prefix + from,
        ':to': prefix + to,
      })
  return {
    'customer by customerId': get,
    'product by productId': get,
    'warehouse by warehouseId': get,
    "a product's inventory in all warehouses": beginning('', 'w#'),
    'order, all details': whole(''),
    'all products of an order': beginning('', 'p#'),
    'invoice of an order': beginning('', 'i#'),
    'all shipments of an order': beginning('', 'sh#'),
    'orders of a product in a date range': dated('GSI1', ''),
    'invoice by invoiceId': ({ id }) => query('GSI1', 'GSI1PK = :id AND GSI1SK = :id', { ':id': id }),
    'payments of an invoice': beginning('GSI1', 'pmn#'),
    'shipment by shipmentId': whole('GSI1'),
    'shipments of a warehouse': beginning('GSI2', 'sh#'),
    'inventory of a warehouse': beginning('GSI2', 'p#'),
    'invoices of a customer in a date range': dated('GSI2', 'i#'),
    'products ordered by a customer in a date range': dated('GSI2', 'p#'),
    put: async ({ id }) => {
      await documents.send(
        new PutCommand({
          TableName,
          Item: { PK: `views#${id}`, SK: `views#${id}`, productId: id, views: next(), state: 'open' },
        }),
      )
      return 1
    },
    'conditional update': async ({ id }) => {
      await documents.send(
        new UpdateCommand({
          TableName,
          Key: { PK: `views#${id}`, SK: `views#${id}` },
          UpdateExpression: 'SET #views = :views',
          ConditionExpression: '#state = :open',
          ExpressionAttributeNames: { '#state': 'state', '#views': 'views' },
          ExpressionAttributeValues: { ':open': 'open', ':views': next() },
        }),
      )
      return 1
    },
    counter: async ({ id }) => {
      await documents.send(
        new UpdateCommand({
          TableName,
          Key: { PK: `views#${id}`, SK: `views#${id}` },
          UpdateExpression: 'ADD #views :one',
          ConditionExpression: 'attribute_exists(PK)',
          ExpressionAttributeNames: { '#views': 'views' },
          ExpressionAttributeValues: { ':one': 1 },
        }),
      )
      return 1
    },
  }
}
