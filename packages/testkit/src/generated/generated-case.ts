import * as fc from 'fast-check'
import { type Case, cases } from '../conformance/case.js'
import { ConformanceError, holds } from '../conformance/check.js'
import type { CaseContext } from '../conformance/context.js'
import { asCode } from './as-code.js'
import { entities } from './kinds.js'
import type { GeneratedDb } from './on-store.js'
import { Play } from './play.js'
import { Side } from './side.js'
import type { Step } from './step.js'
import { histories } from './steps.js'

/** Histories that are drawn from one seed of fast-check's. */
const DRAWN = 10

/** A case that plays so many operations, in histories that are drawn from the seed. */
export function generatedCase(seed: number, operations: number): readonly Case[] {
  const name = `give the reference model's answers (${operations} operations, seed ${seed})`
  return cases('P4', 'generated histories', {}, { [name]: (t) => playAll({ 'the store': t }, seed, operations) })
}

/** Plays histories on some stores side by side, each in a namespace of its own: histories begin with nothing. */
export async function playAll(
  contexts: { readonly [store: string]: CaseContext },
  seed: number,
  operations: number,
): Promise<void> {
  const [{ clock, id }] = Object.values(contexts) as [CaseContext]
  const until = Date.now() + Math.max(...Object.values(contexts).map(({ timeout }) => timeout)) * 0.8
  const transactions = Object.values(contexts).every((t) => t.claims('transact:store'))
  const { GenMember, ...others } = entities
  const stores = await Promise.all(
    Object.entries(contexts).map(async ([name, t]) => {
      const db = await t.fresh().connect(transactions ? { ...others, GenMember } : others, { now: clock.now })
      await db.setup()
      return { name, db: db as GeneratedDb, strong: t.claims('index:strong') }
    }),
  )
  let played = 0
  let run = 0
  const agrees = fc.asyncProperty(histories({ transactions }), async (history) => {
    run += 1
    const sides = stores.map(({ name, db, strong }) => new Side(name, db, strong))
    const play = new Play(sides, clock, `${id}-${run}`)
    try {
      await play.run(history)
      played += history.length
    } finally {
      await play.clear()
    }
  })
  for (let draw = 0; played < operations; draw += 1) {
    // What is left of the case's time when a history fails goes into finding a shorter one that fails too.
    const details = await fc.check(agrees, {
      seed: seed * 1_000 + draw,
      numRuns: DRAWN,
      interruptAfterTimeLimit: Math.max(until - Date.now(), 1),
    })
    if (details.failed) throw difference(details)
    holds(!details.interrupted, `only ${played} of ${operations} operations fitted into the time`)
  }
}

/** The difference, and the history that leads to it. */
function difference({ counterexample, errorInstance, numShrinks }: fc.RunDetails<[readonly Step[]]>): ConformanceError {
  const found = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  const code = asCode(counterexample?.[0] ?? [])
  return new ConformanceError(`${found}\n\nThe history, shortened ${numShrinks} times:\n\n${code}`, {
    cause: errorInstance,
  })
}
