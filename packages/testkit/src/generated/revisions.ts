/**
 * The texts that one store made up for the revisions that the reference counts: one text for each write, and never one that
 * was there before.
 */
export class Revisions {
  readonly #texts = new Map<number, string>()
  readonly #numbers = new Map<string, number>()

  /** The store's text for a revision, where it has told it. */
  textOf(revision: number | undefined): string | undefined {
    return revision === undefined ? undefined : this.#texts.get(revision)
  }

  /** A revision that is not the given one. */
  otherThan(revision: number | undefined): string | undefined {
    return [...this.#texts].find(([number]) => number !== revision)?.[1]
  }

  /** The answer with revisions as numbers: those known, and those whose place the expected answer has a new one at. */
  numbered(actual: unknown, expected: unknown): unknown {
    if (Array.isArray(actual)) {
      const others = Array.isArray(expected) ? expected : []
      return actual.map((item, at) => this.numbered(item, others[at]))
    }
    if (!isPlain(actual)) return actual
    const other = isPlain(expected) ? expected : {}
    return Object.fromEntries(
      Object.entries(actual).map(([name, field]) => [
        name,
        name === 'revision' && typeof field === 'string'
          ? this.#numberOf(field, other[name])
          : this.numbered(field, other[name]),
      ]),
    )
  }

  #numberOf(text: string, expected: unknown): number | string {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (typeof expected !== 'number' || this.#texts.has(expected)) return text
    this.#texts.set(expected, text)
    this.#numbers.set(text, expected)
    return expected
  }
}

const isPlain = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
