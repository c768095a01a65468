import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AccountsInput,
  type AccountsOutput,
  accounts,
  type CounterInput,
  counter,
  linearizable,
  type Model,
  type Operation,
  type Outcome,
  type RegisterInput,
  type RegisterOutput,
  register,
  type UniqueInput,
  type UniqueOutput,
  uniqueValues,
} from '../../src/history/index.js'
import { isLinearizable } from './brute-force.js'
import { ok, refused, unknown } from './told.js'

type Told<I, O> = Pick<Operation<I, O>, 'input' | 'outcome'>

/** What there is of an input, with an outcome that its model may or may not allow. */
const pair = <I, O>(input: fc.Arbitrary<I>, outcome: fc.Arbitrary<Outcome<O>>): fc.Arbitrary<Told<I, O>> =>
  fc.record({
    input,
    outcome: fc.oneof({ weight: 4, arbitrary: outcome }, { weight: 1, arbitrary: fc.constant(unknown) }),
  })

/** Up to seven operations of which many are concurrent, and some touch. */
const history = <I, O>(told: fc.Arbitrary<Told<I, O>>): fc.Arbitrary<readonly Operation<I, O>[]> =>
  fc.array(
    fc
      .record({ told, invoked: fc.nat(8), lasts: fc.nat(5) })
      .map(({ told, invoked, lasts }) => ({ process: 'p', ...told, invoked, returned: invoked + lasts })),
    { minLength: 1, maxLength: 7 },
  )

const key = fc.constantFrom('a', 'b')
const value = fc.constantFrom(1, 2)
const revision = fc.constantFrom('r1', 'r2')
const entity: fc.Arbitrary<RegisterOutput> = fc.oneof(
  fc.constant(null),
  fc.record({ value, revision: fc.option(revision, { nil: 'r1' }) }),
)
const someOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const registers = history<RegisterInput, RegisterOutput>(
  fc.oneof(
    pair(fc.record({ do: fc.constant('get' as const), key }), entity.map(ok)),
    pair(
      fc.record({ do: someOf('create' as const, 'put' as const), key, value }),
      fc.oneof(entity.map(ok), someOf(refused('ALREADY_EXISTS'), refused('CONFLICT'))),
    ),
    pair(
      fc.record({ do: fc.constant('update' as const), key, value, ifRevision: revision }),
      fc.oneof(entity.map(ok), someOf(refused('NOT_FOUND'), refused('REVISION_MISMATCH'))),
    ),
    pair(
      fc.record({ do: fc.constant('update' as const), key, value, ifValue: value }),
      fc.oneof(entity.map(ok), someOf(refused('NOT_FOUND'), refused('CONDITION_FAILED'))),
    ),
    pair(
      fc.record({ do: fc.constant('delete' as const), key, ifRevision: revision }),
      someOf(ok(null), refused('NOT_FOUND'), refused('REVISION_MISMATCH')),
    ),
  ),
)

const counters = history<CounterInput, number>(
  fc.oneof(
    pair(fc.record({ do: fc.constant('get' as const), key }), fc.nat(3).map(ok)),
    pair(
      fc.record({ do: fc.constant('add' as const), key, amount: fc.constant(1) }),
      fc.oneof(fc.integer({ min: 1, max: 3 }).map(ok), someOf(ok<number>(), refused('THROTTLED'))),
    ),
  ),
)

const id = someOf('1', '2', '3')
const held = someOf(null, 'x', 'y')
const holder: fc.Arbitrary<Outcome<UniqueOutput>> = fc.oneof(
  held.map((value) => ok({ value })),
  someOf(ok(null), ok()),
)
const uniques = history<UniqueInput, UniqueOutput>(
  fc.oneof(
    pair(fc.record({ do: fc.constant('get' as const), id }), holder),
    pair(fc.record({ do: fc.constant('delete' as const), id }), someOf(ok(null))),
    pair(
      fc.record({ do: someOf('create' as const, 'put' as const, 'update' as const), id, value: held }),
      fc.oneof(holder, someOf(refused('UNIQUE_VIOLATION'), refused('NOT_FOUND'), refused('ALREADY_EXISTS'))),
    ),
  ),
)

const names = someOf('x', 'y')
const balances = fc.tuple(fc.nat(2), fc.nat(2))
const transfers = history<AccountsInput, AccountsOutput>(
  fc.oneof(
    pair(fc.record({ do: fc.constant('read' as const), accounts: fc.constant(['x', 'y']) }), balances.map(ok)),
    pair(
      fc.record({ do: fc.constant('transfer' as const), from: names, to: names, amount: fc.constant(1) }),
      fc.oneof(balances.map(ok), someOf(ok<AccountsOutput>(), refused('CONDITION_FAILED'), refused('VALIDATION'))),
    ),
  ),
)

interface Subject {
  readonly model: Model<unknown, unknown, unknown>
  readonly histories: fc.Arbitrary<readonly Operation<unknown, unknown>[]>
}
const subject = <S, I, O>(model: Model<S, I, O>, histories: fc.Arbitrary<readonly Operation<I, O>[]>): Subject => ({
  model: model as Model<unknown, unknown, unknown>,
  histories,
})
const subjects = [
  subject(register, registers),
  subject(counter, counters),
  subject(uniqueValues, uniques),
  subject(accounts({ x: 1, y: 1 }), transfers),
]

const RUNS = 3_000

describe('the checker and the definition give the same verdict', () => {
  it.each(subjects.map((one) => [one.model.name, one] as const))('of histories of %s', (_, { model, histories }) => {
    const verdicts = { linearizable: 0, 'not linearizable': 0, 'gave up': 0 }
    fc.assert(
      fc.property(histories, (operations) => {
        // The definition knows no keys: it takes each as a history of its own.
        const partitions = Map.groupBy(operations, ({ input }) => model.key?.(input)).values()
        const expected = [...partitions].every((members) => isLinearizable(members, model))
        const { status } = linearizable(operations, model)
        verdicts[status] += 1
        expect(status).toBe(expected ? 'linearizable' : 'not linearizable')
      }),
      { numRuns: RUNS, seed: 20_261_123 },
    )
    // Histories that are all alike would prove little.
    expect(verdicts['gave up']).toBe(0)
    expect(Math.min(verdicts.linearizable, verdicts['not linearizable'])).toBeGreaterThan(RUNS / 20)
  })
})
