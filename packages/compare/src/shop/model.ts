import { defineEntity } from '@isomodel/core'
import { z } from 'zod'

/**
 * The online shop as isomodel entities, in the library's own layout. Values stay what the sample rows have: ids with their
 * type in front, prices and quantities as strings, dates without a zone as strings.
 */
const address = z.object({
  Country: z.string(),
  County: z.string(),
  City: z.string(),
  Street: z.string(),
  Number: z.string(),
  ZipCode: z.string(),
})

export const Customer = defineEntity({
  name: 'Customer',
  schema: z.object({ customerId: z.string(), email: z.string(), name: z.string() }),
  key: { partition: ['customerId'] },
})

export const Product = defineEntity({
  name: 'Product',
  schema: z.object({
    productId: z.string(),
    price: z.string(),
    detail: z.object({ Name: z.string(), Description: z.string() }),
  }),
  key: { partition: ['productId'] },
})

export const Warehouse = defineEntity({
  name: 'Warehouse',
  schema: z.object({ warehouseId: z.string(), address }),
  key: { partition: ['warehouseId'] },
})

export const WarehouseItem = defineEntity({
  name: 'WarehouseItem',
  schema: z.object({ productId: z.string(), warehouseId: z.string(), quantity: z.string() }),
  key: { partition: ['productId'], sort: ['warehouseId'], partitionName: 'Product' },
  indexes: { byWarehouse: { partition: ['warehouseId'], sort: ['productId'] } },
})

export const Order = defineEntity({
  name: 'Order',
  schema: z.object({ orderId: z.string(), customerId: z.string(), date: z.string() }),
  key: { partition: ['orderId'] },
})

export const OrderItem = defineEntity({
  name: 'OrderItem',
  schema: z.object({
    orderId: z.string(),
    productId: z.string(),
    customerId: z.string(),
    date: z.string(),
    price: z.string(),
    quantity: z.string(),
  }),
  key: { partition: ['orderId'], sort: ['productId'], partitionName: 'Order' },
  indexes: {
    byProduct: { partition: ['productId'], sort: ['date'] },
    byCustomer: { partition: ['customerId'], sort: ['date'] },
  },
})

export const Invoice = defineEntity({
  name: 'Invoice',
  schema: z.object({
    orderId: z.string(),
    invoiceId: z.string(),
    customerId: z.string(),
    date: z.string(),
    amount: z.string(),
    detail: z.object({
      Payments: z.array(z.object({ Type: z.string(), Amount: z.number(), Data: z.string() })),
    }),
  }),
  key: { partition: ['orderId'], sort: ['invoiceId'], partitionName: 'Order' },
  indexes: {
    byId: { partition: ['invoiceId'] },
    byCustomer: { partition: ['customerId'], sort: ['date'] },
  },
})

export const Payment = defineEntity({
  name: 'Payment',
  schema: z.object({
    orderId: z.string(),
    paymentId: z.string(),
    invoiceId: z.string(),
    type: z.string(),
    amount: z.string(),
    date: z.string(),
  }),
  key: { partition: ['orderId'], sort: ['paymentId'], partitionName: 'Order' },
  indexes: { byInvoice: { partition: ['invoiceId'], sort: ['paymentId'] } },
})

export const Shipment = defineEntity({
  name: 'Shipment',
  schema: z.object({
    orderId: z.string(),
    shipmentId: z.string(),
    warehouseId: z.string(),
    type: z.string(),
    date: z.string(),
    address,
  }),
  key: { partition: ['orderId'], sort: ['shipmentId'], partitionName: 'Order' },
  indexes: {
    byId: { partition: ['shipmentId'] },
    byWarehouse: { partition: ['warehouseId'], sort: ['shipmentId'] },
  },
})

export const ShipmentItem = defineEntity({
  name: 'ShipmentItem',
  schema: z.object({
    orderId: z.string(),
    shipmentItemId: z.string(),
    shipmentId: z.string(),
    productId: z.string(),
    quantity: z.string(),
  }),
  key: { partition: ['orderId'], sort: ['shipmentItemId'], partitionName: 'Order' },
  indexes: { byShipment: { partition: ['shipmentId'], sort: ['productId'] } },
})

/** All entities of the shop, as `connect` takes them. */
export const shop = {
  Customer,
  Product,
  Warehouse,
  WarehouseItem,
  Order,
  OrderItem,
  Invoice,
  Payment,
  Shipment,
  ShipmentItem,
} as const
