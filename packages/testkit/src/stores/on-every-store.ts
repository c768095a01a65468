import type { ConnectOptions, Db, Entities } from '@isomodel/core'
import { type Answer, Answers } from './answers.js'
import { openDb } from './open-db.js'
import type { StoreCapabilities, StoreEntry } from './store-entry.js'

export interface OnEveryStoreOptions {
  /** What `connect` is given. Unless it has a clock, all stores get one that stands still at the same moment. */
  readonly connect?: ConnectOptions
}

/**
 * Runs the same code on every store, each in a clean namespace, and collects what it gives or throws.
 *
 * ```ts
 * const answers = await onEveryStore(stores('memory', 'redis'), { Score }, async (db) => {
 *   await db.Score.putMany(scores)
 *   return db.Score.query('byPoints', { game: 'chess' }).limit(3).all()
 * })
 * const top = expectSame(answers)
 * ```
 *
 * A store that cannot be opened rejects; it is no answer.
 */
export async function onEveryStore<Es extends Entities, T, S extends StoreEntry>(
  stores: readonly S[],
  entities: Es,
  run: (db: Db<Es, unknown, StoreCapabilities<S>>, store: S) => Promise<T>,
  options: OnEveryStoreOptions = {},
): Promise<Answers<T>> {
  const moment = Date.now()
  const answers: Answer<T>[] = []
  for (const store of stores) {
    const { db, close } = await openDb<Es, StoreCapabilities<S>>(store, entities, {
      now: () => moment,
      ...options.connect,
    })
    try {
      answers.push(await answer(store, () => run(db, store)))
    } finally {
      await close()
    }
  }
  const revisions = Object.values(entities).flatMap(({ model }) => model.revision ?? [])
  return new Answers(answers, new Set(revisions))
}

async function answer<T>({ name: store }: StoreEntry, run: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { store, value: await run() }
  } catch (error) {
    return { store, error }
  }
}
