import { type Call, StoreError } from '@isomodel/core/driver'
import type { Server } from './server.js'

/**
 * Which collections are there. MongoDB makes a missing one with its first write, and then without indexes, expiry and
 * validator; so what was not set up is refused, as on every other store.
 */
export class Presence {
  readonly #server: Server
  readonly #names: readonly string[]
  readonly #present = new Set<string>()

  constructor(server: Server, names: readonly string[]) {
    this.#server = server
    this.#names = names
  }

  /** Asks the server. A user who may not list collections is taken at his word that they are there. */
  async learn(call: Call): Promise<void> {
    const command = {
      listCollections: 1,
      filter: { name: { $in: this.#names } },
      nameOnly: true,
      authorizedCollections: true,
    }
    try {
      for (const { name } of await this.#server.readAll(command, call)) this.#present.add(String(name))
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'ACCESS_DENIED') throw error
      this.setUp()
    }
  }

  /** All of them have been made. */
  setUp(): void {
    for (const name of this.#names) this.#present.add(name)
  }

  /** Makes sure that a collection is there: asks once more as long as it was not seen. Throws `MODEL_MISMATCH`. */
  async require(name: string, call: Call): Promise<void> {
    if (this.#present.has(name)) return
    await this.learn(call)
    if (this.#present.has(name)) return
    throw new StoreError(
      `The database ${this.#server.database} has no collection ${name}. Run await db.setup() once, or correct the database or the prefix.`,
      { code: 'MODEL_MISMATCH' },
    )
  }
}
