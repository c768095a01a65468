import type { Change, Condition, Path, Value, Values } from '@isomodel/core/driver'
import fc from 'fast-check'

const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom('a', 'quantity', 'x', 'ys', '__proto__', 'constructor', '', '$set', '10', '9'),
)
export const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => text.isWellFormed()),
  fc.constantFrom('', 'a', 'ab', 'abc', 'Z', '\u{1f600}', '\uff5e', '\u0000', "'", '5:x', 'ä'),
)
export const doubles = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -50, max: 50 }),
    fc.constantFrom(0.1, 0.2, 0.3, 5e-324, 1.7976931348623157e308, 1e21, 123456789012345680, 2 ** 53 - 1, 1e-7),
  )
  .map((value) => (value === 0 ? 0 : value))
export const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 10n ** 15n, -(10n ** 15n), 999_999_999_999_999n),
)
export const moments = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(new Date(0), new Date(-1), new Date(8.64e15), new Date(-8.64e15)),
)
const bytes = fc.uint8Array({ maxLength: 4 })

const scalar = fc.oneof(texts, doubles, int64, fc.boolean(), fc.constant(null), moments, bytes)
const sets = fc.oneof(
  fc.array(texts, { maxLength: 4 }).map((members) => new Set(members)),
  fc.array(doubles, { maxLength: 4 }).map((members) => new Set(members)),
  fc.array(int64, { maxLength: 4 }).map((members) => new Set(members)),
)

function objectOf(entries: readonly (readonly [string, Value])[]): Values {
  const object = {}
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

/** Any value that a store holds. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; object: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, sets, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.array(fc.tuple(names, tie('value')), { maxLength: 3 }).map(objectOf),
})).value

const line = fc
  .record({ quantity: doubles, note: texts }, { requiredKeys: ['quantity'] })
  .map((value) => ({ ...value }))
const optional = { requiredKeys: [] }

/** The fields of a Thing beyond its key, each often absent. */
export const fields: fc.Arbitrary<Values> = fc
  .record(
    {
      name: fc.oneof(texts, fc.constant(null)),
      price: fc.oneof(doubles, fc.constant(null)),
      count: fc.integer({ min: -1000, max: 1000 }),
      serial: int64,
      at: fc.oneof(moments, fc.constant(null)),
      hash: bytes,
      done: fc.boolean(),
      lines: fc.array(line, { maxLength: 3 }),
      tags: fc.oneof(
        fc.array(texts, { maxLength: 4 }).map((members) => new Set(members)),
        fc.constant(null),
      ),
      marks: fc.array(doubles, { maxLength: 4 }).map((members) => new Set(members)),
      scores: fc.array(fc.tuple(names, doubles), { maxLength: 4 }).map(objectOf),
      deep: fc.record(
        { inner: fc.record({ x: doubles, ys: fc.array(fc.integer(), { maxLength: 3 }) }, { requiredKeys: ['ys'] }) },
        optional,
      ),
      mixed: anyValue.filter((value) => value !== null),
      $token: texts,
      'größe#.': doubles,
      until: fc.oneof(
        fc.constantFrom(new Date(1_000), new Date(5_000), new Date(9_000_000_000_000)),
        fc.constant(null),
      ),
      extra: anyValue,
    },
    optional,
  )
  .map((values) => ({ ...values }) as Values)

const PATHS: readonly Path[] = [
  ['name'],
  ['price'],
  ['count'],
  ['serial'],
  ['at'],
  ['hash'],
  ['done'],
  ['lines'],
  ['lines', 0],
  ['lines', 1],
  ['lines', 2],
  ['lines', 0, 'quantity'],
  ['lines', 1, 'note'],
  ['lines', 0, 'new', 'deeper'],
  ['tags'],
  ['marks'],
  ['scores'],
  ['scores', 'a'],
  ['scores', '__proto__'],
  ['scores', ''],
  ['deep'],
  ['deep', 'inner'],
  ['deep', 'inner', 'x'],
  ['deep', 'inner', 'ys'],
  ['deep', 'inner', 'ys', 0],
  ['deep', 'absent', 'x'],
  ['mixed'],
  ['mixed', 'a'],
  ['mixed', 0],
  ['$token'],
  ['größe#.'],
  ['until'],
  ['extra'],
  ['extra', 'x'],
]
const paths = fc.constantFrom(...PATHS)
const INDEXED = ['name', 'price', 'count', 'serial', 'at', 'hash', 'done', 'until']
// What an index is over holds what its schema says, which core sees to.
const free = paths.filter(([field, ...below]) => below.length > 0 || !INDEXED.includes(field as string))
const ordered = fc.oneof(texts, doubles, int64, fc.boolean(), moments, bytes)

/** A condition on a Thing; its values are often ones that the Thing has. */
export const conditionOn = (values: Values): fc.Arbitrary<Condition> => {
  const present = Object.values(values)
  const inside = present.flatMap((value) => (Array.isArray(value) ? value : value instanceof Set ? [...value] : []))
  const known = [...present, ...inside, 'a', 1]
  const value = fc.oneof(fc.constantFrom(...known), anyValue)
  const sortable = fc.oneof(
    fc.constantFrom(
      ...known.filter(
        (one) => !(one === null || typeof one === 'object') || one instanceof Date || one instanceof Uint8Array,
      ),
    ),
    ordered,
  ) as typeof ordered
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.oneof(
        fc.record({ op: fc.constantFrom('eq' as const, 'ne' as const), path: paths, value }),
        fc.record({
          op: fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
          path: paths,
          value: sortable,
        }),
        fc.record({ op: fc.constant('between' as const), path: paths, low: sortable, high: sortable }),
        fc.record({ op: fc.constant('in' as const), path: paths, values: fc.array(value, { maxLength: 3 }) }),
        fc.record({ op: fc.constant('beginsWith' as const), path: paths, value: texts }),
        fc.record({ op: fc.constant('contains' as const), path: paths, value }),
        fc.record({ op: fc.constantFrom('exists' as const, 'notExists' as const), path: paths }),
      ),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        conditions: fc.array(tie('condition'), { maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), condition: tie('condition') }),
    ),
  })).condition
}

