import type { Change, Condition, Path, Value, Values } from '@isomodel/core/driver'
import fc from 'fast-check'

/** Small pools of values, so that what is generated often meets what is stored. */
const texts = fc.constantFrom('', 'a', 'ab', 'abc', 'b', '\u{1f600}', '\uff5e', '$a', 'a.b', 'a\u0000b', '.*', 'x\ny')
const numbers = fc.constantFrom(0, 1, -1, 0.1, 0.2, 1e300, -1e300, 5e-324, 2 ** 31, 2 ** 53)
const ints = fc.integer({ min: -5, max: 5 })
const bigs = fc.constantFrom(0n, 1n, -1n, 5n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n))

/** Moments for the dates of a test, ms. */
export type Dates = readonly number[]
const bytes = fc.constantFrom([], [0], [255], [0, 1], [1], [1, 0, 0]).map((list) => Uint8Array.from(list))
const setOf = <T>(member: fc.Arbitrary<T>): fc.Arbitrary<Set<T>> =>
  fc.array(member, { maxLength: 3 }).map((list) => new Set(list))
const listOf = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 })
const recordOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(fc.constantFrom('a', '0', '1', 'x.y', '$z', '__proto__', 'sku'), value, { maxKeys: 3 })

const line = fc.record({ sku: texts, quantity: ints, note: texts }, { requiredKeys: ['sku', 'quantity'] })
const place = fc.record(
  { city: fc.option(texts), floor: ints, inner: fc.record({ code: texts }) },
  { requiredKeys: [] },
)

const fieldsOf = (moments: Dates) => {
  const dates = fc.constantFrom(...moments).map((ms) => new Date(ms))
  return {
    text: fc.option(texts),
    number: numbers,
    count: fc.option(ints),
    total: ints,
    big: fc.option(bigs),
    flag: fc.boolean(),
    at: fc.option(dates),
    bytes,
    status: fc.constantFrom('new', 'old'),
    tags: fc.option(setOf(texts)),
    sizes: setOf(numbers),
    marks: fc.option(listOf(ints)),
    names: listOf(fc.option(texts)),
    lines: listOf(line),
    grid: listOf(listOf(ints)),
    shelves: listOf(recordOf(ints)),
    place: fc.option(place),
    stock: recordOf(ints),
    mixed: fc.option(fc.oneof(texts, bigs, listOf(texts), dates)),
    'odd.name$': ints,
    _id: texts,
    '7': texts,
  } as const
}

export const keys: fc.Arbitrary<Values> = fc.record({
  owner: fc.constantFrom('o', 'o#1', 'o$', ''),
  rank: fc.constantFrom(0, 1, -1, 0.5),
})

/** A whole entity of the given key. `expiresAt` is around `now`, when it is there. */
export const entityOf = (key: Values, now: number, dates: Dates): fc.Arbitrary<Values> =>
  fc
    .record({ ...fieldsOf(dates), expiresAt: expiry(now) }, { requiredKeys: ['total', 'lines'] })
    .map((rest) => ({ ...key, ...(rest as Values) }))

const expiry = (now: number): fc.Arbitrary<Date | null> =>
  fc.constantFrom(null, new Date(now - 1), new Date(now), new Date(now + 1))

/** Paths of every depth, with values that may be there. */
const pathsOf = (dates: Dates): readonly (readonly [Path, fc.Arbitrary<Value>])[] => [
  ...Object.entries(fieldsOf(dates)).map(([name, value]) => [[name], value as fc.Arbitrary<Value>] as const),
  [['lines', 0, 'sku'], texts],
  [['lines', 0, 'note'], texts],
  [['lines', 1, 'quantity'], ints],
  [['lines', 1], line],
  [['marks', 0], ints],
  [['marks', 2], ints],
  [['names', 0], fc.option(texts)],
  [['grid', 0], listOf(ints)],
  [['grid', 1, 0], ints],
  [['shelves', 0, '0'], ints],
  [['shelves', 1, 'a'], ints],
  [['place', 'city'], fc.option(texts)],
  [['place', 'floor'], ints],
  [['place', 'inner', 'code'], texts],
  [['stock', 'a'], ints],
  [['stock', '0'], ints],
  [['stock', 'x.y'], ints],
  [['stock', '__proto__'], ints],
]

const someDate = fc.constant(new Date(0))
const anyScalar: fc.Arbitrary<Value> = fc.oneof(texts, numbers, bigs, fc.boolean(), someDate, bytes, fc.constant(null))
const orderedScalar = fc.oneof(texts, numbers, bigs, fc.boolean(), someDate, bytes)

