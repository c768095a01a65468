import { type ConnectOptions, connect, type Db, type Entities } from '@isomodel/core'
import type { StoreEntry } from './store-entry.js'

/** A connection to a clean namespace of a store, set up; closing it ends the namespace. */
export interface OpenDb<Es extends Entities> {
  readonly db: Db<Es>
  close(): Promise<void>
}

/** Opens a store and sets the entities up in it. When that fails, nothing stays open. */
export async function openDb<Es extends Entities>(
  store: StoreEntry,
  entities: Es,
  options: ConnectOptions = {},
): Promise<OpenDb<Es>> {
  const opened = await store.open()
  const closing: (() => Promise<void>)[] = [() => opened.close()]
  try {
    const db = await connect<Es, unknown>(
      opened.adapter,
      entities as Parameters<typeof connect<Es, unknown>>[1],
      options,
    )
    closing.unshift(() => db.close())
    await db.setup()
    return { db, close: () => inOrder(closing) }
  } catch (error) {
    await inOrder(closing)
    throw new Error(
      `${store.name} could not be made ready for the tests: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

/** Runs all of them, also when one fails; then fails with the first failure. */
async function inOrder(works: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const work of works) await work().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
