import { connect, defineEntity } from '@isomodel/core'
import { startStore, uniqueNamespace } from '@isomodel/devstack'
import { mongodb } from '@isomodel/mongodb'
import { MongoClient } from 'mongodb'
import { z } from 'zod'

/**
 * The adapter beside the vendor's client doing the same work: the same documents, validation by the same schema, the same
 * write concern, on the same server in the same run. Rounds alternate, so that what else the machine does hits both.
 */
const schema = z.object({
  customerId: z.string(),
  orderId: z.string(),
  status: z.enum(['placed', 'paid', 'shipped']),
  placedAt: z.date(),
  total: z.number(),
  currency: z.string(),
  paid: z.boolean(),
  note: z.string().optional(),
  tags: z.array(z.string()),
  lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  address: z.object({ street: z.string(), city: z.string() }),
  weight: z.number().nullable(),
})
type Values = z.infer<typeof schema>

const Order = defineEntity({
  name: 'Order',
  schema,
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['placedAt'] },
    byTotal: { partition: ['currency'], sort: ['total'] },
  },
})

const ORDERS = 1_000
const ROUNDS = 21
const orderAt = (at: number): Values => ({
  customerId: `c-${at % 10}`,
  orderId: `o-${String(at).padStart(6, '0')}`,
  status: 'paid',
  placedAt: new Date(1.7e12 + at),
  total: at * 1.25,
  currency: 'EUR',
  paid: at % 2 === 0,
  note: 'leave at the door',
  tags: ['gift', 'fragile'],
  lines: [
    { productId: 'p-1', quantity: 2 },
    { productId: 'p-2', quantity: 1 },
  ],
  address: { street: 'Main Street 1', city: 'Springfield' },
  weight: null,
})
const orders = Array.from({ length: ORDERS }, (_, at) => orderAt(at))
const idOf = ({ customerId, orderId }: Values): string => `${customerId}#${orderId}`

await using engine = await startStore('mongodb')
await using client = new MongoClient(engine.address)
const database = uniqueNamespace('bench')
await using db = await connect(mongodb({ client, database }), { Order })
await db.setup()
await db.Order.putMany(orders)

const native = client.db(database).collection<Values & { _id: string }>('Vendor', { writeConcern: { w: 'majority' } })
await native.createIndex({ status: 1, placedAt: 1, _id: 1 })
await native.createIndex({ currency: 1, total: 1, _id: 1 })
await native.insertMany(orders.map((order) => ({ _id: idOf(order), ...order })))

interface Pair {
  readonly bench: string
  readonly unit: 'µs' | 'ms'
  /** How often one round does it. */
  readonly times: number
  readonly budgetRatio?: number
  readonly ours: (at: number) => Promise<unknown>
  readonly vendor: (at: number) => Promise<unknown>
}

const keyAt = (at: number): { customerId: string; orderId: string } => {
  const { customerId, orderId } = orders[(at * 7) % ORDERS] as Values
  return { customerId, orderId }
}
const allKeys = orders.map(({ customerId, orderId }) => ({ customerId, orderId }))
const atOnce = (): Promise<unknown> => Promise.all(allKeys.map((key) => db.Order.get(key)))
const oneByOne = { budgetRatio: 1.05, unit: 'µs', times: 60 } as const

const pairs: readonly Pair[] = [
  {
    bench: 'mongodb: get',
    ...oneByOne,
    ours: (at) => db.Order.get(keyAt(at)),
    vendor: (at) => native.findOne({ _id: `${keyAt(at).customerId}#${keyAt(at).orderId}` }),
  },
  {
    bench: 'mongodb: put',
    ...oneByOne,
    ours: (at) => db.Order.put(orderAt(at)),
    vendor: (at) => {
      const order = schema.parse(orderAt(at))
      return native.replaceOne({ _id: idOf(order) }, order, { upsert: true })
    },
  },
  {
    bench: 'mongodb: update on a condition',
    ...oneByOne,
    ours: (at) =>
      db.Order.update(keyAt(at), (o, { add, set }) => [add(o.total, 1), set(o.note, 'x')], {
        if: (o, { eq }) => eq(o.status, 'paid'),
      }),
    vendor: (at) => {
      const _id = `${keyAt(at).customerId}#${keyAt(at).orderId}`
      const change = { $inc: { total: 1 }, $set: { note: schema.shape.note.parse('x') ?? '' } }
      return native.findOneAndUpdate({ _id, status: 'paid' }, change, { returnDocument: 'after' })
    },
  },
  {
    bench: 'mongodb: query of 100 by an index',
    unit: 'µs',
    times: 10,
    budgetRatio: 1.05,
    ours: () => db.Order.query('byStatus', { status: 'paid' }).limit(100).all(),
    vendor: () => native.find({ status: 'paid' }).sort({ placedAt: 1, _id: 1 }).limit(100).toArray(),
  },
  {
    bench: 'mongodb: 1,000 gets at once, against a loop',
    unit: 'ms',
    times: 1,
    budgetRatio: 0.2,
    ours: atOnce,
    vendor: async () => {
      for (const order of orders) await native.findOne({ _id: idOf(order) })
    },
  },
  {
    bench: 'mongodb: 1,000 gets at once, against as many',
    unit: 'ms',
    times: 1,
    ours: atOnce,
    vendor: () => Promise.all(orders.map((order) => native.findOne({ _id: idOf(order) }))),
  },
]

for (const pair of pairs) {
  const { bench, unit, budgetRatio } = pair
  const ours: number[] = []
  const vendor: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const both = [
      async () => ours.push(await timed(pair, pair.ours)),
      async () => vendor.push(await timed(pair, pair.vendor)),
    ]
    for (const each of round % 2 === 0 ? both : both.reverse()) await each()
  }
  report({
    bench,
    value: median(ours),
    unit,
    vendor: median(vendor),
    ...(budgetRatio === undefined ? {} : { budgetRatio }),
  })
}

const trips: string[] = []
await using counted = await connect(
  mongodb({ client, database }),
  { Order },
  { onRequest: ({ command }) => trips.push(command) },
)
await Promise.all(allKeys.map((key) => counted.Order.get(key)))
report({
  bench: 'mongodb: round trips of 1,000 gets at once',
  value: trips.length,
  vendor: ORDERS,
  unit: 'trips',
  budget: ORDERS - 1,
})

await client.db(database).dropDatabase()

async function timed({ unit, times }: Pair, work: (at: number) => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint()
  for (let at = 0; at < times; at++) await work(at)
  return Number(process.hrtime.bigint() - started) / times / (unit === 'ms' ? 1e6 : 1e3)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
}

function report(measurement: {
  readonly bench: string
  readonly value: number
  readonly unit: string
  readonly vendor?: number
  readonly budget?: number
  readonly budgetRatio?: number
}): void {
  console.log(JSON.stringify(measurement))
}
