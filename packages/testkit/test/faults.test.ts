import { describe, expect, it, vi } from 'vitest'
import { type Case, cases, suite } from '../src/conformance/index.js'
import type { Fault } from './faults/fault.js'
import { faults } from './faults/faults.js'
import { wrongHarness } from './faults/wrapped.js'

// A broken driver's cases end in long searches for a shorter history, and with the suite beside them two cores are busy.
vi.setConfig({ testTimeout: 180_000 })

const named = (ids: readonly string[]): readonly Case[] =>
  ids.map((id) => {
    const found = cases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    return found
  })

/** The ids of the cases that fail on a driver that is wrong in this way. */
async function caught({ name, wrong }: Fault, chosen: readonly Case[]): Promise<string[]> {
  const { run, close } = suite(wrongHarness(name, wrong), chosen)
  const failed: string[] = []
  for (const one of chosen) await run(one).catch(() => failed.push(one.id))
  await close()
  return failed
}

describe('a driver with', () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('%s is caught', async (_, fault) => {
    expect(await caught(fault, named(fault.caughtBy))).toEqual(fault.caughtBy)
  })
})

describe('a driver with nothing wrong', () => {
  it('passes every case that catches a fault', async () => {
    const ids = [...new Set(faults.flatMap(({ caughtBy }) => caughtBy))]
    expect(await caught({ name: 'nothing', wrong: () => ({}), caughtBy: [] }, named(ids))).toEqual([])
  })
})
