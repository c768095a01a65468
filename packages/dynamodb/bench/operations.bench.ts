import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { connect } from '@isomodel/core'
import { startEngine, uniqueNamespace } from '@isomodel/devstack'
import { dynamodb } from '../src/index.js'
import { Order, type OrderValues, orderAt, schema } from './order.js'

/**
 * The adapter beside the vendor's document client doing the same work: the same items under keys that are made the same
 * way, validation by the same schema, on the same engine in the same run. Rounds alternate, so that what else the machine
 * does hits both; the median of the rounds counts.
 */
const ORDERS = 1_000
const ROUNDS = 21

await using engine = await startEngine('dynoxide')
const config = {
  endpoint: engine.address,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
}
const client = new DynamoDBClient(config)
const table = uniqueNamespace('bench')
// A document client has no wish for numbers as text, but dates must become something.
const vendor = DynamoDBDocumentClient.from(new DynamoDBClient(config))
await using db = await connect(dynamodb({ client, table }), { Order })
await db.setup()
const vendorTable = `${table}-vendor`
const attributes = ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk']
await client.send(
  new CreateTableCommand({
    TableName: vendorTable,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: ['gsi1', 'gsi2'].map((name) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: `${name}pk`, KeyType: 'HASH' },
        { AttributeName: `${name}sk`, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    })),
  }),
)

const orders = Array.from({ length: ORDERS }, (_, at) => orderAt(at))
const keyAt = (at: number): Pick<OrderValues, 'customerId' | 'orderId'> => {
  const { customerId, orderId } = orderAt((at * 7) % ORDERS)
  return { customerId, orderId }
}
const vendorKey = ({
  customerId,
  orderId,
}: Pick<OrderValues, 'customerId' | 'orderId'>): Record<'pk' | 'sk', string> => ({
  pk: `Order#${customerId}`,
  sk: `Order#${orderId}`,
})

/** What a careful program without the library would put. */
function vendorItem(input: OrderValues): Record<string, unknown> {
  const order = schema.parse(input)
  const placed = order.placedAt.toISOString()
  return {
    ...order,
    placedAt: order.placedAt.getTime(),
    ...vendorKey(order),
    gsi1pk: `Order#${order.status}`,
    gsi1sk: `Order#${placed}#${order.customerId}#${order.orderId}`,
    gsi2pk: `Order#${order.currency}`,
    gsi2sk: `Order#${placed}#${order.customerId}#${order.orderId}`,
    _entity: 'Order',
    _token: crypto.randomUUID(),
  }
}

await db.Order.putMany(orders)
for (let at = 0; at < ORDERS; at += 25) {
  const requests = orders.slice(at, at + 25).map((order) => ({ PutRequest: { Item: vendorItem(order) } }))
  await vendor.send(new BatchWriteCommand({ RequestItems: { [vendorTable]: requests } }))
}

interface Pair {
  readonly bench: string
  readonly unit: 'µs' | 'ms'
  /** How often one round does it. */
  readonly times: number
  readonly budgetRatio?: number
  readonly ours: (at: number) => Promise<unknown>
  readonly vendor: (at: number) => Promise<unknown>
}

const atOnce = (): Promise<unknown> => Promise.all(orders.map((order) => db.Order.get(order)))
async function vendorGet(key: Parameters<typeof vendorKey>[0]): Promise<Record<string, unknown> | undefined> {
  const input = { TableName: vendorTable, Key: vendorKey(key), ConsistentRead: true }
  const { Item: item } = await vendor.send(new GetCommand(input))
  return item === undefined ? undefined : { ...item, placedAt: new Date(Number(item.placedAt)) }
}

