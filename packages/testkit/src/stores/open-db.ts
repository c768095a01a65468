import type { Adapter, Capability, ConnectOptions, Db, Entities } from '@isomodel/core'
import { connectAny } from '../connect-any.js'
import type { StoreEntry } from './store-entry.js'

/** A connection to a clean namespace of a store, set up; closing it ends the namespace. */
export interface OpenDb<Es extends Entities, C extends Capability> {
  readonly db: Db<Es, unknown, C>
  close(): Promise<void>
}

/** Opens a store and sets the entities up in it. When that fails, nothing stays open. */
export async function openDb<Es extends Entities, C extends Capability>(
  store: StoreEntry,
  entities: Es,
  options: ConnectOptions = {},
): Promise<OpenDb<Es, C>> {
  const opened = await store.open()
  const closing: (() => Promise<void>)[] = [() => opened.close()]
  try {
    const db = await connectAny(opened.adapter as Adapter<C>, entities, options)
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
