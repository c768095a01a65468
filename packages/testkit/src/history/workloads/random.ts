/** Numbers that look random and are the same for the same seed, so that a run can be drawn again (xorshift). */
export class Random {
  #state: number

  constructor(seed: number) {
    // Seeds that follow each other must not give runs that do; and the state is never 0.
    this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) || 1
    for (let at = 0; at < 8; at += 1) this.below(2)
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return (x >>> 0) % end
  }

  of<const T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }
}