const leaf = (dates: Dates): fc.Arbitrary<Condition> =>
  fc.constantFrom(...pathsOf(dates)).chain(([path, value]) => {
    const here = fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: anyScalar })
    const ordered = fc.oneof(
      { weight: 4, arbitrary: value.filter(isOrdered) as typeof orderedScalar },
      { weight: 1, arbitrary: orderedScalar },
    )
    const ends = hasOrder(path) ? ordered : orderedScalar
    return fc.oneof(
      fc.record({ op: fc.constantFrom('eq', 'ne'), path: fc.constant(path), value: here }),
      fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), path: fc.constant(path), value: ends }),
      fc.record({ op: fc.constant('between'), path: fc.constant(path), low: ends, high: ends }),
      fc.record({ op: fc.constant('in'), path: fc.constant(path), values: fc.array(here, { maxLength: 3 }) }),
      fc.record({ op: fc.constant('beginsWith'), path: fc.constant(path), value: texts }),
      fc.record({ op: fc.constant('contains'), path: fc.constant(path), value: fc.oneof(here, anyScalar) }),
      fc.record({ op: fc.constantFrom('exists', 'notExists'), path: fc.constant(path) }),
    ) as fc.Arbitrary<Condition>
  })

/** Conditions on the sort fields of a key or index, mostly with values of their own kind. */
export const sortConditions = (names: readonly string[], dates: Dates): fc.Arbitrary<Condition> => {
  const sorts = names.flatMap((name) => {
    const value =
      name === 'rank' ? fc.constantFrom(0, 1, -1, 0.5) : (fieldsOf(dates) as Record<string, fc.Arbitrary<Value>>)[name]
    return value === undefined ? [] : [[name, value.filter(isOrdered) as typeof orderedScalar] as const]
  })
  if (sorts.length === 0) return fc.constant({ op: 'and', conditions: [] })
  return fc
    .constantFrom(...sorts)
    .chain(
      ([name, value]) =>
        fc.oneof(
          fc.record({ op: fc.constantFrom('eq', 'lt', 'lte', 'gt', 'gte'), path: fc.constant([name]), value }),
          fc.record({ op: fc.constant('between'), path: fc.constant([name]), low: value, high: value }),
          fc.record({ op: fc.constant('beginsWith'), path: fc.constant([name]), value: texts }),
        ) as fc.Arbitrary<Condition>,
    )
}

const SCALARS = ['text', 'number', 'count', 'total', 'big', 'flag', 'at', 'bytes', 'status', 'odd.name$', '_id', '7']

function hasOrder(path: Path): boolean {
  return path.length === 1 && SCALARS.includes(String(path[0]))
}

function isOrdered(value: Value): boolean {
  return value !== null && (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
}

export const conditions = (dates: Dates): fc.Arbitrary<Condition> =>
  fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf(dates),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        conditions: fc.array(tie('condition'), { maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), condition: tie('condition') }),
    ),
  })).condition

const numeric: readonly (readonly [Path, fc.Arbitrary<number | bigint>])[] = [
  [['number'], numbers],
  [['count'], ints],
  [['total'], fc.oneof(ints, fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER))],
  [['big'], bigs],
  [['odd.name$'], ints],
  [['lines', 1, 'quantity'], ints],
  [['place', 'floor'], ints],
  [['stock', 'a'], ints],
  [['grid', 1, 0], ints],
]
const lists: readonly (readonly [Path, fc.Arbitrary<readonly Value[]>])[] = [
  [['marks'], listOf(ints)],
  [['names'], listOf(fc.option(texts))],
  [['lines'], listOf(line)],
  [['grid'], listOf(listOf(ints))],
  [['grid', 0], listOf(ints)],
]
const sets: readonly (readonly [Path, fc.Arbitrary<ReadonlySet<string | number>>])[] = [
  [['tags'], setOf(texts)],
  [['sizes'], setOf(numbers)],
]
const removable: readonly Path[] = pathsOf([0])
  .map(([path]) => path)
  .filter((path) => !['total', 'lines'].includes(path.join('.')) && !/sku|quantity|code/.test(path.join('.')))

const change = (dates: Dates): fc.Arbitrary<Change> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...pathsOf(dates))
        .chain(([path, value]) =>
          fc.record({ op: fc.constantFrom('set', 'setIfAbsent'), path: fc.constant(path), value }),
        ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...removable).map((path) => ({ op: 'remove', path })) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...numeric)
        .chain(([path, value]) => fc.record({ op: fc.constant('add'), path: fc.constant(path), value })),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...lists)
        .chain(([path, values]) =>
          fc.record({ op: fc.constantFrom('append', 'prepend'), path: fc.constant(path), values }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...sets)
        .chain(([path, values]) =>
          fc.record({ op: fc.constantFrom('addToSet', 'deleteFromSet'), path: fc.constant(path), values }),
        ),
    },
  ) as fc.Arbitrary<Change>

/** Changes whose paths do not overlap. */
export const changes = (dates: Dates): fc.Arbitrary<readonly Change[]> =>
  fc.array(change(dates), { maxLength: 3 }).map((all) => {
    const kept: Change[] = []
    for (const each of all) if (kept.every((other) => !overlap(other.path, each.path))) kept.push(each)
    return kept
  })

function overlap(a: Path, b: Path): boolean {
  const shared = Math.min(a.length, b.length)
  return a.slice(0, shared).every((step, depth) => step === b[depth])
}
