import { describe, expect, it } from 'vitest'
import {
  type CounterInput,
  counter,
  expectLinearizable,
  linearizable,
  NotLinearizableError,
  type Operation,
} from '../../src/history/index.js'
import { bad, good } from './known-histories.js'
import { ok, told, unknown } from './told.js'

const named = <T extends { readonly name: string }>(all: readonly T[]) => all.map((one) => [one.name, one] as const)

describe('linearizable', () => {
  it.each(named(good))('%s', (_, { operations, model }) => {
    expect(linearizable(operations, model)).toMatchObject({ status: 'linearizable' })
  })

  it.each(named(good))('%s, whatever the order they are given in', (_, { operations, model }) => {
    expect(linearizable(operations.toReversed(), model)).toMatchObject({ status: 'linearizable' })
  })
})

describe('not linearizable', () => {
  it.each(named(bad))('%s', (_, { operations, model }) => {
    expect(linearizable(operations, model)).toMatchObject({ status: 'not linearizable' })
  })

  it.each(named(bad))('%s: what is told of it is so', (_, { operations, model }) => {
    const verdict = linearizable(operations, model)
    if (verdict.status !== 'not linearizable') throw new Error(verdict.status)
    const { order, blocked, state } = verdict
    let reached: unknown = model.initial
    for (const [at, { input, outcome, invoked }] of order.entries()) {
      reached = model.step(reached, input, outcome)
      expect(reached).toBeDefined()
      for (const later of order.slice(at + 1)) expect(later.returned).toBeGreaterThanOrEqual(invoked)
    }
    expect(reached).toEqual(state)
    expect(order).not.toContain(blocked)
    const due = verdict.operations.filter(
      ({ returned, outcome }) => outcome.status !== 'unknown' && returned < blocked.returned,
    )
    expect(order).toEqual(expect.arrayContaining(due))
    expect(verdict.operations).toEqual(expect.arrayContaining([...order, blocked]))
    // What came later has no part in it: without it, the history is as bad.
    expect(linearizable(verdict.operations, model)).toMatchObject({ status: 'not linearizable', blocked })
  })
})

const add: CounterInput = { do: 'add', key: 'a', amount: 1 }

describe('the verdict', () => {
  it('counts partitions and configurations', () => {
    const operations = ['a', 'b', 'a'].map((key, at) =>
      told('1', [2 * at, 2 * at + 1], { do: 'add', key, amount: 1 } as const, ok(at === 2 ? 2 : 1)),
    )
    expect(linearizable(operations, counter)).toEqual({ status: 'linearizable', partitions: 2, configurations: 3 })
  })

  it('gives up at its budget, and says where', () => {
    const many = Array.from({ length: 12 }, (_, at) =>
      told(`${at}`, [1, 2], { ...add, amount: 2 ** at }, ok(undefined)),
    )
    const history = [...many, told('x', [3, 4], { do: 'get', key: 'a' } as const, ok(4096))]
    const verdict = linearizable(history, counter, { budget: 500 })
    expect(verdict).toMatchObject({ status: 'gave up', partition: 'a', operations: 13, budget: 500 })
    expect(linearizable(history, counter)).toMatchObject({ status: 'not linearizable' })
    expect(() => expectLinearizable(history, counter, { budget: 500 })).toThrow(
      'Gave up (counter, "a"): after 500 configurations it is not known whether the 13 operations are linearizable. Record ' +
        'fewer operations or processes, or spread them over more keys; `budget` allows for more configurations.',
    )
  })

  it('names what is at fault also where another partition was given up', () => {
    const many = Array.from({ length: 12 }, (_, at) =>
      told(`${at}`, [1, 2], { ...add, amount: 2 ** at }, ok(undefined)),
    )
    const history = [
      ...many,
      told('x', [3, 4], { do: 'get', key: 'a' } as const, ok(4096)),
      told('x', [5, 6], { do: 'get', key: 'b' } as const, ok(1)),
    ]
    expect(linearizable(history, counter, { budget: 500 })).toMatchObject({
      status: 'not linearizable',
      partition: 'b',
    })
  })

  it.each([0, 1.5, Number.NaN, -1])('refuses a budget of %s', (budget) => {
    expect(() => linearizable([], counter, { budget })).toThrow(
      `budget is ${budget}: give a positive whole number of configurations.`,
    )
  })

  it.each<[string, Operation<CounterInput, number>]>([
    ['Operation 0 (of 1) was invoked at 2 and returned at 1.', told('1', [2, 1], add, ok(1))],
    ['Operation 0 (of 1) was invoked at NaN: a moment is a finite number.', told('1', [Number.NaN, 1], add, ok(1))],
    [
      'Operation 0 (of 1) never returned, so its outcome cannot be ok: it is unknown.',
      told('1', [1, Number.POSITIVE_INFINITY], add, ok(1)),
    ],
  ])('%s', (message, operation) => {
    expect(() => linearizable([operation], counter)).toThrow(new RangeError(message))
  })

  it('is an error with a picture, which holds the verdict without printing it', () => {
    const history = [told('1', [1, 2], add, ok(1)), told('2', [3, 4], add, ok(1)), told('3', [3, 9], add, unknown)]
    const error = (() => {
      try {
        return expectLinearizable(history, counter)
      } catch (caught) {
        return caught
      }
    })()
    if (!(error instanceof NotLinearizableError)) throw error
    expect(Object.keys(error)).not.toContain('verdict')
    expect(error.verdict).toMatchObject({ status: 'not linearizable', blocked: history[1] })
    expect(error.message).toBe(
      [
        'Not linearizable (counter, "a"): no order of these 3 operations explains their answers.',
        'The longest that does has 1 and ends in 1; `add a 1 → 1` of 2, which had returned, has no place in it.',
        '',
        '  1  1  add a 1 → 1  ├─┤',
        '  ✗  2  add a 1 → 1     ├─┤',
        '  ?  3  add a 1 → ?      ├─…',
      ].join('\n'),
    )
  })
})
