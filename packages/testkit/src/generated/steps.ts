import * as fc from 'fast-check'
import { collections, line, order } from './account.js'
import { event } from './event.js'
import { member } from './member.js'
import { note } from './note.js'
import type { Returning, Step, StepGuard, StepRead, StepScan, StepWrite } from './step.js'
import type { Subject } from './subject.js'
import { record, spans } from './values.js'

/** Longest history. Long enough that things meet, short enough to be read when it fails. */
const LONGEST = 24

const maybe = <T>(of: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> => fc.option(of, { freq, nil: undefined })
const returning = fc.constantFrom<Returning>('new', 'old', 'none')
const sizes = fc.integer({ min: 1, max: 3 })

function guardsOf({ conditions, revision }: Subject): fc.Arbitrary<StepGuard> {
  const condition = record({ if: conditions })
  const last = fc.constantFrom('last', 'last', 'stale', 'unknown')
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: condition },
    ...(revision
      ? [
          { weight: 1, arbitrary: record({ revision: last }) },
          { weight: 1, arbitrary: record({ revision: last, if: conditions }) },
        ]
      : []),
  ) as fc.Arbitrary<StepGuard>
}

const of = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value)

function writesOf(subject: Subject): fc.Arbitrary<StepWrite> {
  const kind = of(subject.kind)
  const guard = guardsOf(subject)
  const { entities: entity, keys: key, changes } = subject
  return fc.oneof(
    { weight: 3, arbitrary: record({ do: of('create'), kind, entity }) },
    { weight: 3, arbitrary: record({ do: of('put'), kind, entity, guard }) },
    { weight: 2, arbitrary: record({ do: of('upsert'), kind, entity, guard }) },
    {
      weight: 8,
      arbitrary: record({
        do: of('update'),
        kind,
        key,
        changes,
        guard,
        orCreate: fc.nat(3).map((n) => n === 0),
      }),
    },
    { weight: 1, arbitrary: record({ do: of('delete'), kind, key, guard }) },
  ) as fc.Arbitrary<StepWrite>
}

function itemsOf(subject: Subject): fc.Arbitrary<StepWrite> {
  const kind = of(subject.kind)
  const { keys: key } = subject
  return fc.oneof(
    { weight: 4, arbitrary: writesOf(subject) },
    { weight: 1, arbitrary: record({ do: of('check'), kind, key, guard: guardsOf(subject) }) },
    { weight: 1, arbitrary: record({ do: of('checkAbsent'), kind, key }) },
  ) as fc.Arbitrary<StepWrite>
}

function mistakesOf(subject: Subject, transactions: boolean): fc.Arbitrary<Step> {
  const kind = of(subject.kind)
  const entity = fc
    .tuple(subject.entities, subject.wrong, fc.constantFrom('create', 'put', 'upsert'))
    .map(([entity, { field, value, path }, how]): Pick<Extract<Step, { do: 'mistake' }>, 'write' | 'path'> => {
      const given = { ...entity, [field]: value }
      return {
        write:
          how === 'create'
            ? { do: how, kind: subject.kind, entity: given }
            : { do: how as 'put', kind: subject.kind, entity: given, guard: {} },
        path,
      }
    })
  const change = fc
    .tuple(
      record({ do: of('update'), kind, key: subject.keys, guard: of({}), orCreate: fc.boolean() }),
      subject.wrongChanges,
    )
    .map(([update, wrong]) => ({ write: { ...update, changes: [wrong] }, path: wrong.path }))
  const ways = transactions ? (['itself', 'batch', 'transaction'] as const) : (['itself', 'batch'] as const)
  return fc
    .tuple(fc.oneof(entity, change), fc.constantFrom(...ways))
    .map(([mistake, as]): Step => ({ do: 'mistake', ...mistake, as }))
}

const read = (accesses: fc.Arbitrary<StepRead['accesses']>): fc.Arbitrary<StepRead> =>
  fc
    .tuple(accesses, fc.boolean(), maybe(sizes, 2))
    .map(([accesses, reverse, limit]) => ({ accesses, reverse, ...(limit === undefined ? {} : { limit }) }))

const takes = fc.constantFrom<Extract<Step, { do: 'read' }>['take']>('all', 'first', 'one', 'count', 'walk', 1, 2)

function readsOf(subject: Subject): fc.Arbitrary<Step> {
  const { accesses, names } = subject
  const one = read(fc.tuple(accesses))
  return fc.oneof(
    { weight: 3, arbitrary: record({ do: of('read'), read: one, take: takes }) },
    {
      weight: 1,
      arbitrary: record({
        do: of('read'),
        read: one,
        take: takes,
        select: fc.subarray([...names], { minLength: 1 }) as unknown as fc.Arbitrary<[string]>,
      }),
    },
    { weight: 2, arbitrary: record({ do: of('open'), read: one, size: sizes }) },
  )
}