const members = (of: fc.Arbitrary<string | number>): fc.Arbitrary<ReadonlySet<string | number>> =>
  fc.array(of, { maxLength: 4 }).map((list) => new Set(list))

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ op: fc.constantFrom('set' as const, 'setIfAbsent' as const), path: free, value: anyValue }),
  fc.record({ op: fc.constant('remove' as const), path: paths }),
  fc.record({ op: fc.constant('add' as const), path: free, value: fc.oneof(doubles, int64) }),
  fc.record({
    op: fc.constantFrom('append' as const, 'prepend' as const),
    path: free,
    values: fc.array(anyValue, { maxLength: 3 }),
  }),
  fc.record({
    op: fc.constantFrom('addToSet' as const, 'deleteFromSet' as const),
    path: free.filter(([field]) => !['marks', 'mixed', 'extra'].includes(field as string)),
    values: members(texts),
  }),
  // A set holds members of one kind, which core sees to.
  fc.record({
    op: fc.constantFrom('addToSet' as const, 'deleteFromSet' as const),
    path: fc.constant(['marks']),
    values: members(doubles),
  }),
)

const assign = fc.constantFrom('set' as const, 'setIfAbsent' as const)

/** Changes that suit their fields, so that many of them succeed. */
const fitting: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    op: fc.constant('add' as const),
    path: fc.constantFrom(['price'], ['lines', 0, 'quantity'], ['scores', 'a']),
    value: doubles,
  }),
  fc.record({
    op: fc.constant('add' as const),
    path: fc.constant(['count']),
    value: fc.integer({ min: -900, max: 900 }),
  }),
  fc.record({ op: fc.constant('add' as const), path: fc.constant(['serial']), value: int64 }),
  fc.record({ op: assign, path: fc.constant(['name']), value: fc.oneof(texts, fc.constant(null)) }),
  fc.record({ op: assign, path: fc.constant(['at']), value: fc.oneof(moments, fc.constant(null)) }),
  fc.record({ op: assign, path: fc.constant(['hash']), value: bytes }),
  fc.record({ op: assign, path: fc.constant(['done']), value: fc.boolean() }),
  fc.record({
    op: assign,
    path: fc.constant(['until']),
    value: fc.constantFrom(new Date(1_000), new Date(9_000_000_000_000), null),
  }),
  fc.record({
    op: fc.constantFrom('append' as const, 'prepend' as const),
    path: fc.constantFrom(['lines'], ['deep', 'inner', 'ys']),
    values: fc.array(anyValue, { maxLength: 3 }),
  }),
)

/** Changes none of which lies in another's way. */
export const changes: fc.Arbitrary<readonly Change[]> = fc
  .array(fc.oneof(change, fitting), { maxLength: 5 })
  .map((list) => list.filter((one, at) => list.slice(0, at).every((other) => !overlap(one.path, other.path))))

function overlap(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((step, depth) => step === b[depth])
}
