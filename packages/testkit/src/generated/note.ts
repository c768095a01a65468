import type { Change, Path } from '@isomodel/core'
import * as fc from 'fast-check'
import type { Fields } from '../reference/kind.js'
import { changesOf, conditionsOn } from './places.js'
import type { StepAccess } from './step.js'
import type { Place, Subject } from './subject.js'
import { bigs, bytes, days, floats, ids, ints, moments, mostly, orNull, partial, record, texts } from './values.js'

const groups = mostly(['a'], ['', 'A', 'a#', '😀'])
const kinds = fc.constantFrom('x', 'y', 'z')
const lists = fc.array(ints, { maxLength: 3 })
const fews = fc.array(texts, { maxLength: 3 })
const row = partial({ a: ints, b: texts }, ['a'])
const rows = fc.array(row, { maxLength: 2 })
const sets = fc.array(texts, { maxLength: 3 }).map((members) => new Set(members))
const inner = partial({ c: texts })
const objects = partial({ a: ints, b: inner })
const records = fc.dictionary(fc.constantFrom('p', 'q.r', '$s'), floats, { maxKeys: 2, noNullPrototype: true })
const anys = fc.oneof(texts, ints, bigs, fc.boolean())
const untils = orNull(moments)

const key = { group: groups, id: ids }
const entities = partial(
  {
    ...key,
    text: orNull(texts),
    int: orNull(ints),
    big: bigs,
    float: floats,
    flag: fc.boolean(),
    day: days,
    bytes,
    kind: kinds,
    list: orNull(lists),
    few: fews,
    rows,
    set: orNull(sets),
    object: orNull(objects),
    record: records,
    any: anys,
    until: untils,
  },
  ['group', 'id'],
)

const places: readonly Place[] = [
  { path: ['id'], values: ids, ordered: true, text: true, fixed: true },
  { path: ['text'], values: texts, nullable: true, ordered: true, optional: true, text: true },
  { path: ['int'], values: ints, nullable: true, ordered: true, optional: true, sums: ints },
  { path: ['big'], values: bigs, ordered: true, optional: true, sums: bigs },
  { path: ['float'], values: floats, ordered: true, optional: true, sums: floats },
  { path: ['flag'], values: fc.boolean(), ordered: true, optional: true },
  { path: ['day'], values: days, ordered: true, optional: true },
  { path: ['bytes'], values: bytes, ordered: true, optional: true },
  { path: ['kind'], values: kinds, ordered: true },
  { path: ['list'], values: lists, nullable: true, optional: true, items: { one: ints, several: lists } },
  { path: ['list', 0], values: ints, ordered: true, optional: true, sums: ints },
  { path: ['list', 2], values: ints, ordered: true, optional: true },
  { path: ['few'], values: fews, optional: true, items: { one: texts, several: fews } },
  { path: ['rows'], values: rows, optional: true, items: { one: row, several: rows } },
  { path: ['rows', 0, 'a'], values: ints, ordered: true, sums: ints },
  { path: ['rows', 1, 'b'], values: texts, ordered: true, optional: true, text: true },
  { path: ['set'], values: sets, nullable: true, optional: true, members: texts },
  { path: ['object'], values: objects, nullable: true, optional: true },
  { path: ['object', 'a'], values: ints, ordered: true, optional: true, sums: ints },
  { path: ['object', 'b'], values: inner, optional: true },
  { path: ['object', 'b', 'c'], values: texts, ordered: true, optional: true, text: true },
  { path: ['record'], values: records, optional: true },
  { path: ['record', 'p'], values: floats, ordered: true, optional: true, sums: floats },
  { path: ['record', 'q.r'], values: floats, ordered: true, optional: true },
  { path: ['any'], values: anys, optional: true },
  { path: ['until'], values: moments, nullable: true, ordered: true, optional: true },
]

const conditions = conditionsOn(places)

const accesses: fc.Arbitrary<StepAccess> = fc
  .oneof(
    record({ partition: record({ group: groups }) }),
    record({ index: fc.constant('byText'), partition: record({ group: groups }) }),
    record({ index: fc.constant('byKind'), partition: record({ kind: kinds }) }),
    record({ index: fc.constant('byBig'), partition: record({ group: groups, flag: fc.boolean() }) }),
  )
  .chain((access) =>
    fc.option(conditions, { nil: undefined }).map((where) => ({
      kind: 'GenNote',
      ...(access as Omit<StepAccess, 'kind'>),
      ...(where && { where }),
    })),
  )

const wrong = (field: string, value: unknown, path: Path = [field]): { field: string; value: unknown; path: Path } => ({
  field,
  value,
  path,
})

const wrongChange = (change: Change): Change => change

export const note: Subject = {
  kind: 'GenNote',
  keys: record<Fields>(key as never),
  entities,
  batched: entities,
  conditions,
  changes: changesOf(places),
  accesses,
  names: ['id', 'text', 'int', 'set', 'object', 'until'],
  revision: true,
  wrong: fc.constantFrom(
    wrong('text', 5),
    wrong('text', '\ud800'),
    wrong('int', 21),
    wrong('int', 1.5),
    wrong('big', 2n ** 63n),
    wrong('big', 1),
    wrong('float', Number.NaN),
    wrong('float', Number.POSITIVE_INFINITY),
    wrong('day', new Date(Number.NaN)),
    wrong('bytes', [1]),
    wrong('kind', 'w'),
    wrong('few', ['a', 'b', 'c', 'd']),
    wrong('rows', [{ b: 'a' }], ['rows', 0, 'a']),
    wrong('set', ['a']),
    wrong('object', { b: { c: 1 } }, ['object', 'b', 'c']),
    wrong('record', { p: '1' }, ['record', 'p']),
    wrong('any', null),
    wrong('id', undefined),
  ),
  wrongChanges: fc.constantFrom(
    wrongChange({ op: 'set', path: ['id'], value: 'b' }),
    wrongChange({ op: 'set', path: ['none'], value: 1 }),
    wrongChange({ op: 'set', path: ['int'], value: 21 }),
    wrongChange({ op: 'set', path: ['revision'], value: 'r' }),
    wrongChange({ op: 'remove', path: ['kind'] }),
    wrongChange({ op: 'add', path: ['int'], value: 0.5 }),
    wrongChange({ op: 'add', path: ['big'], value: 1 }),
    wrongChange({ op: 'add', path: ['text'], value: 1 }),
    wrongChange({ op: 'append', path: ['set'], values: ['a'] }),
    wrongChange({ op: 'addToSet', path: ['list'], values: new Set([1]) }),
  ),
}
