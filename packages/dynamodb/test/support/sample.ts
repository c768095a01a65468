import { defineEntity } from '@isomodel/core'
import type { Change, Condition, OrderedValue, Path, Value, Values } from '@isomodel/core/driver'
import fc from 'fast-check'
import { z } from 'zod'

const inner = z.object({
  text: z.string().optional(),
  n: z.int().optional(),
  far: z.object({ x: z.number().optional() }).optional(),
})

/** An entity with a field of every kind, a global, a local and a sparse index, and an expiry. */
export const Sample = defineEntity({
  name: 'Sample',
  schema: z.object({
    id: z.string(),
    seq: z.int(),
    level: z.int().default(1),
    title: z.string().nullable().optional(),
    pk: z.string().optional(),
    _odd: z.string().optional(),
    score: z.number().optional(),
    count: z.int().min(-20).max(20).nullable().optional(),
    rank: z.int().optional(),
    weight: z.number().optional(),
    big: z.bigint().optional(),
    flag: z.boolean().optional(),
    at: z.date().nullable().optional(),
    raw: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['a', 'b', 'ab']).optional(),
    tags: z.set(z.string()).nullable().optional(),
    nums: z.set(z.number()).optional(),
    bigs: z.set(z.bigint()).optional(),
    list: z.array(z.string()).nullable().optional(),
    items: z.array(z.object({ q: z.int().optional(), name: z.string().nullable().optional() })).optional(),
    deep: inner.nullable().optional(),
    record: z.record(z.string(), z.int()).optional(),
    mixed: z
      .union([z.string(), z.number(), z.bigint(), z.date(), z.object({ t: z.string(), v: z.number().optional() })])
      .nullable()
      .optional(),
    expires: z.date().nullable().optional(),
  }),
  key: { partition: ['id'], sort: ['seq'] },
  indexes: {
    byKind: { partition: ['kind'], sort: ['at', 'rank'] },
    byTitle: { partition: ['id'], sort: ['title'], scope: 'local' },
    byLevel: { partition: ['level'], sort: ['seq'] },
    byFlag: { partition: ['flag'], sort: ['weight'] },
  },
  ttl: 'expires',
})

/** Far ahead, so that the engine, which expires by its own clock, removes nothing. */
export const NOW = 4_102_444_800_500

const text = fc.constantFrom('', 'a', 'ab', 'b', '_', '__', '😀', '～', 'a#b', '$x')
const int = fc.integer({ min: -20, max: 20 })
const double = fc.constantFrom(0, 0.1, 0.2, -1.5, 1e20, 1e-7, 5, 12.25)
const big = fc.constantFrom(0n, 5n, -7n, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n)
const date = fc.constantFrom(0, -1, NOW, NOW + 1, 253402300800000, -62198755200000).map((ms) => new Date(ms))
const bytes = fc.uint8Array({ maxLength: 2 }).map((each) => new Uint8Array(each))
const expiry = fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 10_000).map((ms) => new Date(ms))
const setOf = <T extends string | number | bigint>(member: fc.Arbitrary<T>): fc.Arbitrary<ReadonlySet<T>> =>
  fc.array(member, { maxLength: 3 }).map((members) => new Set(members))
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 6 })
const defined = (record: object): Values =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Values
const object = (fields: Record<string, fc.Arbitrary<Value>>): fc.Arbitrary<Values> =>
  fc.record(fields, { requiredKeys: [] }).map(defined)

const item = object({ q: int, name: orNull(text) })
const deep = object({ text, n: int, far: object({ x: double }) })

/** What each field holds. */
export const fields: { readonly [field: string]: fc.Arbitrary<Value> } = {
  level: fc.integer({ min: 1, max: 2 }),
  title: orNull(text),
  pk: text,
  _odd: text,
  score: double,
  count: orNull(int),
  rank: int,
  weight: double,
  big,
  flag: fc.boolean(),
  at: orNull(date),
  raw: bytes,
  kind: fc.constantFrom('a', 'b', 'ab'),
  tags: orNull(setOf(text)),
  nums: setOf(double),
  bigs: setOf(big),
  list: orNull(fc.array(text, { maxLength: 3 })),
  items: fc.array(item, { maxLength: 3 }),
  deep: orNull(deep),
  record: object({ a: int, '': int, _: int, 'x.y': int }),
  mixed: orNull(fc.oneof(text, double, big, date, fc.record({ t: text }), fc.record({ t: text, v: double }))),
  expires: orNull(expiry),
}

export const keys: readonly { readonly id: string; readonly seq: number }[] = [
  { id: 'a#b', seq: -1 },
  { id: 'a#b', seq: 3 },
  { id: '😀', seq: 0 },
]

/** The fields of an entity beside its key; most of them absent. */
export const rest: fc.Arbitrary<Values> = fc.record(fields, { requiredKeys: ['level'] }).map(defined)

const at = (path: Path, values: fc.Arbitrary<Value>): readonly fc.Arbitrary<Change>[] => [
  values.map((value): Change => ({ op: 'set', path, value })),
  values.map((value): Change => ({ op: 'setIfAbsent', path, value })),
]
const addition = (path: Path, values: fc.Arbitrary<number | bigint>): fc.Arbitrary<Change> =>
  values.map((value): Change => ({ op: 'add', path, value }))