const oneByOne = { unit: 'µs', times: 60, budgetRatio: 1.05 } as const
const pairs: readonly Pair[] = [
  {
    bench: 'dynamodb: get',
    ...oneByOne,
    ours: (at) => db.Order.get(keyAt(at)),
    vendor: (at) => vendorGet(keyAt(at)),
  },
  {
    bench: 'dynamodb: put',
    ...oneByOne,
    ours: (at) => db.Order.put(orderAt(at)),
    vendor: (at) => vendor.send(new PutCommand({ TableName: vendorTable, Item: vendorItem(orderAt(at)) })),
  },
  {
    bench: 'dynamodb: update on a condition',
    ...oneByOne,
    ours: (at) =>
      db.Order.update(keyAt(at), (o, { add, set }) => [add(o.total, 1), set(o.note, 'x')], {
        if: (o, { eq }) => eq(o.status, 'paid'),
      }),
    vendor: (at) =>
      vendor.send(
        new UpdateCommand({
          TableName: vendorTable,
          Key: vendorKey(keyAt(at)),
          UpdateExpression: 'SET #total = if_not_exists(#total, :zero) + :one, note = :note, #token = :token',
          ConditionExpression: 'attribute_exists(pk) AND #status = :paid',
          ExpressionAttributeNames: { '#total': 'total', '#status': 'status', '#token': '_token' },
          ExpressionAttributeValues: {
            ':zero': 0,
            ':one': 1,
            ':note': schema.shape.note.parse('x'),
            ':paid': 'paid',
            ':token': crypto.randomUUID(),
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
  },
  {
    bench: 'dynamodb: query of 100 by an index',
    unit: 'ms',
    times: 5,
    budgetRatio: 1.05,
    ours: () => db.Order.query('byStatus', { status: 'paid' }).limit(100).all(),
    vendor: async () => {
      const { Items: items = [] } = await vendor.send(
        new QueryCommand({
          TableName: vendorTable,
          IndexName: 'gsi1',
          KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :sk)',
          ExpressionAttributeValues: { ':pk': 'Order#paid', ':sk': 'Order#' },
          Limit: 100,
        }),
      )
      return items.map((item) => ({ ...item, placedAt: new Date(Number(item.placedAt)) }))
    },
  },
  {
    bench: 'dynamodb: 1,000 gets at once, against a loop',
    unit: 'ms',
    times: 1,
    budgetRatio: 0.2,
    ours: atOnce,
    vendor: async () => {
      for (const order of orders) await vendorGet(order)
    },
  },
  {
    bench: 'dynamodb: 1,000 gets at once, against as many',
    unit: 'ms',
    times: 1,
    ours: atOnce,
    vendor: () => Promise.all(orders.map(vendorGet)),
  },
]

for (const { bench, unit, times, budgetRatio, ours, vendor: theirs } of pairs) {
  const rounds: { readonly ours: number; readonly vendor: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0
    const a = await timed(first ? ours : theirs, times, round)
    const b = await timed(first ? theirs : ours, times, round)
    // The first rounds warm up.
    if (round > 3) rounds.push(first ? { ours: a, vendor: b } : { ours: b, vendor: a })
  }
  const scale = unit === 'µs' ? 1_000 : 1
  console.log(
    JSON.stringify({
      bench,
      value: median(rounds.map((each) => each.ours)) * scale,
      vendor: median(rounds.map((each) => each.vendor)) * scale,
      unit,
      ...(budgetRatio === undefined ? {} : { budgetRatio }),
    }),
  )
}

const trips: string[] = []
await using counted = await connect(
  dynamodb({ client, table }),
  { Order },
  { onRequest: ({ command }) => trips.push(command) },
)
await Promise.all(orders.map((order) => counted.Order.get(order)))
console.log(
  JSON.stringify({
    bench: 'dynamodb: round trips of 1,000 gets at once',
    value: trips.length,
    vendor: ORDERS,
    unit: 'trips',
    budget: ORDERS - 1,
  }),
)
client.destroy()
vendor.destroy()

async function timed(work: (at: number) => Promise<unknown>, times: number, round: number): Promise<number> {
  const start = performance.now()
  for (let at = 0; at < times; at++) await work(round * times + at)
  return (performance.now() - start) / times
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
