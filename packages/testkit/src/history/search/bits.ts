/** A set of small numbers that tells itself as a short text. */
export class Bits {
  readonly #words: Uint32Array

  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / 32))
  }

  /** Adds what is not in it, and removes what is. */
  flip(at: number): void {
    this.#words[at >>> 5] = (this.#words[at >>> 5] ?? 0) ^ (1 << (at & 31))
  }

  /** Equal for equal sets only. The full words at the beginning are told as a number, since a search leaves them behind. */
  text(): string {
    const words = this.#words
    let full = 0
    while (words[full] === 0xffff_ffff) full += 1
    let end = words.length
    while (end > full && words[end - 1] === 0) end -= 1
    let text = full.toString(36)
    for (let at = full; at < end; at += 1) text += `.${words[at]?.toString(36)}`
    return text
  }
}
