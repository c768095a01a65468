import { type Named, nameRows } from './from-rows.js'
import { readShopRows } from './rows.js'

export type { Named, ShopEntity } from './from-rows.js'
export { load } from './load.js'
export { shop } from './model.js'
export type { ShopDb } from './patterns.js'

/** The sample rows of the shop as entities of its model, as `load` takes them. */
export const sample = (): readonly Named[] => nameRows(readShopRows())
