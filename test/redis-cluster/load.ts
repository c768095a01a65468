import { type Db, defineEntity, StoreError } from '@isomodel/core'
import { expect } from 'vitest'
import { z } from 'zod'

/** An entity in an index that each of its writes moves it in. */
export const Item = defineEntity({
  name: 'Item',
  schema: z.object({ group: z.string(), id: z.int(), n: z.int(), shelf: z.string() }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byShelf: { partition: ['shelf'], sort: ['n'] } },
})

export type Shop = Pick<Db<{ Item: typeof Item }>, 'Item'>

/** What one writer knows of its entity: additions that were acknowledged, and those whose outcome is unknown. */
export interface Known {
  readonly group: string
  readonly id: number
  acknowledged: number
  unknown: number
  refused: number
}

/** Writers that each add to an entity of their own, until they are told to stop. */
export function startLoad(db: Shop, groups: number, writersEach: number) {
  const known: Known[] = []
  let over = false
  const write = async (one: Known): Promise<void> => {
    const { group, id } = one
    for (let step = 1; !over; step++) {
      try {
        await db.Item.update({ group, id }, (item, { add, set }) => [
          add(item.n, 1),
          set(item.shelf, `s-${(id + step) % 7}`),
        ])
        one.acknowledged += 1
      } catch (error) {
        if (!(error instanceof StoreError) || !error.retryable) throw error
        if (error.outcome === 'unknown') one.unknown += 1
        else one.refused += 1
      }
    }
  }
  const working = (async () => {
    for (let group = 0; group < groups; group++) {
      for (let id = 0; id < writersEach; id++) {
        const one = { group: `g-${group}`, id, acknowledged: 0, unknown: 0, refused: 0 }
        await db.Item.create({ group: one.group, id, n: 0, shelf: 's-0' })
        known.push(one)
      }
    }
    await Promise.all(known.map(write))
  })()
  return {
    known,
    total: () => known.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    /** Until each writer got on. */
    async goesOn(): Promise<void> {
      const before = known.map(({ acknowledged }) => acknowledged)
      await expect
        .poll(() => known.every(({ acknowledged }, at) => acknowledged > (before[at] ?? 0)), { timeout: 30_000 })
        .toBe(true)
    },
    async stop(): Promise<readonly Known[]> {
      over = true
      await working
      return known
    },
  }
}

/** Each addition that is missing, or more than there can be, in words. */
export async function wrongs(db: Shop, known: readonly Known[]): Promise<string[]> {
  const found: string[] = []
  for (const { group, id, acknowledged, unknown } of known) {
    const item = await db.Item.get({ group, id })
    const n = item?.n ?? -1
    if (n < acknowledged || n > acknowledged + unknown) {
      found.push(`${group}/${id} is ${n}; ${acknowledged} were acknowledged, ${unknown} are unknown`)
    }
  }
  return found
}

/** What the index has, as ids, in order; it must be every entity once. */
export async function indexed(db: Shop): Promise<string[]> {
  const found: string[] = []
  for (let shelf = 0; shelf < 7; shelf++) {
    for (const { group, id } of await db.Item.query('byShelf', { shelf: `s-${shelf}` }).all())
      found.push(`${group}/${id}`)
  }
  return found.sort()
}
