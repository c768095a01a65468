import type { Change, Condition, Path } from '@isomodel/core'
import * as fc from 'fast-check'
import type { ReferenceShape } from '../../reference/reference.js'

export const shape: ReferenceShape = {
  key: ['group', 'id'],
  defaults: { kind: 'x' },
  indexes: {
    byText: { partition: ['group'], sort: ['text', 'int'] },
    byKind: { partition: ['group', 'kind'], sort: ['float'] },
    byBig: { partition: ['group', 'flag'], sort: ['big', 'day'] },
  },
  ttl: 'until',
  rangeOf: (path) => ranges[String(path[0])] ?? { kind: 'int' },
}

const ranges: { readonly [field: string]: ReturnType<ReferenceShape['rangeOf']> } = {
  int: { kind: 'int', min: -5, max: 20 },
  big: { kind: 'bigint' },
  float: { kind: 'double' },
  record: { kind: 'double' },
}

/** Plain objects, so that a failing history is short to read. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>

// Few values of each kind, so that they meet: in keys, in conditions, in sets.
const texts = fc.constantFrom('', 'a', 'ab', 'b', '#', '$', '\uffff', '😀')
const ints = fc.integer({ min: -5, max: 20 })
const bigs = fc.constantFrom(0n, 1n, -1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n))
const floats = fc.constantFrom(0, 0.1, 0.2, -1.5, 1e20, 3)
const days = fc.constantFrom(...[-1, 0, 1, 1e12].map((ms) => new Date(ms)))
const bytes = fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(1, 255), Uint8Array.of(200))
const kinds = fc.constantFrom('x', 'y', 'z')
const lists = fc.array(ints, { maxLength: 3 })
const rows = fc.array(fc.record({ a: ints, b: texts }, { requiredKeys: ['a'], noNullPrototype: true }), {
  maxLength: 2,
})
const sets = fc.array(texts, { maxLength: 3 }).map((members) => new Set(members))
const objects = fc.record(
  { a: ints, b: fc.record({ c: texts }, { requiredKeys: [], noNullPrototype: true }) },
  { requiredKeys: [], noNullPrototype: true },
)
const records = fc.dictionary(fc.constantFrom('p', 'q.r', '$s'), floats, { maxKeys: 2, noNullPrototype: true })
const anys = fc.oneof(texts, ints, bigs, fc.boolean())
const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { freq: 5 })

export const ids: fc.Arbitrary<string> = fc.constantFrom('', 'a', 'a#', '😀')

/**
 * The moments at which entities expire, in hours after the run's start; the clock moves in such steps too. Hours, since a
 * store that removes the expired by its own clock must not be faster than the case.
 */
export const hours: fc.Arbitrary<number> = fc.integer({ min: 1, max: 4 })

/** An entity's fields besides its group; `until` is in hours, to be made a Date of the run. */
export const subjects: fc.Arbitrary<{ readonly [field: string]: unknown }> = fc.record(
  {
    id: ids,
    text: orNull(texts),
    int: orNull(ints),
    big: bigs,
    float: floats,
    flag: fc.boolean(),
    day: days,
    bytes,
    kind: kinds,
    list: orNull(lists),
    rows,
    set: orNull(sets),
    object: orNull(objects),
    record: records,
    any: anys,
    until: fc.option(hours, { freq: 2 }),
  },
  { requiredKeys: ['id'], noNullPrototype: true },
)

interface Place {
  readonly path: Path
  readonly values: fc.Arbitrary<unknown>
  readonly ordered?: true
  readonly optional?: true
}