const members = (
  path: Path,
  values: fc.Arbitrary<ReadonlySet<string | number | bigint>>,
): readonly fc.Arbitrary<Change>[] => [
  values.map((each): Change => ({ op: 'addToSet', path, values: each })),
  values.map((each): Change => ({ op: 'deleteFromSet', path, values: each })),
]
const elements = (path: Path, values: fc.Arbitrary<readonly Value[]>): readonly fc.Arbitrary<Change>[] => [
  values.map((each): Change => ({ op: 'append', path, values: each })),
  values.map((each): Change => ({ op: 'prepend', path, values: each })),
]
const removal = (path: Path): fc.Arbitrary<Change> => fc.constant({ op: 'remove', path })
const index = fc.integer({ min: 0, max: 3 })

/** One change; `changes` picks several that do not overlap. */
const change: fc.Arbitrary<Change> = fc.oneof(
  ...Object.entries(fields).flatMap(([field, values]) => at([field], values)),
  ...Object.keys(fields)
    .filter((field) => field !== 'level')
    .map((field) => removal([field])),
  addition(['count'], int),
  addition(['score'], double),
  addition(['rank'], int),
  addition(['big'], big),
  ...members(['tags'], setOf(text)),
  ...members(['nums'], setOf(double)),
  ...members(['bigs'], setOf(big)),
  ...elements(['list'], fc.array(text, { maxLength: 2 })),
  ...elements(['items'], fc.array(item, { maxLength: 2 })),
  ...at(['deep', 'text'], text),
  ...at(['deep', 'far'], object({ x: double })),
  ...at(['deep', 'far', 'x'], double),
  addition(['deep', 'n'], int),
  removal(['deep', 'far']),
  removal(['deep', 'far', 'x']),
  ...at(['record', 'x.y'], int),
  ...at(['record', ''], int),
  addition(['record', 'a'], int),
  removal(['record', '_']),
  index.chain((i) => fc.oneof(...at(['list', i], text), removal(['list', i]))),
  index.chain((i) =>
    fc.oneof(
      ...at(['items', i], item),
      removal(['items', i]),
      addition(['items', i, 'q'], int),
      removal(['items', i, 'name']),
    ),
  ),
)

export const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { maxLength: 4 }).map((all) => {
  const kept: Change[] = []
  for (const each of all) if (!kept.some((other) => overlap(other.path, each.path))) kept.push(each)
  return kept
})

function overlap(a: Path, b: Path): boolean {
  const shorter = Math.min(a.length, b.length)
  for (let depth = 0; depth < shorter; depth++) if (a[depth] !== b[depth]) return false
  return true
}

const places: readonly (readonly [Path, fc.Arbitrary<Value>])[] = [
  ...Object.entries(fields).map(([field, values]) => [[field], values] as const),
  [['deep', 'text'], text],
  [['deep', 'far', 'x'], double],
  [['deep', 'n'], int],
  [['record', 'x.y'], int],
  [['record', ''], int],
  [['list', 0], text],
  [['items', 1], item],
  [['items', 0, 'q'], int],
  [['items', 0, 'name'], orNull(text)],
  [['mixed', 't'], text],
  [['mixed', 'v'], double],
  [['seq'], int],
]
const anything: fc.Arbitrary<Value> = fc.oneof(
  text,
  double,
  int,
  big,
  date,
  bytes,
  fc.boolean(),
  fc.constant(null),
  setOf(text),
  fc.array(text, { maxLength: 2 }),
  item,
)
const scalar = fc.oneof(text, double, int, big, date, bytes, fc.boolean())

const leaf: fc.Arbitrary<Condition> = fc.constantFrom(...places).chain(([path, values]) => {
  const value = fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: anything })
  const ordered = fc.oneof({ weight: 3, arbitrary: values }, { weight: 1, arbitrary: scalar }).map(orSomeText)
  return fc.oneof(
    fc.record({ op: fc.constantFrom('eq' as const, 'ne' as const), path: fc.constant(path), value }),
    fc.record({
      op: fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
      path: fc.constant(path),
      value: ordered,
    }),
    fc.record({ op: fc.constant('between' as const), path: fc.constant(path), low: ordered, high: ordered }),
    fc.record({ op: fc.constant('in' as const), path: fc.constant(path), values: fc.array(value, { maxLength: 3 }) }),
    fc.record({ op: fc.constant('beginsWith' as const), path: fc.constant(path), value: text }),
    fc.record({
      op: fc.constant('contains' as const),
      path: fc.constant(path),
      value: fc.oneof(text, double, big, anything),
    }),
    fc.record({ op: fc.constantFrom('exists' as const, 'notExists' as const), path: fc.constant(path) }),
  )
})

function orSomeText(value: Value): OrderedValue {
  if (value === null) return 'b'
  return typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array ? value : 'b'
}

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ one: Condition }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        conditions: fc.array(tie('one'), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), condition: tie('one') }) },
  ),
})).one
