import { connect, defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/chosen.js'

const Product = defineEntity({
  name: 'Product',
  schema: z.object({ productId: z.string(), price: z.int(), stock: z.int().min(0) }),
  key: { partition: ['productId'] },
})

const Cart = defineEntity({
  name: 'Cart',
  schema: z.object({
    cartId: z.string(),
    state: z.enum(['open', 'ordered']),
    total: z.int(),
    lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  }),
  key: { partition: ['cartId'] },
  revision: true,
})

await using db = await connect(store, { Product, Cart })
await db.setup()

/** What a store's refusal is, so that it can be told from a failure: the rest is thrown on. */
async function outcome(work: Promise<unknown>, codes: { readonly [code: string]: string }): Promise<string> {
  try {
    await work
    return 'ok'
  } catch (error) {
    const known = error instanceof StoreError ? codes[error.code] : undefined
    if (known === undefined) throw error
    return known
  }
}

/** Takes from stock what goes into the cart. Two buyers can never take the same last piece. */
async function addToCart(cartId: string, productId: string, quantity: number): Promise<string> {
  const reserve = db.Product.update({ productId }, (p, { add }) => add(p.stock, -quantity), {
    if: (p, { gte }) => gte(p.stock, quantity),
  })
  const reserved = await outcome(reserve, { CONDITION_FAILED: 'sold out', NOT_FOUND: 'no such product' })
  if (reserved !== 'ok') return reserved
  const { price } = await reserve
  const added = await outcome(
    db.Cart.update(
      { cartId },
      (cart, { add, append }) => [append(cart.lines, [{ productId, quantity }]), add(cart.total, price * quantity)],
      { if: (cart, { eq }) => eq(cart.state, 'open') },
    ),
    { CONDITION_FAILED: 'the cart is ordered already' },
  )
  if (added === 'ok') return 'in the cart'
  await db.Product.update({ productId }, (p, { add }) => add(p.stock, quantity))
  return added
}

await db.Product.put({ productId: 'kettle', price: 30, stock: 3 })
for (const cartId of ['ann', 'ben']) await db.Cart.put({ cartId, state: 'open', total: 0, lines: [] })

const both = await Promise.all([addToCart('ann', 'kettle', 2), addToCart('ben', 'kettle', 2)])
console.log('two buyers want two of three kettles:', both.sort().join(', '))
console.log('left in stock:', (await db.Product.get({ productId: 'kettle' }))?.stock)
console.log('a product that is not there:', await addToCart('ann', 'kettel', 1))

// Ordering is for what the buyer saw: a cart that has changed since is refused.
const seen = await db.Cart.query({ cartId: 'ann' }).one()
const order = () => db.Cart.update({ cartId: 'ann' }, { state: 'ordered' }, { ifRevision: seen.revision })
console.log('order what was seen:', await outcome(order(), { REVISION_MISMATCH: 'the cart has changed' }))
console.log('order it again:', await outcome(order(), { REVISION_MISMATCH: 'the cart has changed' }))
console.log('put more in:', await addToCart('ann', 'kettle', 1))
console.log('left in stock:', (await db.Product.get({ productId: 'kettle' }))?.stock)
