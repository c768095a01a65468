import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UpdateOp } from '../../src/driver/contract.js'
import { indexWork } from '../../src/driver/index-work.js'
import { judge } from '../../src/driver/judge.js'
import { indexText } from '../../src/driver/key-text.js'
import type { Condition } from '../../src/query/condition.js'
import type { Values } from '../../src/schema/value.js'
import type { Change } from '../../src/write/change.js'
import { entity, int, object, slot, string } from '../support/build-model.js'

const nullish = { optional: true, nullable: true }
const type = object({
  id: string,
  seq: int,
  status: slot(string, nullish),
  rank: slot(int, nullish),
  other: slot(int, nullish),
})
const model = entity({
  type,
  partition: ['id'],
  sort: ['seq'],
  indexes: {
    byStatus: { partition: ['status'] },
    byRank: { partition: ['status'], sort: ['rank'] },
    bySeq: { partition: ['seq'] },
  },
})
const [byStatus, byRank, bySeq] = [model.indexes[0]!, model.indexes[1]!, model.indexes[2]!]
const key = { id: 'a', seq: 7 }

const update = (changes: Change[], condition?: Condition): UpdateOp => ({
  kind: 'update',
  entity: model,
  key,
  guard: { exists: 'present', ...(condition === undefined ? {} : { condition }) },
  token: 'T2',
  now: 0,
  returning: 'none',
  changes,
})
const set = (field: string, value: string | number | null): Change => ({ op: 'set', path: [field], value })
const remove = (field: string): Change => ({ op: 'remove', path: [field] })
const eq = (field: string, value: string | number | null): Condition => ({ op: 'eq', path: [field], value })

describe('indexWork', () => {
  it('is nothing for changes beside the index, and for an index of key fields', () => {
    expect(indexWork(model, byRank, update([set('other', 1)]))).toStrictEqual({ kind: 'untouched' })
    expect(indexWork(model, bySeq, update([set('rank', 1)]))).toStrictEqual({ kind: 'untouched' })
    expect(indexWork(model, byRank, update([]))).toStrictEqual({ kind: 'untouched' })
  })

  it('knows the entry when all fields are set in the call', () => {
    expect(indexWork(model, byStatus, update([set('status', 'x')]))).toStrictEqual({
      kind: 'known',
      text: indexText(model, byStatus, { ...key, status: 'x' }),
    })
    expect(indexWork(model, byRank, update([set('status', 'x'), set('rank', 1)]))).toStrictEqual({
      kind: 'known',
      text: indexText(model, byRank, { ...key, status: 'x', rank: 1 }),
    })
  })

  it('knows a field that the guard demands', () => {
    const guard: Condition = { op: 'and', conditions: [eq('status', 'x'), { op: 'exists', path: ['other'] }] }
    expect(indexWork(model, byRank, update([set('rank', 1)], guard))).toStrictEqual({
      kind: 'known',
      text: indexText(model, byRank, { ...key, status: 'x', rank: 1 }),
    })
  })

  it('knows that the entity leaves the index when a field goes, whatever the others are', () => {
    expect(indexWork(model, byRank, update([remove('rank')]))).toStrictEqual({ kind: 'known', text: undefined })
    expect(indexWork(model, byRank, update([set('status', null)]))).toStrictEqual({ kind: 'known', text: undefined })
    expect(indexWork(model, byRank, update([set('rank', 1)], eq('status', null)))).toStrictEqual({
      kind: 'known',
      text: undefined,
    })
  })

  it.each<[string, Change[], Condition | undefined]>([
    ['one of two fields', [set('rank', 1)], undefined],
    ['add', [set('status', 'x'), { op: 'add', path: ['rank'], value: 1 }], undefined],
    ['setIfAbsent', [{ op: 'setIfAbsent', path: ['status'], value: 'x' }, set('rank', 1)], undefined],
    [
      'a condition that leaves a choice',
      [set('rank', 1)],
      { op: 'or', conditions: [eq('status', 'x'), eq('status', 'y')] },
    ],
    ['a condition denied', [set('rank', 1)], { op: 'not', condition: eq('status', 'x') }],
  ])('needs a read for %s', (_, changes, condition) => {
    expect(indexWork(model, byRank, update(changes, condition))).toStrictEqual({ kind: 'needs-read' })
  })
})

it('never says another entry than the updated entity has', () => {
  const value = fc.constantFrom('x', 'y', null)
  const rank = fc.constantFrom(1, 2, null)
  const stored = fc.record(
    { id: fc.constant('a'), seq: fc.constant(7), status: value, rank, other: rank },
    { requiredKeys: ['id', 'seq'] },
  )
  const change = (field: string, values: fc.Arbitrary<string | number | null>): fc.Arbitrary<Change[]> =>
    fc.oneof(
      fc.constant<Change[]>([]),
      values.map((each) => [set(field, each)]),
      values.map((each): Change[] => [{ op: 'setIfAbsent', path: [field], value: each }]),
      fc.constant<Change[]>([remove(field)]),
    )
  const changes = fc
    .tuple(change('status', value), change('rank', rank), change('other', rank))
    .map((each) => each.flat())
  const condition = fc.option(
    fc
      .tuple(fc.option(value.map((each) => eq('status', each))), fc.option(rank.map((each) => eq('rank', each))))
      .map((parts): Condition => ({ op: 'and', conditions: parts.filter((part) => part !== null) })),
    { nil: undefined },
  )
  fc.assert(
    fc.property(stored, changes, condition, (values, each, guard) => {
      const op = update(each, guard)
      const judged = judge(op, { values: values as Values, token: 'T1' })
      if (judged.status === 'refused') return
      for (const index of model.indexes) {
        const before = indexText(model, index, values as Values)
        const after = indexText(model, index, judged.next as Values)
        const work = indexWork(model, index, op)
        if (work.kind === 'untouched') expect(after).toStrictEqual(before)
        if (work.kind === 'known') expect(work.text).toStrictEqual(after)
      }
    }),
    { numRuns: 2_000 },
  )
})
