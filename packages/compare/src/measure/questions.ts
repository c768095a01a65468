import type { PatternName } from '../shop/expected.js'
import type { Named, ShopEntity } from '../shop/from-rows.js'
import { seededRandom } from '../shop/generate.js'
import { type OperationArguments, type OperationName, operationNames } from '../workload/operations.js'

export type Questions = { readonly [O in OperationName]: readonly OperationArguments[] }

/** Whose ids an operation is asked with. */
const subjects: { readonly [O in OperationName]: readonly [ShopEntity, string] } = {
  'customer by customerId': ['Customer', 'customerId'],
  'product by productId': ['Product', 'productId'],
  'warehouse by warehouseId': ['Warehouse', 'warehouseId'],
  "a product's inventory in all warehouses": ['Product', 'productId'],
  'order, all details': ['Order', 'orderId'],
  'all products of an order': ['Order', 'orderId'],
  'invoice of an order': ['Order', 'orderId'],
  'all shipments of an order': ['Order', 'orderId'],
  'orders of a product in a date range': ['Product', 'productId'],
  'invoice by invoiceId': ['Invoice', 'invoiceId'],
  'payments of an invoice': ['Invoice', 'invoiceId'],
  'shipment by shipmentId': ['Shipment', 'shipmentId'],
  'shipments of a warehouse': ['Warehouse', 'warehouseId'],
  'inventory of a warehouse': ['Warehouse', 'warehouseId'],
  'invoices of a customer in a date range': ['Customer', 'customerId'],
  'products ordered by a customer in a date range': ['Customer', 'customerId'],
  put: ['Product', 'productId'],
  'conditional update': ['Product', 'productId'],
  counter: ['Product', 'productId'],
}

const dated: ReadonlySet<OperationName> = new Set<PatternName>([
  'orders of a product in a date range',
  'invoices of a customer in a date range',
  'products ordered by a customer in a date range',
])

/** A quarter of the generated year: a range that leaves something out. */
const RANGE = { from: '2020-04-01T00:00:00', to: '2020-06-30T23:59:59' }

/** Questions of each operation; more would not fit better into a round, fewer would flatter caches. */
const EACH = 256

/**
 * What each operation is asked: ids drawn from what was loaded, by the seed, the same for every store and both clients.
 *
 * @throws RangeError when nothing was loaded that an operation could be asked with.
 */
export function drawQuestions(entities: readonly Named[], seed: number): Questions {
  const random = seededRandom(seed ^ 0x5eed)
  const ids = new Map<string, readonly string[]>()
  const idsOf = (entity: ShopEntity, field: string): readonly string[] => {
    const known = ids.get(entity)
    if (known !== undefined) return known
    const found = entities.filter((named) => named.entity === entity).map((named) => String(named.fields[field]))
    if (found.length === 0) throw new RangeError(`The generated shop has no ${entity}; take a larger size.`)
    ids.set(entity, found)
    return found
  }
  const draw = (operation: OperationName): readonly OperationArguments[] => {
    const from = idsOf(...subjects[operation])
    return Array.from({ length: EACH }, () => {
      const id = from[Math.floor(random() * from.length)] as string
      return dated.has(operation) ? { id, ...RANGE } : { id }
    })
  }
  return Object.fromEntries(operationNames.map((operation) => [operation, draw(operation)])) as Questions
}
