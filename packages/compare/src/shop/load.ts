import type { Named, ShopEntity } from './from-rows.js'
import type { ShopDb } from './patterns.js'

/** The one method that loading needs, whatever the entity. */
interface Puts {
  putMany(entities: readonly object[]): Promise<unknown>
}

/** Puts entities into a store in batches of one kind each, telling how many are there after each batch. */
export async function load(
  db: ShopDb,
  entities: Iterable<Named>,
  {
    batch = 500,
    loaded = () => undefined,
  }: { readonly batch?: number; readonly loaded?: (count: number) => void } = {},
): Promise<number> {
  const waiting = new Map<ShopEntity, object[]>()
  let count = 0
  const flush = async (entity: ShopEntity, fields: readonly object[]): Promise<void> => {
    const repository: Puts = db[entity]
    await repository.putMany(fields)
    count += fields.length
    loaded(count)
  }
  for (const { entity, fields } of entities) {
    const same = waiting.get(entity) ?? []
    same.push(fields)
    waiting.set(entity, same)
    if (same.length < batch) continue
    waiting.set(entity, [])
    await flush(entity, same)
  }
  for (const [entity, fields] of waiting) if (fields.length > 0) await flush(entity, fields)
  return count
}
