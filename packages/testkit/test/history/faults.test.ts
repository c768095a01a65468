import { describe, expect, it } from 'vitest'
import { suite } from '../../src/conformance/index.js'
import { historyCases, NotLinearizableError } from '../../src/history/index.js'
import { wrongHarness } from '../faults/wrapped.js'
import { concurrencyFaults } from './concurrency-faults.js'

// How calls meet is up to the moment: what nineteen of twenty histories find, one of four does.
const ROUNDS = 4

describe('in a history of calls at once, a driver with', () => {
  it.each(concurrencyFaults.map((fault) => [fault.name, fault] as const))('%s is caught', async (name, fault) => {
    const cases = historyCases({ rounds: ROUNDS, cut: 0 }).filter(({ topic }) => topic === fault.caughtBy)
    const { run, close } = suite(wrongHarness(name, fault.wrong), cases)
    const failed = (await Promise.allSettled(cases.map(run))).filter((round) => round.status === 'rejected')
    await close()
    expect(failed.length).toBeGreaterThan(0)
    for (const { reason } of failed) {
      expect(reason).toBeInstanceOf(NotLinearizableError)
      expect(reason).toMatchObject({ verdict: { status: 'not linearizable' } })
    }
  })
})
