import type { Db } from '@isomodel/core'
import type { PatternArguments, PatternName } from './expected.js'
import type { ShopEntity } from './from-rows.js'
import type { shop } from './model.js'

export type ShopDb = Db<typeof shop>

/** An entity of an answer, and which entity it is. */
export interface Answered {
  readonly entity: ShopEntity
  readonly fields: object
}

/**
 * The sixteen access patterns as calls of the repositories. Those that span entities are one query for each, sent
 * together.
 */
export const patterns: {
  readonly [P in PatternName]: (db: ShopDb, asked: PatternArguments) => Promise<readonly Answered[]>
} = {
  'customer by customerId': async (db, { id }) => one('Customer', await db.Customer.get({ customerId: id })),
  'product by productId': async (db, { id }) => one('Product', await db.Product.get({ productId: id })),
  'warehouse by warehouseId': async (db, { id }) => one('Warehouse', await db.Warehouse.get({ warehouseId: id })),
  "a product's inventory in all warehouses": (db, { id }) =>
    many('WarehouseItem', db.WarehouseItem.query({ productId: id }).all()),
  'order, all details': async (db, { id }) => {
    const orderId = id
    const parts = await Promise.all([
      db.Order.get({ orderId }).then((order) => one('Order', order)),
      many('Invoice', db.Invoice.query({ orderId }).all()),
      many('OrderItem', db.OrderItem.query({ orderId }).all()),
      many('Payment', db.Payment.query({ orderId }).all()),
      many('Shipment', db.Shipment.query({ orderId }).all()),
      many('ShipmentItem', db.ShipmentItem.query({ orderId }).all()),
    ])
    return parts.flat()
  },
  'all products of an order': (db, { id }) => many('OrderItem', db.OrderItem.query({ orderId: id }).all()),
  'invoice of an order': (db, { id }) => many('Invoice', db.Invoice.query({ orderId: id }).all()),
  'all shipments of an order': (db, { id }) => many('Shipment', db.Shipment.query({ orderId: id }).all()),
  'orders of a product in a date range': (db, { id, from = '', to = '' }) =>
    many(
      'OrderItem',
      db.OrderItem.query('byProduct', { productId: id })
        .where((item, { between }) => between(item.date, from, to))
        .all(),
    ),
  'invoice by invoiceId': (db, { id }) => many('Invoice', db.Invoice.query('byId', { invoiceId: id }).all()),
  'payments of an invoice': (db, { id }) => many('Payment', db.Payment.query('byInvoice', { invoiceId: id }).all()),
  'shipment by shipmentId': async (db, { id }) => {
    const shipmentId = id
    const parts = await Promise.all([
      many('Shipment', db.Shipment.query('byId', { shipmentId }).all()),
      many('ShipmentItem', db.ShipmentItem.query('byShipment', { shipmentId }).all()),
    ])
    return parts.flat()
  },
  'shipments of a warehouse': (db, { id }) =>
    many('Shipment', db.Shipment.query('byWarehouse', { warehouseId: id }).all()),
  'inventory of a warehouse': (db, { id }) =>
    many('WarehouseItem', db.WarehouseItem.query('byWarehouse', { warehouseId: id }).all()),
  'invoices of a customer in a date range': (db, { id, from = '', to = '' }) =>
    many(
      'Invoice',
      db.Invoice.query('byCustomer', { customerId: id })
        .where((invoice, { between }) => between(invoice.date, from, to))
        .all(),
    ),
  'products ordered by a customer in a date range': (db, { id, from = '', to = '' }) =>
    many(
      'OrderItem',
      db.OrderItem.query('byCustomer', { customerId: id })
        .where((item, { between }) => between(item.date, from, to))
        .all(),
    ),
}

function one(entity: ShopEntity, found: object | undefined): readonly Answered[] {
  return found === undefined ? [] : [{ entity, fields: found }]
}

async function many(entity: ShopEntity, found: Promise<readonly object[]>): Promise<readonly Answered[]> {
  return (await found).map((fields) => ({ entity, fields }))
}
