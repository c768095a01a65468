import type { Case } from '../case.js'
import { compositeOrder } from './composite.js'
import { filterOrder } from './filters.js'
import { indexOrder } from './indexes.js'
import { keyOrder } from './keys.js'

/** P2: one order of values, the same on every store, wherever values are compared. */
export const order: readonly Case[] = [...keyOrder, ...indexOrder, ...compositeOrder, ...filterOrder]
