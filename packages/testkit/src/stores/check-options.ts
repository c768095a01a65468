import type { EachStoreOptions } from './each-store.js'

/** What each option can be, in words and as a question. A misspelt one would leave the tests as they are without it. */
const ALLOWED: {
  readonly [Name in keyof Required<EachStoreOptions>]: readonly [words: string, fits: (value: unknown) => boolean]
} = {
  clean: ["'test' or 'store'", (value) => value === 'test' || value === 'store'],
  connect: ['an object, the options of connect', (value) => typeof value === 'object' && value !== null],
  timeout: [
    'a number of milliseconds above 0',
    (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
  ],
}

/** @throws TypeError for options of `eachStore` that there are not, or that cannot be, naming those that can. */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      `eachStore takes its options as an object, as in { clean: 'store' }; it got ${options === null ? 'null' : typeof options}.`,
    )
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(ALLOWED, name))
      throw new TypeError(
        `eachStore has no option ${JSON.stringify(name)}; there are ${Object.keys(ALLOWED).join(', ')}.`,
      )
    const [words, fits] = ALLOWED[name as keyof EachStoreOptions]
    if (value !== undefined && !fits(value))
      throw new TypeError(
        `eachStore: ${name} is ${typeof value === 'string' ? JSON.stringify(value) : String(value)}; it can be ${words}.`,
      )
  }
}
