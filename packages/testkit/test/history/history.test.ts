import { StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { type CounterInput, History } from '../../src/history/index.js'

const add: CounterInput = { do: 'add', key: 'a', amount: 1 }
const failed = (outcome: StoreError['outcome']) => async (): Promise<number> => {
  throw new StoreError('It failed.', { code: 'UNAVAILABLE', outcome })
}

describe('a history', () => {
  it('records what is concurrent as such, and tells the caller', async () => {
    const history = new History<CounterInput, number>()
    let release = (_: number): void => undefined
    const slow = history.record('p1', add, () => new Promise<number>((resolve) => (release = resolve)))
    expect(await history.record('p2', add, async () => 1)).toEqual({ status: 'ok', value: 1 })
    expect(history.operations[0]).toMatchObject({ returned: Number.POSITIVE_INFINITY, outcome: { status: 'unknown' } })
    release(2)
    await slow
    expect(history.operations).toEqual([
      { process: 'p1', input: add, invoked: 1, returned: 4, outcome: { status: 'ok', value: 2 } },
      { process: 'p2', input: add, invoked: 2, returned: 3, outcome: { status: 'ok', value: 1 } },
    ])
  })

  it.each([
    ['not committed', { status: 'refused', code: 'UNAVAILABLE' }],
    ['unknown', { status: 'unknown' }],
    ['committed', { status: 'ok', value: undefined }],
  ] as const)('takes a StoreError of a write that is %s as an outcome', async (outcome, recorded) => {
    const history = new History<CounterInput, number>()
    expect(await history.record('p1', add, failed(outcome))).toEqual(recorded)
    expect(history.operations).toMatchObject([{ invoked: 1, returned: 2, outcome: recorded }])
  })

  it('throws any other error on, and does not know what came of the call', async () => {
    const history = new History<CounterInput, number>()
    const broken = history.record('p1', add, async () => {
      throw new RangeError('a bug')
    })
    await expect(broken).rejects.toThrow(new RangeError('a bug'))
    expect(history.operations).toMatchObject([{ returned: Number.POSITIVE_INFINITY, outcome: { status: 'unknown' } }])
    expect(await history.record('p1', add, async () => 1)).toEqual({ status: 'ok', value: 1 })
  })

  it('refuses two operations of one process at once', async () => {
    const history = new History<CounterInput, number>()
    const first = history.record('p1', add, async () => 1)
    await expect(history.record('p1', add, async () => 2)).rejects.toThrow(
      'The process p1 is still in an operation: await it, or record the next one under another name.',
    )
    await first
    expect(history.operations).toHaveLength(1)
  })
})