const places: readonly Place[] = [
  { path: ['text'], values: texts, ordered: true, optional: true },
  { path: ['int'], values: ints, ordered: true, optional: true },
  { path: ['big'], values: bigs, ordered: true, optional: true },
  { path: ['float'], values: floats, ordered: true, optional: true },
  { path: ['flag'], values: fc.boolean(), ordered: true, optional: true },
  { path: ['day'], values: days, ordered: true, optional: true },
  { path: ['bytes'], values: bytes, ordered: true, optional: true },
  { path: ['kind'], values: kinds, ordered: true },
  { path: ['list'], values: lists, optional: true },
  { path: ['list', 0], values: ints, ordered: true, optional: true },
  { path: ['list', 2], values: ints, ordered: true, optional: true },
  { path: ['rows'], values: rows, optional: true },
  { path: ['rows', 0, 'a'], values: ints, ordered: true },
  { path: ['rows', 1, 'b'], values: texts, ordered: true, optional: true },
  { path: ['set'], values: sets, optional: true },
  { path: ['object'], values: objects, optional: true },
  { path: ['object', 'a'], values: ints, ordered: true, optional: true },
  {
    path: ['object', 'b'],
    values: fc.record({ c: texts }, { requiredKeys: [], noNullPrototype: true }),
    optional: true,
  },
  { path: ['object', 'b', 'c'], values: texts, ordered: true, optional: true },
  { path: ['record'], values: records, optional: true },
  { path: ['record', 'p'], values: floats, ordered: true, optional: true },
  { path: ['record', 'q.r'], values: floats, ordered: true, optional: true },
  { path: ['any'], values: anys, optional: true },
]

const comparison = ({ path, values, ordered }: Place): fc.Arbitrary<Condition> =>
  fc.oneof(
    record({ op: fc.constantFrom('eq', 'ne'), path: fc.constant(path), value: values }),
    record({ op: fc.constantFrom('exists', 'notExists'), path: fc.constant(path) }),
    record({ op: fc.constant('in'), path: fc.constant(path), values: fc.array(values, { maxLength: 3 }) }),
    ...(ordered === undefined
      ? []
      : [
          record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), path: fc.constant(path), value: values }),
          record({ op: fc.constant('between'), path: fc.constant(path), low: values, high: values }),
        ]),
  ) as fc.Arbitrary<Condition>

const at = (...path: (string | number)[]): fc.Arbitrary<Path> => fc.constant(path)
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...places.map(comparison)) },
  record({
    op: fc.constant('beginsWith'),
    path: fc.oneof(at('text'), at('object', 'b', 'c'), at('id')),
    value: texts,
  }) as fc.Arbitrary<Condition>,
  record({
    op: fc.constant('contains'),
    path: fc.oneof(at('text'), at('set')),
    value: texts,
  }) as fc.Arbitrary<Condition>,
  record({ op: fc.constant('contains'), path: at('list'), value: ints }) as fc.Arbitrary<Condition>,
  record({ op: fc.constantFrom('eq', 'lt', 'gte'), path: at('id'), value: ids }) as fc.Arbitrary<Condition>,
)

export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    record({
      op: fc.constantFrom('and', 'or'),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
    }) as fc.Arbitrary<Condition>,
    record({ op: fc.constant('not'), condition: tie('condition') }) as fc.Arbitrary<Condition>,
  ),
})).condition

const setting = ({ path, values }: Place): fc.Arbitrary<Change> =>
  record({
    op: fc.constantFrom('set', 'setIfAbsent'),
    path: fc.constant(path),
    value: values,
  }) as fc.Arbitrary<Change>

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...places.map(setting)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...places.filter(({ optional }) => optional))
      .map(({ path }): Change => ({ op: 'remove', path })),
  },
  record({
    op: fc.constant('add'),
    path: fc.oneof(at('int'), at('list', 0), at('rows', 0, 'a'), at('object', 'a')),
    value: ints,
  }) as fc.Arbitrary<Change>,
  record({ op: fc.constant('add'), path: at('big'), value: bigs }) as fc.Arbitrary<Change>,
  record({
    op: fc.constant('add'),
    path: fc.oneof(at('float'), at('record', 'p')),
    value: floats,
  }) as fc.Arbitrary<Change>,
  record({ op: fc.constantFrom('append', 'prepend'), path: at('list'), values: lists }) as fc.Arbitrary<Change>,
  record({ op: fc.constantFrom('append', 'prepend'), path: at('rows'), values: rows }) as fc.Arbitrary<Change>,
  record({
    op: fc.constantFrom('addToSet', 'deleteFromSet'),
    path: at('set'),
    values: sets,
  }) as fc.Arbitrary<Change>,
)

export const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { maxLength: 4 })
