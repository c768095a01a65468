import { type Capability, type Claims, connect, defineEntity, UnsupportedError } from '@isomodel/core'
import type { Driver } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Case,
  type Counts,
  cases,
  conformance,
  type Outcome,
  type Runner,
  suite,
} from '../src/conformance/index.js'
import { type Wrong, wrongHarness } from './faults/wrapped.js'

const about = (capability: Capability): readonly Case[] => cases.filter(({ requires }) => requires.includes(capability))

/** Runs cases, and tells why each that failed did. */
async function run(wrong: Wrong, claims: Partial<Claims>, chosen: readonly Case[]): Promise<Run> {
  const { run, outcome, close } = suite(wrongHarness('claims', wrong, claims), chosen)
  const failures = new Map<string, string>()
  for (const one of chosen) await run(one).catch((error: Error) => failures.set(one.id, error.message))
  const shown = await outcome()
  await close()
  return { failures, shown }
}

interface Run {
  readonly failures: ReadonlyMap<string, string>
  readonly shown: Outcome | undefined
}

const withoutTransactions: Wrong = () => ({ transactions: { missing: 'it is a test' } })
const withoutChanges: Wrong = () => ({ changes: { missing: 'it is a test' } })
const eventual: Wrong = (driver) => lateIndexes(driver)
const nothing: Wrong = (driver, model) => ({
  ...withoutTransactions(driver, model),
  ...withoutChanges(driver, model),
  ...eventual(driver, model),
})

/** Says of its global indexes that they are eventual, and refuses strong reads by them. */
function lateIndexes(driver: Driver): Partial<Driver> {
  return {
    plan: (query) => {
      const plan = driver.plan(query)
      return query.index?.scope === 'global' ? { ...plan, freshness: 'eventual' } : plan
    },
    fetch: (plan, request, call) => {
      if (plan.freshness === 'eventual' && call.consistency === 'strong') throw unsupported()
      return driver.fetch(plan, request, call)
    },
  }
}

function unsupported(): UnsupportedError {
  return new UnsupportedError('It is a test, and its global indexes are eventual.')
}

const lacks: { readonly [C in Exclude<Capability, 'read:eventual'>]: Wrong } = {
  'transact:store': withoutTransactions,
  'changes:exact': withoutChanges,
  'index:strong': eventual,
}
const each = Object.entries(lacks) as [keyof typeof lacks, Wrong][]

describe('an adapter that claims', () => {
  it.each(each)('%s too much is red', async (capability, wrong) => {
    const { failures } = await run(wrong, {}, about(capability))
    expect([...failures.keys()]).toEqual(about(capability).map(({ id }) => id))
  })

  it.each(each)('%s too little is red', async (capability) => {
    const { failures } = await run(() => ({}), { [capability]: false }, about(capability))
    expect([...failures.keys()]).toEqual(about(capability).map(({ id }) => id))
    for (const message of failures.values())
      expect(message).toBe(`${capability} is not claimed, and yet it works: claim it`)
  })

  it('what its server then has not says so in connect, and every case with it', async () => {
    const { failures, shown } = await run(withoutTransactions, {}, cases.slice(0, 1))
    expect([...failures.values()]).toEqual([
      "connect: 'transact:store' is claimed, and this server has no transactions: it is a test.",
    ])
    expect(shown).toBeUndefined()
  })

  it('nothing, and has nothing, passes every case', async () => {
    const none = { 'transact:store': false, 'changes:exact': false, 'index:strong': false }
    const { failures, shown } = await run(nothing, none, suite(wrongHarness('claims', nothing)).cases)
    expect(Object.fromEntries(failures)).toEqual({})
    expect(shown).toMatchObject({ store: 'memory, broken', complete: true, capabilities: none })
    const counts = Object.values(shown?.rules ?? {})
    const sum = (ending: keyof Counts): number => counts.reduce((total, each) => total + each[ending], 0)
    const asking = cases.filter(({ requires }) => requires.length > 0)
    expect(sum('refused')).toBe(asking.length)
    expect(shown?.rules.P12).toEqual({
      passed: 0,
      refused: about('transact:store').filter(({ rule }) => rule === 'P12').length,
      expectedFailures: 0,
      failed: 0,
    })
  })
})

describe('connect', () => {
  const User = defineEntity({
    name: 'User',
    schema: z.object({ id: z.string(), email: z.string() }),
    key: { partition: ['id'] },
    uniques: { byEmail: ['email'] },
  })

  it('refuses unique constraints where there are no transactions, and frees what it opened', async () => {
    let closed = 0
    const wrong: Wrong = (driver) => ({
      transactions: { missing: 'it is a test' },
      close: () => {
        closed += 1
        return driver.close()
      },
    })
    const adapter = await wrongHarness('none', wrong, { 'transact:store': false }).adapter('x')
    // @ts-expect-error its type does not claim them either
    const error = await connect(adapter, { User }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UnsupportedError)
    expect((error as Error).message).toBe(
      "connect: User has uniques, which need transactions ('transact:store'): it is a test.",
    )
    expect(closed).toBe(1)
  })
})

describe('the outcome of a suite', () => {
  const one = cases.slice(0, 1)

  it('is plain data, with what the adapter claims and keeps to', async () => {
    const { shown } = await run(() => ({}), {}, one)
    expect(shown).toEqual({
      name: 'claims',
      store: 'memory, broken',
      capabilities: { 'read:eventual': false, 'index:strong': true, 'transact:store': true, 'changes:exact': true },
      limits: expect.objectContaining({ transactionItems: 1_000, scanSegments: 1, fillsIndexes: true }),
      complete: true,
      rules: { P1: { passed: 1, refused: 0, expectedFailures: 0, failed: 0 } },
    })
  })

  it('says when not every case was run, and what failed', async () => {
    const [first, second] = cases as readonly [Case, Case]
    const failing: Case = { ...first, run: () => Promise.reject(new Error('as it should')) }
    const { run, outcome } = suite(
      wrongHarness('partial', () => ({})),
      [failing, second],
    )
    expect(await outcome()).toBeUndefined()
    await expect(run(failing)).rejects.toThrow('as it should')
    expect(await outcome()).toMatchObject({ complete: false, rules: { P1: { passed: 0, failed: 1 } } })
  })

  it('goes to onEnd of conformance()', async () => {
    const ends: (() => Promise<void>)[] = []
    const runs: (() => Promise<void>)[] = []
    const runner: Runner = {
      describe: (_, define) => define(),
      it: (_, run) => runs.push(run),
      after: (end) => ends.push(end),
    }
    const outcomes: Outcome[] = []
    const only = ({ id }: Case): boolean => id === one[0]?.id
    conformance(
      wrongHarness('ended', () => ({})),
      runner,
      { only, onEnd: (outcome) => void outcomes.push(outcome) },
    )
    for (const run of [...runs, ...ends]) await run()
    expect(outcomes).toMatchObject([{ name: 'ended', complete: false, rules: { P1: { passed: 1 } } }])
  })
})
