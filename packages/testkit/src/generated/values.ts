import * as fc from 'fast-check'
import { After } from './moments.js'

const HOUR = 3_600_000

/** Plain objects, so that a failing history is short to read. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>

/** As `record`, where only the named fields are always there. */
export const partial = (
  model: { readonly [field: string]: fc.Arbitrary<unknown> },
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<{ readonly [field: string]: unknown }> =>
  fc.record(model, { requiredKeys: [...requiredKeys], noNullPrototype: true })

/** One of the first few, and now and then one of the others: so that things meet, and odd ones do too. */
export const mostly = <T>(few: readonly T[], others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...few) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

/** Null now and then. */
export const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { freq: 5 })

// Few values of each kind, so that they meet: in keys, in conditions, in sets.
export const texts: fc.Arbitrary<string> = fc.constantFrom(
  '',
  'a',
  'ab',
  'A',
  'b',
  '#',
  '$',
  '\uffff',
  '😀',
  'é'.repeat(60),
)
export const ids: fc.Arbitrary<string> = mostly(['a', 'A', '😀'], ['', 'a#', '#', '\uffff', 'a'.repeat(200)])
export const ints: fc.Arbitrary<number> = fc.integer({ min: -5, max: 20 })
export const bigs: fc.Arbitrary<bigint> = fc.constantFrom(
  0n,
  1n,
  -1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
)
export const floats: fc.Arbitrary<number> = fc.constantFrom(0, 0.1, 0.2, -1.5, 1e20, 3)
export const days: fc.Arbitrary<Date> = fc.constantFrom(...[-1, 0, 1, 1e12].map((ms) => new Date(ms)))
export const bytes: fc.Arbitrary<Uint8Array> = fc.constantFrom(
  Uint8Array.of(),
  Uint8Array.of(0),
  Uint8Array.of(1, 255),
  Uint8Array.of(200),
)

/**
 * When entities expire; the clock moves in such steps too. Hours, since a store that removes the expired by its own clock
 * must not be faster than the history.
 */
export const spans: fc.Arbitrary<number> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0, -1))
  .map(([hours, less]) => hours * HOUR + less)
export const moments: fc.Arbitrary<After> = spans.map((span) => new After(span))
