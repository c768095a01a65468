import { connect, type Db, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Memory, type MemoryNative, memory } from '../src/index.js'

export const Order = defineEntity({
  name: 'Order',
  schema: z.object({
    shop: z.string(),
    id: z.string(),
    status: z.enum(['placed', 'paid']).optional(),
    total: z.number(),
    count: z.int().optional(),
    at: z.date().optional(),
    raw: z.instanceof(Uint8Array).optional(),
    tags: z.set(z.string()).optional(),
    lines: z.array(z.object({ sku: z.string() })).optional(),
    bag: z.looseObject({}).optional(),
    until: z.date().nullable().optional(),
  }),
  key: { partition: ['shop'], sort: ['id'] },
  indexes: { byStatus: { partition: ['status'], sort: ['total'] } },
  ttl: 'until',
  revision: true,
})

export type Shop = Db<{ Order: typeof Order }, MemoryNative>

/** A connection with a clock that the test sets. */
export interface Opened {
  readonly store: Memory
  readonly db: Shop
  readonly clock: { now: number }
}

export async function open(store: Memory = memory()): Promise<Opened> {
  const clock = { now: 1_000_000 }
  const db = await connect(store, { Order }, { now: () => clock.now })
  return { store, db, clock }
}

export const id = (n: number): string => String(n).padStart(5, '0')
