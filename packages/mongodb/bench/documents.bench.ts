import { defineEntity } from '@isomodel/core'
import { type EntityModel, newToken } from '@isomodel/core/driver'
import { BSON } from 'mongodb'
import { z } from 'zod'
import { READ_OPTIONS } from '../src/bson.js'
import { DocumentCodec } from '../src/codec.js'

/** What the adapter adds to the client's own work, in process: making documents and reading them. */
const Order = defineEntity({
  name: 'Order',
  schema: z.object({
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
  }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['placedAt'] },
    byTotal: { partition: ['currency'], sort: ['total'] },
  },
})
const model: EntityModel = Order.model
const codec = new DocumentCodec(model)
const orders = Array.from({ length: 1_000 }, (_, at) => ({
  customerId: `c-${at % 37}`,
  orderId: `o-${at}`,
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
}))
const wire = orders.map((order) => BSON.serialize(codec.encode(order, newToken())))
const read = wire.map((bytes) => BSON.deserialize(bytes, READ_OPTIONS))

/** The best of several rounds: what the work costs when nothing else runs. */
function milliseconds(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 60; round++) {
    const started = process.hrtime.bigint()
    work()
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e6)
  }
  return best
}

const token = newToken()
const making = milliseconds(() => orders.map((order) => codec.encode(order, token)))
console.log(
  JSON.stringify({ bench: 'mongodb: making a document, 12 fields, 2 indexes', value: making, unit: 'µs', budget: 15 }),
)

const reading = milliseconds(() => read.map((document) => codec.decode(document)))
const parsing = milliseconds(() => wire.map((bytes) => BSON.deserialize(bytes)))
console.log(
  JSON.stringify({
    bench: 'mongodb: reading 1,000 documents, unvalidated',
    value: reading,
    unit: 'ms',
    vendor: parsing,
    budget: 1.5,
  }),
)
