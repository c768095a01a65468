import type { Attribute, Row, ShopRows } from './rows.js'

/** The names of the shop's entities. */
export type ShopEntity =
  | 'Customer'
  | 'Product'
  | 'Warehouse'
  | 'WarehouseItem'
  | 'Order'
  | 'OrderItem'
  | 'Invoice'
  | 'Payment'
  | 'Shipment'
  | 'ShipmentItem'

/** A sample row under the names that the model has for its attributes. */
export interface Named {
  readonly entity: ShopEntity
  readonly fields: { readonly [field: string]: Attribute }
}

/**
 * Names the attributes of a row as the model names its fields; values stay as they are. Which attribute holds what is said
 * by the shop's authors: a foreign id of a row lies in the keys of the index that it serves. Uses nothing of isomodel.
 */
export function nameRow(row: Row): Named {
  const name = readers[String(row.EntityType)]
  if (name === undefined) throw new Error(`The shop has no entity type ${String(row.EntityType)}.`)
  return name(row)
}

/** All rows of the shop, named. */
export function nameRows({ rows, payments }: ShopRows): readonly Named[] {
  return [...rows, ...payments].map(nameRow)
}

const readers: { readonly [type: string]: (row: Row) => Named } = {
  customer: (row) => named('Customer', { customerId: row.PK, email: row.Email, name: row.Name }),
  product: (row) => named('Product', { productId: row.PK, price: row.Price, detail: row.Detail }),
  warehouse: (row) => named('Warehouse', { warehouseId: row.PK, address: row.Address }),
  warehouseItem: (row) => named('WarehouseItem', { productId: row.PK, warehouseId: row.SK, quantity: row.Quantity }),
  order: (row) => named('Order', { orderId: row.PK, customerId: row.SK, date: row.Date }),
  orderItem: (row) =>
    named('OrderItem', {
      orderId: row.PK,
      productId: row.SK,
      customerId: row['GSI2-PK'],
      date: row['GSI1-SK'],
      price: row.Price,
      quantity: row.Quantity,
    }),
  invoice: (row) =>
    named('Invoice', {
      orderId: row.PK,
      invoiceId: row.SK,
      customerId: row['GSI2-PK'],
      date: row.Date,
      amount: row.Amount,
      detail: row.Detail,
    }),
  payment: (row) =>
    named('Payment', {
      orderId: row.PK,
      paymentId: row.SK,
      invoiceId: row['GSI1-PK'],
      type: row.Type,
      amount: row.Amount,
      date: row.Date,
    }),
  shipment: (row) =>
    named('Shipment', {
      orderId: row.PK,
      shipmentId: row.SK,
      warehouseId: row['GSI2-PK'],
      type: row.Type,
      date: row.Date,
      address: row.Address,
    }),
  shipmentItem: (row) =>
    named('ShipmentItem', {
      orderId: row.PK,
      shipmentItemId: row.SK,
      shipmentId: row['GSI1-PK'],
      productId: row['GSI1-SK'],
      quantity: row.Quantity,
    }),
}

function named(entity: ShopEntity, fields: { readonly [field: string]: Attribute | undefined }): Named {
  const missing = Object.keys(fields).filter((field) => fields[field] === undefined)
  if (missing.length > 0) throw new Error(`A sample row of ${entity} lacks ${missing.join(', ')}.`)
  return { entity, fields: fields as Named['fields'] }
}
