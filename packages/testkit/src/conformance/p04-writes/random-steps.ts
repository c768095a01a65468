import type { Change, Condition } from '@isomodel/core'
import * as fc from 'fast-check'
import { changes, conditions, hours, ids, record, subjects } from './random-subject.js'

type Returning = 'old' | 'new' | 'none'
type Subject = { readonly [field: string]: unknown }

/** A guard of a step; the revision is said by what it is, since the store makes revisions up. */
export interface StepGuard {
  readonly if?: Condition
  readonly revision?: 'last' | 'stale' | 'unknown'
}

/** A write of one entity. */
export type WriteStep =
  | { readonly do: 'create'; readonly subject: Subject; readonly returning: Returning }
  | { readonly do: 'put'; readonly subject: Subject; readonly guard: StepGuard; readonly returning: Returning }
  | { readonly do: 'upsert'; readonly subject: Subject; readonly guard: StepGuard; readonly returning: Returning }
  | {
      readonly do: 'update'
      readonly id: string
      readonly changes: readonly Change[]
      readonly guard: StepGuard
      readonly orCreate: boolean
      readonly returning: Returning
    }
  | { readonly do: 'delete'; readonly id: string; readonly guard: StepGuard; readonly returning: 'old' | 'none' }

/** One operation of a random history, as plain data. */
export type Step =
  | WriteStep
  | { readonly do: 'putMany'; readonly subjects: readonly Subject[] }
  | { readonly do: 'deleteMany'; readonly ids: readonly string[] }
  | {
      readonly do: 'query'
      readonly index: 'byText' | 'byKind' | 'byBig' | undefined
      readonly kind: string
      readonly flag: boolean
      readonly where: Condition | undefined
      readonly reverse: boolean
      readonly limit: number | undefined
      readonly size: number
    }
  | { readonly do: 'wait'; readonly hours: number }

const returning = fc.constantFrom<Returning>('old', 'new', 'none')
const guard: fc.Arbitrary<StepGuard> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: record({ if: conditions }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { revision: fc.constantFrom('last', 'stale', 'unknown'), if: conditions },
      { requiredKeys: ['revision'], noNullPrototype: true },
    ),
  },
)
const of = <D extends Step['do']>(name: D): fc.Arbitrary<D> => fc.constant(name)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: record({ do: of('create'), subject: subjects, returning }) },
  { weight: 3, arbitrary: record({ do: of('put'), subject: subjects, guard, returning }) },
  { weight: 2, arbitrary: record({ do: of('upsert'), subject: subjects, guard, returning }) },
  {
    weight: 8,
    arbitrary: record({
      do: of('update'),
      id: ids,
      changes,
      guard,
      orCreate: fc.nat(3).map((n) => n === 0),
      returning,
    }),
  },
  { weight: 1, arbitrary: record({ do: of('delete'), id: ids, guard, returning: fc.constantFrom('old', 'none') }) },
  { weight: 2, arbitrary: record({ do: of('putMany'), subjects: fc.array(subjects, { maxLength: 5 }) }) },
  { weight: 1, arbitrary: record({ do: of('deleteMany'), ids: fc.array(ids, { maxLength: 3 }) }) },
  {
    weight: 5,
    arbitrary: record({
      do: of('query'),
      index: fc.constantFrom(undefined, 'byText', 'byKind', 'byBig'),
      kind: fc.constantFrom('x', 'y', 'z'),
      flag: fc.boolean(),
      where: fc.option(conditions, { nil: undefined }),
      reverse: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      size: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: record({ do: of('wait'), hours }) },
)

/** A history: an entity or two to begin with, then anything. */
export const histories: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    record({ do: of('putMany'), subjects: fc.array(subjects, { minLength: 1, maxLength: 4 }) }),
    fc.array(step, { maxLength: 10 }),
  )
  .map(([first, rest]) => [first, ...rest])
