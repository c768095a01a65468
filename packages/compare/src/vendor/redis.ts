import { Redis } from 'ioredis'
import type { Named, ShopEntity } from '../shop/from-rows.js'
import { counting, type Operation, type Operations } from '../workload/operations.js'
import type { Vendor } from './vendor.js'

/** A JSON string for each entity and a sorted set for each pattern, by ioredis: one pipeline to find, one MGET to read. */
export function redisVendor(url: string, namespace: string, sent?: () => void): Vendor {
  const client = sent === undefined ? new Redis(url, SETTINGS) : new CountingRedis(url, sent)
  // Each command rejects by itself; without a listener ioredis prints every attempt to reconnect.
  client.on('error', () => undefined)
  const key = (...parts: readonly string[]): string => [namespace, ...parts].join(':')
  return {
    client: 'ioredis',
    layout:
      'a JSON string for each entity, a sorted set of keys for each pattern (BYLEX), written by pipelines, not atomically',
    setup: async () => undefined,
    load: (entities) => load(client, key, entities),
    operations: operations(client, key),
    remove: () => removeKeys(url, namespace),
    close: async () => client.disconnect(),
  }
}

/** A server that is gone is an error soon, not after twenty attempts. */
const SETTINGS = { maxRetriesPerRequest: 2 } as const

class CountingRedis extends Redis {
  readonly #sent: () => void

  constructor(url: string, sent: () => void) {
    super(url, SETTINGS)
    this.#sent = sent
  }

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    // The connection's own greeting comes before `#sent` is there.
    if (this.status === 'ready') this.#sent()
    return super.sendCommand(...args)
  }
}

type KeyOf = (...parts: readonly string[]) => string

interface Place {
  readonly id: readonly string[]
  /** Sorted sets that the entity is a member of: the field that names the set, the fields that order it. */
  readonly sets: readonly { readonly by: string; readonly order: readonly string[] }[]
}

const inOrder = (id: string): Place['sets'][number] => ({ by: 'orderId', order: [id] })

const places: { readonly [E in ShopEntity]: Place } = {
  Customer: { id: ['customerId'], sets: [] },
  Product: { id: ['productId'], sets: [] },
  Warehouse: { id: ['warehouseId'], sets: [] },
  WarehouseItem: {
    id: ['productId', 'warehouseId'],
    sets: [
      { by: 'productId', order: ['warehouseId'] },
      { by: 'warehouseId', order: ['productId'] },
    ],
  },
  Order: { id: ['orderId'], sets: [] },
  OrderItem: {
    id: ['orderId', 'productId'],
    sets: [inOrder('productId'), { by: 'productId', order: ['date'] }, { by: 'customerId', order: ['date'] }],
  },
  Invoice: {
    id: ['orderId', 'invoiceId'],
    sets: [inOrder('invoiceId'), { by: 'invoiceId', order: [] }, { by: 'customerId', order: ['date'] }],
  },
  Payment: { id: ['orderId', 'paymentId'], sets: [inOrder('paymentId'), { by: 'invoiceId', order: ['paymentId'] }] },
  Shipment: {
    id: ['orderId', 'shipmentId'],
    sets: [inOrder('shipmentId'), { by: 'shipmentId', order: [] }, { by: 'warehouseId', order: ['shipmentId'] }],
  },
  ShipmentItem: {
    id: ['orderId', 'shipmentItemId'],
    sets: [inOrder('shipmentItemId'), { by: 'shipmentId', order: ['productId'] }],
  },
}

const BATCH = 500
/** Separates a member's order from its key; the generated values never hold it. */
const SEPARATOR = '|'

