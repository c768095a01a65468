import { ConformanceError } from '../conformance/check.js'
import type { Fields } from '../reference/kind.js'
import { type Answer, answerOf, type Expected } from './answer.js'
import { at, type GeneratedDb } from './on-store.js'
import { Revisions } from './revisions.js'
import { sameAnswer } from './same-answer.js'

/** Milliseconds in which an eventual index has to follow. */
const SETTLING = 10_000

/** One store on which a history is played beside the reference. */
export class Side {
  readonly name: string
  readonly db: GeneratedDb
  readonly revisions: Revisions = new Revisions()
  /** Whether an index answers with every acknowledged write. */
  readonly #strong: boolean

  constructor(name: string, db: GeneratedDb, strong: boolean) {
    this.name = name
    this.db = db
    this.#strong = strong
  }

  /** Demands the reference's answer of a call. */
  async answers(call: () => Promise<unknown>, expected: Expected): Promise<void> {
    const answer = await answerOf(call)
    const told = 'value' in answer && 'value' in expected ? this.#numbered(answer.value, expected.value) : answer
    sameAnswer(this.name, told, expected)
  }

  /** As `answers`, of a read: an eventual index has its time to become right. */
  async settles(byIndex: boolean, read: () => Promise<unknown>, expected: Expected): Promise<void> {
    const until = Date.now() + (byIndex && !this.#strong ? SETTLING : 0)
    for (let pause = 5; ; pause = Math.min(pause * 2, 500)) {
      try {
        return await this.answers(read, expected)
      } catch (error) {
        if (!(error instanceof ConformanceError) || Date.now() >= until) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  #numbered(actual: unknown, expected: unknown): Answer {
    return { value: this.revisions.numbered(actual, expected) }
  }

  /** The text of an entity's revision; asks the store for it where it has not told it yet. */
  async learn(kind: string, key: Fields, revision: number | undefined): Promise<string | undefined> {
    if (revision === undefined) return undefined
    if (this.revisions.textOf(revision) === undefined)
      this.revisions.numbered(await at(this.db, kind).get(key as never), { revision })
    return this.revisions.textOf(revision)
  }
}
