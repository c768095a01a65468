import { describe, expect, it } from 'vitest'
import { suite } from '../../src/conformance/index.js'
import { generatedCases } from '../../src/generated/index.js'
import { faults } from '../faults/faults.js'
import { type Wrong, wrongHarness } from '../faults/wrapped.js'

const cases = generatedCases({ operations: 5_000 })

/** The first difference that the histories find on a driver that is wrong in this way. */
async function found(name: string, wrong: Wrong): Promise<string | undefined> {
  // Little time: a shorter history is of no use here.
  const { run, close } = suite({ ...wrongHarness(name, wrong), timeout: 10_000 }, cases)
  try {
    for (const one of cases) await run(one)
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    await close()
  }
}

describe('in generated histories, a driver with', () => {
  const [seen, unseen] = [faults.filter((fault) => !fault.unseen), faults.filter((fault) => fault.unseen)]

  it.each(seen.map((fault) => [fault.name, fault] as const))('%s is caught', async (name, { wrong }) => {
    expect(await found(name, wrong)).toContain('The history, shortened')
  })

  it.each(unseen.map((fault) => [fault.name, fault] as const))('%s cannot be', async (name, { wrong }) => {
    expect(await found(name, wrong)).toBeUndefined()
  })

  it('nothing wrong is not', async () => {
    expect(await found('nothing', () => ({}))).toBeUndefined()
  })
})
