import type { Change } from '@isomodel/core'
import * as fc from 'fast-check'
import type { Fields } from '../reference/kind.js'
import { changesOf, conditionsOn } from './places.js'
import type { StepAccess } from './step.js'
import type { Place, Subject } from './subject.js'
import { moments, mostly, orNull, partial, record } from './values.js'

const names = mostly(['a', 'b', 'A'], ['', 'a#'])
const emails = mostly(['a', 'A'], ['', '#', '😀'])
const rooms = fc.constantFrom(1, 2)
const seats = fc.constantFrom('', 'a', '2')
const visits = fc.constantFrom(0n, 1n, 2n ** 63n - 1n)

const key = { name: names }
const entities = partial({ ...key, email: orNull(emails), room: rooms, seat: seats, visits, until: moments }, ['name'])

const places: readonly Place[] = [
  { path: ['name'], values: names, ordered: true, text: true, fixed: true },
  { path: ['email'], values: emails, nullable: true, ordered: true, optional: true, text: true },
  { path: ['room'], values: rooms, ordered: true, optional: true },
  { path: ['seat'], values: seats, ordered: true, optional: true, text: true },
  { path: ['visits'], values: visits, ordered: true, sums: fc.constantFrom(1n, -1n, 2n ** 63n - 1n) },
  { path: ['until'], values: moments, ordered: true, optional: true },
]
const conditions = conditionsOn(places)

const accesses: fc.Arbitrary<StepAccess> = fc.oneof(
  record({ kind: fc.constant('GenMember'), partition: record<Fields>(key as never) }),
  record({
    kind: fc.constant('GenMember'),
    index: fc.constant('byRoom'),
    partition: record<Fields>({ room: rooms } as never),
  }),
  record({
    kind: fc.constant('GenMember'),
    index: fc.constant('byRoom'),
    partition: record<Fields>({ room: rooms } as never),
    where: conditions,
  }),
)

export const member: Subject = {
  kind: 'GenMember',
  keys: record<Fields>(key as never),
  entities,
  batched: partial({ ...key, room: rooms, visits, until: moments }, ['name']),
  conditions,
  changes: changesOf(places),
  accesses,
  names: ['name', 'email', 'visits', 'createdAt'],
  revision: true,
  wrong: fc.constantFrom(
    { field: 'email', value: 1, path: ['email'] },
    { field: 'room', value: '1', path: ['room'] },
    { field: 'name', value: null, path: ['name'] },
  ),
  wrongChanges: fc.constantFrom<Change>(
    { op: 'set', path: ['updatedAt'], value: new Date(0) },
    { op: 'remove', path: ['visits'] },
    { op: 'set', path: ['email'], value: 1 },
  ),
}
