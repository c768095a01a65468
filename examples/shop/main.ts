import { load, sample, shop } from '@isomodel/compare/shop'
import { connect } from '@isomodel/core'
import { store } from '../stores/chosen.js'

// Ten entities in one table: what belongs to an order shares its partition, and each index is one of theirs.
await using db = await connect(store, shop)
await db.setup()
console.log('entities:', await load(db, sample()))

const customer = await db.Customer.get({ customerId: 'c#12345' })
console.log('customer:', customer?.name)

const orderId = 'o#12345'
const [order, items, invoice] = await Promise.all([
  db.Order.get({ orderId }),
  db.OrderItem.query({ orderId }).all(),
  db.Invoice.query({ orderId }).one(),
])
console.log(
  'order of',
  `${order?.date}:`,
  items.map(({ quantity, productId }) => `${quantity} x ${productId}`).join(', '),
)
const paid = await db.Payment.query('byInvoice', { invoiceId: invoice.invoiceId }).all()
console.log('invoice over', `${invoice.amount}:`, paid.map(({ type, amount }) => `${amount} by ${type}`).join(', '))

for await (const { productId, date } of db.OrderItem.query('byCustomer', { customerId: 'c#12345' })
  .where((item, { gte }) => gte(item.date, '2020-06-21T19:16:00'))
  .reverse()) {
  console.log('bought', productId, 'on', date)
}

const stock = await db.WarehouseItem.query('byWarehouse', { warehouseId: 'w#12345' }).all()
console.log('in warehouse w#12345:', stock.map(({ quantity, productId }) => `${quantity} x ${productId}`).join(', '))
