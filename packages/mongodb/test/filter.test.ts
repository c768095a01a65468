import type { Condition, LeafCondition, Path, Value } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { EntityCollection } from '../src/collection.js'
import { plainData } from '../src/plain-data.js'
import { thing } from './support/thing.js'

const { filters } = new EntityCollection(thing, '')
const compile = (condition: Condition): unknown => {
  const filter = filters.compile(condition)
  return typeof filter === 'object' ? plainData(filter) : filter
}
const eq = (path: Path, value: Value): Condition => ({ op: 'eq', path, value })
const double = (value: string): object => ({ $numberDouble: value })

describe('filters', () => {
  it.each<[string, Condition, unknown]>([
    ['a string', eq(['text'], 'x'), { text: { $eq: 'x' } }],
    ['what looks like an operator', eq(['text'], '$gt'), { text: { $eq: '$gt' } }],
    ['a number', eq(['total'], 1), { total: { $eq: double('1.0') } }],
    ['another kind', eq(['total'], 1n), false],
    ['a list of another kind', eq(['marks'], [1n]), false],
    ['null', eq(['text'], null), { text: { $type: 'null' } }],
    [
      'not equal',
      { op: 'ne', path: ['text'], value: 'x' },
      { text: { $exists: true }, $nor: [{ text: { $eq: 'x' } }] },
    ],
    ['not equal to another kind', { op: 'ne', path: ['total'], value: 'x' }, { total: { $exists: true } }],
    ['a set', eq(['tags'], new Set(['a', 'b'])), { tags: { $all: ['a', 'b'], $size: { $numberInt: '2' } } }],
    ['the empty set', eq(['tags'], new Set()), { tags: { $size: { $numberInt: '0' } } }],
    ['a list of scalars', eq(['marks'], [1]), { marks: { $eq: [double('1.0')] } }],
    [
      'a range',
      { op: 'between', path: ['total'], low: 1, high: 2 },
      { total: { $gte: double('1.0'), $lte: double('2.0') } },
    ],
    ['a range of another kind', { op: 'lt', path: ['total'], value: 'x' }, false],
    [
      'in',
      { op: 'in', path: ['text'], values: ['a', null, 5] },
      { $or: [{ text: { $in: ['a'] } }, { text: { $type: 'null' } }] },
    ],
    ['in nothing', { op: 'in', path: ['text'], values: [] }, false],
    ['a prefix', { op: 'beginsWith', path: ['text'], value: 'ab' }, { text: { $gte: 'ab', $lt: 'ac' } }],
    [
      'a prefix without an end',
      { op: 'beginsWith', path: ['text'], value: '\u{10ffff}' },
      { text: { $gte: '\u{10ffff}' } },
    ],
    ['the empty prefix', { op: 'beginsWith', path: ['text'], value: '' }, { text: { $gte: '' } }],
    ['a prefix of a number', { op: 'beginsWith', path: ['total'], value: 'a' }, false],
    ['a substring', { op: 'contains', path: ['text'], value: 'a.*\u0000é' }, { text: { $regex: 'a\\x2e\\x2a\\x00é' } }],
    ['a member', { op: 'contains', path: ['tags'], value: 'a' }, { tags: { $elemMatch: { $eq: 'a' } } }],
    ['a null element', { op: 'contains', path: ['names'], value: null }, { names: { $elemMatch: { $type: 'null' } } }],
    ['an element', { op: 'exists', path: ['lines', 2, 'note'] }, { 'lines.2.note': { $exists: true } }],
    ['an escaped name', eq(['stock', 'a.b'], 1), { 'stock.a%2eb': { $eq: double('1.0') } }],
    ['nothing at all', { op: 'or', conditions: [] }, false],
    ['anything', { op: 'and', conditions: [] }, true],
    ['a negation', { op: 'not', condition: eq(['text'], 'x') }, { $nor: [{ text: { $eq: 'x' } }] }],
    [
      'two of one path',
      { op: 'and', conditions: [eq(['text'], 'x'), eq(['text'], 'y')] },
      { text: { $eq: 'x' }, $and: [{ text: { $eq: 'y' } }] },
    ],
    [
      'two paths',
      { op: 'and', conditions: [eq(['text'], 'x'), eq(['total'], 1)] },
      { text: { $eq: 'x' }, total: { $eq: double('1.0') } },
    ],
  ])('hold %s', (_, condition, expected) => {
    expect(compile(condition)).toEqual(expected)
  })

  it.each<[string, LeafCondition]>([
    ['bytes by order, which BSON sorts by length', { op: 'gt', path: ['bytes'], value: Uint8Array.of(1) }],
    ['an object, whose fields have an order in BSON', { op: 'eq', path: ['place'], value: { floor: 1 } }],
    ['a list of objects', { op: 'eq', path: ['lines'], value: [] }],
    ['a list of lists, which an element may equal', { op: 'eq', path: ['grid'], value: [[1]] }],
    ['null where an element may be null', { op: 'eq', path: ['names'], value: null }],
    ['a step into a list of records, which may have that name', { op: 'eq', path: ['shelves', 0, 'a'], value: 1 }],
    ['a union', { op: 'eq', path: ['mixed'], value: 'x' }],
    ['a path that the schema does not have', { op: 'eq', path: ['text', 'x'], value: 'x' }],
  ])('leave %s to core', (_, condition) => {
    expect(filters.leaf(condition)).toBeUndefined()
    expect(filters.compile({ op: 'not', condition })).toBeUndefined()
  })
})
