import type { Operation } from '../operation.js'
import { Bits } from './bits.js'

/**
 * The operations that are placed so far, and the memory of where that has led before. Nothing is lost by not going on where
 * the same known operations led to the same state with fewer of the unknown ones used up: whatever follows here can follow
 * there, as one of unknown outcome need not happen.
 */
export class Placed {
  readonly #known: Bits
  #unknown = 0n
  /** Where each operation stands among those of its kind, known ones by their invocation: so the first are soon all placed. */
  readonly #positions: readonly number[]
  readonly #isUnknown: readonly boolean[]
  /** The sets of unknown operations, none within another, by the known ones and the state. */
  readonly #tried = new Map<string, readonly bigint[]>()
  #count = 0

  constructor(operations: readonly Operation<unknown, unknown>[], isUnknown: readonly boolean[]) {
    const positions = new Array<number>(operations.length).fill(0)
    const byInvocation = [...operations.entries()].sort(([, one], [, other]) => one.invoked - other.invoked)
    const next = { known: 0, unknown: 0 }
    for (const [operation] of byInvocation) {
      const kind = isUnknown[operation] === true ? 'unknown' : 'known'
      positions[operation] = next[kind]
      next[kind] += 1
    }
    this.#known = new Bits(next.known)
    this.#positions = positions
    this.#isUnknown = isUnknown
  }

  /** How many configurations were visited. */
  get configurations(): number {
    return this.#count
  }

  /** Adds an operation that leads to a state, unless there is nothing new in that. */
  add(operation: number, state: number): boolean {
    this.#flip(operation)
    const key = `${this.#known.text()} ${state}`
    const unknown = this.#unknown
    const before = this.#tried.get(key) ?? []
    if (before.some((fewer) => (fewer & unknown) === fewer)) {
      this.#flip(operation)
      return false
    }
    this.#tried.set(key, [...before.filter((more) => (more & unknown) !== unknown), unknown])
    this.#count += 1
    return true
  }

  delete(operation: number): void {
    this.#flip(operation)
  }

  #flip(operation: number): void {
    const position = this.#positions[operation] ?? 0
    if (this.#isUnknown[operation] === true) this.#unknown ^= 1n << BigInt(position)
    else this.#known.flip(position)
  }
}
