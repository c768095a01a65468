import type { Progress } from '../progress.js'

/** What progress is written to. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

const ERASE = '\r\u001b[2K'
/** Where there is no terminal, one line in so many ms is enough to show life. */
const EVERY = 5_000

/** On a terminal one line that changes, with notes above it; elsewhere plain lines, now and then. */
export class TerminalProgress implements Progress {
  readonly #out: Terminal
  readonly #now: () => number
  #said = Number.NEGATIVE_INFINITY
  #last = ''

  constructor(out: Terminal, now: () => number = Date.now) {
    this.#out = out
    this.#now = now
  }

  note(line: string): void {
    this.#erase()
    this.#out.write(`${line}\n`)
    this.#draw()
  }

  at(what: string, done: number): void {
    const line = `${String(Math.floor(done * 100)).padStart(3)} %  ${what}`
    if (this.#out.isTTY) {
      this.#last = line.slice(0, (this.#out.columns ?? 80) - 1)
      this.#out.write(ERASE)
      this.#draw()
    } else if (this.#now() - this.#said >= EVERY) {
      this.#said = this.#now()
      this.#out.write(`${line}\n`)
    }
  }

  /** Takes the changing line away. */
  end(): void {
    this.#erase()
    this.#last = ''
  }

  #erase(): void {
    if (this.#last !== '') this.#out.write(ERASE)
  }

  #draw(): void {
    if (this.#last !== '') this.#out.write(this.#last)
  }
}