async function load(client: Redis, key: KeyOf, entities: Iterable<Named>): Promise<void> {
  let pipeline = client.pipeline()
  let waiting = 0
  for (const { entity, fields } of entities) {
    const { id, sets } = places[entity]
    const own = key(entity, id.map((field) => String(fields[field])).join('/'))
    pipeline.set(own, JSON.stringify(fields))
    for (const { by, order } of sets) {
      const member = [...order.map((field) => String(fields[field])), own].join(SEPARATOR)
      pipeline.zadd(key('by', entity, by, String(fields[by])), 0, member)
    }
    if (++waiting < BATCH) continue
    await pipeline.exec()
    pipeline = client.pipeline()
    waiting = 0
  }
  await pipeline.exec()
}

function operations(client: Redis, key: KeyOf): Operations {
  const next = counting()
  const get =
    (entity: ShopEntity): Operation =>
    async ({ id }) => {
      const text = await client.get(key(entity, id))
      return text === null ? 0 : [JSON.parse(text)].length
    }
  const read = async (members: readonly string[]): Promise<number> => {
    if (members.length === 0) return 0
    const texts = await client.mget(members.map((member) => member.slice(member.lastIndexOf(SEPARATOR) + 1)))
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text)).length
  }
  const all =
    (entity: ShopEntity, by: string): Operation =>
    async ({ id }) =>
      read(await client.zrange(key('by', entity, by, id), '-', '+', 'BYLEX'))
  const dated =
    (entity: ShopEntity, by: string): Operation =>
    async ({ id, from = '', to = '' }) =>
      read(await client.zrange(key('by', entity, by, id), `[${from}`, `(${to}${SEPARATOR}\u{10ffff}`, 'BYLEX'))
  const together =
    (...parts: readonly Operation[]): Operation =>
    async (asked) =>
      (await Promise.all(parts.map((part) => part(asked)))).reduce((sum, count) => sum + count, 0)
  const views = (id: string): string => key('views', id)
  return {
    'customer by customerId': get('Customer'),
    'product by productId': get('Product'),
    'warehouse by warehouseId': get('Warehouse'),
    "a product's inventory in all warehouses": all('WarehouseItem', 'productId'),
    'order, all details': together(
      get('Order'),
      all('OrderItem', 'orderId'),
      all('Invoice', 'orderId'),
      all('Payment', 'orderId'),
      all('Shipment', 'orderId'),
      all('ShipmentItem', 'orderId'),
    ),
    'all products of an order': all('OrderItem', 'orderId'),
    'invoice of an order': all('Invoice', 'orderId'),
    'all shipments of an order': all('Shipment', 'orderId'),
    'orders of a product in a date range': dated('OrderItem', 'productId'),
    'invoice by invoiceId': all('Invoice', 'invoiceId'),
    'payments of an invoice': all('Payment', 'invoiceId'),
    'shipment by shipmentId': together(all('Shipment', 'shipmentId'), all('ShipmentItem', 'shipmentId')),
    'shipments of a warehouse': all('Shipment', 'warehouseId'),
    'inventory of a warehouse': all('WarehouseItem', 'warehouseId'),
    'invoices of a customer in a date range': dated('Invoice', 'customerId'),
    'products ordered by a customer in a date range': dated('OrderItem', 'customerId'),
    put: async ({ id }) => {
      await client.hset(views(id), { productId: id, views: next(), state: 'open' })
      return 1
    },
    'conditional update': async ({ id }) =>
      Number(
        await client.eval(
          "if redis.call('HGET', KEYS[1], 'state') ~= ARGV[1] then return 0 end redis.call('HSET', KEYS[1], 'views', ARGV[2]) return 1",
          1,
          views(id),
          'open',
          next(),
        ),
      ),
    counter: async ({ id }) => ((await client.hincrby(views(id), 'views', 1)) > 0 ? 1 : 0),
  }
}

/** Removes all keys of a namespace. */
export async function removeKeys(url: string, namespace: string): Promise<void> {
  const client = new Redis(url, SETTINGS)
  client.on('error', () => undefined)
  try {
    const found: AsyncIterable<string[]> = client.scanStream({ match: `${namespace}:*`, count: 1_000 })
    for await (const keys of found) {
      if (keys.length > 0) await client.unlink(keys)
    }
  } finally {
    client.disconnect()
  }
}