const scansOf = ({ kind, conditions }: Subject): fc.Arbitrary<StepScan> =>
  fc
    .tuple(maybe(conditions), fc.constantFrom(1, 3))
    .map(([where, segments]) => ({ kind, segments, ...(where && { where }) }))

/** A delete leaves nothing new to give. */
const writing = ([write, returned]: readonly [StepWrite, Returning]): Step => ({
  do: 'write',
  write,
  return: write.do === 'delete' && returned === 'new' ? 'none' : returned,
})

function stepsOf(subject: Subject, transactions: boolean): fc.Arbitrary<Step> {
  const kind = of(subject.kind)
  return fc.oneof(
    { weight: 15, arbitrary: fc.tuple(writesOf(subject), returning).map(writing) },
    { weight: 1, arbitrary: mistakesOf(subject, transactions) },
    { weight: 1, arbitrary: record({ do: of('get'), kind, keys: fc.array(subject.keys, { maxLength: 4 }) }) },
    {
      weight: 2,
      arbitrary: record({ do: of('putMany'), kind, entities: fc.array(subject.batched, { maxLength: 5 }) }),
    },
    { weight: 1, arbitrary: record({ do: of('deleteMany'), kind, keys: fc.array(subject.keys, { maxLength: 3 }) }) },
    { weight: 6, arbitrary: readsOf(subject) },
    {
      weight: 1,
      arbitrary: record({
        do: of('scan'),
        scan: scansOf(subject),
        take: fc.constantFrom<'all' | 'count'>('all', 'count'),
      }),
    },
    {
      weight: 2,
      arbitrary: record({
        do: of('scan'),
        scan: fc
          .tuple(scansOf(subject), maybe(fc.constantFrom(2, 3), 4))
          .map(([scan, budget]) => ({ ...scan, ...(budget && { budget }) })),
        take: sizes,
      }),
    },
  )
}

/**
 * A history: some entities to begin with, then anything. Where the store has no transactions, neither are there unique
 * values.
 */
export function histories({ transactions }: { readonly transactions: boolean }): fc.Arbitrary<readonly Step[]> {
  const all = transactions ? [note, member, order, line, event] : [note, order, line, event]
  // One kind by itself meets itself more often; all together meet each other.
  const kinds = [[note], [order, line], [event], ...(transactions ? [[member]] : []), all]
  return fc.oneof(...kinds.map((subjects) => historiesOf(subjects, transactions)))
}

function historiesOf(subjects: readonly Subject[], transactions: boolean): fc.Arbitrary<readonly Step[]> {
  const first = fc.oneof(
    ...subjects.map((subject) =>
      record({
        do: of('putMany'),
        kind: of(subject.kind),
        entities: fc.array(subject.batched, { maxLength: 10, size: 'max' }),
      }),
    ),
  )
  const account = fc.oneof(
    { weight: 2, arbitrary: record({ do: of('read'), read: read(collections), take: takes }) },
    { weight: 1, arbitrary: record({ do: of('open'), read: read(collections), size: sizes }) },
  )
  const items = fc.oneof(...subjects.map(itemsOf))
  const reads = fc.oneof(...subjects.map(({ kind, keys }) => record({ kind: of(kind), key: keys })))
  const together = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.array(items, { maxLength: 3 }), maybe(fc.constantFrom('t', 'u'), 2), fc.boolean())
        .map(
          ([writes, token, again]): Step =>
            token === undefined ? { do: 'transact', writes, again: false } : { do: 'transact', writes, token, again },
        ),
    },
    { weight: 1, arbitrary: record({ do: of('transactGet'), reads: fc.array(reads, { maxLength: 4 }) }) },
  )
  const step: fc.Arbitrary<Step> = fc.oneof(
    ...subjects.map((subject) => ({
      weight: Math.ceil(25 / subjects.length),
      arbitrary: stepsOf(subject, transactions),
    })),
    ...(subjects.includes(line) ? [{ weight: 3, arbitrary: account }] : []),
    ...(transactions ? [{ weight: 4, arbitrary: together }] : []),
    { weight: 4, arbitrary: record({ do: of('next'), walk: fc.nat(3), size: sizes }) },
    { weight: 3, arbitrary: record({ do: of('wait'), milliseconds: spans }) },
  ) as fc.Arbitrary<Step>
  return fc
    .tuple(first, fc.array(step, { maxLength: LONGEST - 1, size: 'max' }))
    .map(([first, rest]) => (first.entities.length === 0 ? rest : [first as Step, ...rest]))
}
