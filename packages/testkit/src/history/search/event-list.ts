import type { Operation } from '../operation.js'

const HEAD = 0

/** The number of an operation's call in the list. */
export const callOf = (operation: number): number => 2 * operation + 1
const returnOf = (operation: number): number => 2 * operation + 2

/** The operation that an event belongs to. */
export const operationOf = (event: number): number => (event - 1) >>> 1
export const isCall = (event: number): boolean => event % 2 === 1

/**
 * The events of a history in their order, as a linked list from which operations are lifted while they are tried and into
 * which they are put back, the last one first. An operation of unknown outcome has no return: it may be done at any time.
 */
export class EventList {
  readonly #next: Int32Array
  readonly #previous: Int32Array
  /** Where each event stood in the whole list. */
  readonly #ranks: Int32Array
  readonly #returns: readonly boolean[]

  constructor(operations: readonly Operation<unknown, unknown>[]) {
    const size = 2 * operations.length + 1
    this.#next = new Int32Array(size).fill(HEAD)
    this.#previous = new Int32Array(size).fill(HEAD)
    this.#ranks = new Int32Array(size)
    this.#returns = operations.map(({ outcome }) => outcome.status !== 'unknown')
    let last = HEAD
    for (const [rank, event] of inOrder(operations).entries()) {
      this.#ranks[event] = rank
      this.#link(last, event)
      last = event
    }
    this.#link(last, HEAD)
  }

  first(): number {
    return this.after(HEAD)
  }

  after(event: number): number {
    return this.#next[event] ?? HEAD
  }

  rank(event: number): number {
    return this.#ranks[event] ?? 0
  }

  lift(operation: number): void {
    this.#unlink(callOf(operation))
    if (this.#returns[operation] === true) this.#unlink(returnOf(operation))
  }

  putBack(operation: number): void {
    if (this.#returns[operation] === true) this.#relink(returnOf(operation))
    this.#relink(callOf(operation))
  }

  #link(from: number, to: number): void {
    this.#next[from] = to
    this.#previous[to] = from
  }

  #unlink(event: number): void {
    this.#link(this.#previous[event] ?? HEAD, this.after(event))
  }

  #relink(event: number): void {
    const [before, after] = [this.#previous[event] ?? HEAD, this.after(event)]
    this.#next[before] = event
    this.#previous[after] = event
  }
}

/** Calls before returns at one moment: what touches is concurrent. */
function inOrder(operations: readonly Operation<unknown, unknown>[]): readonly number[] {
  const events = operations.flatMap(({ invoked, returned, outcome }, at) => [
    { event: callOf(at), moment: invoked },
    ...(outcome.status === 'unknown' ? [] : [{ event: returnOf(at), moment: returned }]),
  ])
  return events
    .sort((one, other) => one.moment - other.moment || Number(isCall(other.event)) - Number(isCall(one.event)))
    .map(({ event }) => event)
}
