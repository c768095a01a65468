import type { Named } from './from-rows.js'

/** How much to generate. */
export interface ShopSize {
  readonly customers: number
  readonly products: number
  readonly warehouses: number
  readonly ordersPerCustomer: number
}

export const sizes = {
  small: { customers: 200, products: 50, warehouses: 5, ordersPerCustomer: 2 },
  medium: { customers: 2_000, products: 400, warehouses: 20, ordersPerCustomer: 1 },
  large: { customers: 20_000, products: 4_000, warehouses: 100, ordersPerCustomer: 1 },
} as const satisfies { readonly [name: string]: ShopSize }

export type SizeName = keyof typeof sizes

/** Numbers from 0 up to 1 that are the same for the same seed: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A shop of the same shape as the sample, from a seed: the same seed and size give the same entities in the same order.
 * Every order has one to four items, an invoice with one or two payments, and a shipment with its items.
 */
export function* generateShop(size: ShopSize, seed: number): Generator<Named, void, undefined> {
  const random = seededRandom(seed)
  const below = (n: number): number => Math.floor(random() * n)
  const id = (prefix: string, n: number): string => `${prefix}#${String(n).padStart(6, '0')}`
  const date = (): string => new Date(Date.UTC(2020, 0, 1) + below(365 * 86_400) * 1000).toISOString().slice(0, 19)
  const address = (): { [name: string]: string } => ({
    Country: 'Sweden',
    County: 'Vastra Gotaland',
    City: ['Goteborg', 'Boras', 'Skovde', 'Trollhattan'][below(4)] as string,
    Street: ['MainStreet', 'RiverStreet', 'Slanbarsvagen'][below(3)] as string,
    Number: String(1 + below(200)),
    ZipCode: String(10_000 + below(89_999)),
  })

  for (let n = 0; n < size.customers; n++) {
    yield {
      entity: 'Customer',
      fields: { customerId: id('c', n), email: `customer${n}@example.com`, name: `Customer ${n}` },
    }
  }
  for (let n = 0; n < size.warehouses; n++) {
    yield { entity: 'Warehouse', fields: { warehouseId: id('w', n), address: address() } }
  }
  const prices: number[] = []
  for (let n = 0; n < size.products; n++) {
    const price = 5 + below(500)
    prices.push(price)
    const detail = { Name: `Product ${n}`, Description: `The product of number ${n}` }
    yield { entity: 'Product', fields: { productId: id('p', n), price: String(price), detail } }
    const stocked = new Set([below(size.warehouses), below(size.warehouses)])
    for (const warehouse of stocked) {
      const fields = { productId: id('p', n), warehouseId: id('w', warehouse), quantity: String(below(100)) }
      yield { entity: 'WarehouseItem', fields }
    }
  }

  for (let n = 0; n < size.customers * size.ordersPerCustomer; n++) {
    const orderId = id('o', n)
    const customerId = id('c', below(size.customers))
    const ordered = date()
    yield { entity: 'Order', fields: { orderId, customerId, date: ordered } }
    const products = [...new Set(Array.from({ length: 1 + below(4) }, () => below(size.products)))]
    let total = 0
    const quantities = products.map(() => 1 + below(5))
    for (const [at, product] of products.entries()) {
      const price = prices[product] as number
      const quantity = quantities[at] as number
      total += price * quantity
      const fields = {
        orderId,
        productId: id('p', product),
        customerId,
        date: ordered,
        price: String(price),
        quantity: String(quantity),
      }
      yield { entity: 'OrderItem', fields }
    }
    const parts = total > 300 ? [100, total - 100] : [total]
    const invoiceId = id('i', n)
    const paid = parts.map((amount, at) => ({
      Type: at === 0 ? 'GiftCard' : 'MasterCard',
      Amount: amount,
      Data: 'Payment data here...',
    }))
    yield {
      entity: 'Invoice',
      fields: { orderId, invoiceId, customerId, date: ordered, amount: String(total), detail: { Payments: paid } },
    }
    for (const [at, amount] of parts.entries()) {
      const fields = {
        orderId,
        paymentId: id('pmn', n * 2 + at),
        invoiceId,
        type: paid[at]?.Type ?? '',
        amount: String(amount),
        date: ordered,
      }
      yield { entity: 'Payment', fields }
    }
    const shipmentId = id('sh', n)
    const warehouseId = id('w', below(size.warehouses))
    yield {
      entity: 'Shipment',
      fields: { orderId, shipmentId, warehouseId, type: 'Express', date: date(), address: address() },
    }
    for (const [at, product] of products.entries()) {
      const fields = {
        orderId,
        shipmentItemId: id('shp', n * 4 + at),
        shipmentId,
        productId: id('p', product),
        quantity: String(quantities[at]),
      }
      yield { entity: 'ShipmentItem', fields }
    }
  }
}
