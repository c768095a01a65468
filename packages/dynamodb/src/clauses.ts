/** The clauses of an update expression, as they are collected. */
export class Clauses {
  readonly #parts = { SET: [] as string[], REMOVE: [] as string[], ADD: [] as string[], DELETE: [] as string[] }

  set(path: string, value: string): void {
    this.#parts.SET.push(`${path} = ${value}`)
  }

  remove(path: string): void {
    this.#parts.REMOVE.push(path)
  }

  /** Unites a set attribute with a set. */
  add(path: string, set: string): void {
    this.#parts.ADD.push(`${path} ${set}`)
  }

  /** Takes a set's members out of a set attribute. */
  delete(path: string, set: string): void {
    this.#parts.DELETE.push(`${path} ${set}`)
  }

  expression(): string {
    return Object.entries(this.#parts)
      .filter(([, parts]) => parts.length > 0)
      .map(([word, parts]) => `${word} ${parts.join(', ')}`)
      .join(' ')
  }
}
