import { type Capability, connect, type Entities, StoreError } from '@isomodel/core'
import type { Case } from './case.js'
import { CaseRun } from './case-run.js'
import { cases as all } from './cases.js'
import { ConformanceError } from './check.js'
import { CASE_TIMEOUT, type Harness } from './harness.js'
import { randomName } from './random-name.js'

/** The conformance suite over one harness; for `conformance()`, and for a runner of your own. */
export interface Suite {
  /** The cases that apply, in order. */
  readonly cases: readonly Case[]
  /** Runs one: resolves when it passes, also as an expected failure that fails or a refused lack of a capability. */
  run(one: Case): Promise<void>
  /** Ends it, and the harness with it. */
  close(): Promise<void>
}

/** A suite over a harness. Throws when `expectedFailures` names a case that does not exist. */
export function suite(harness: Harness, chosen: readonly Case[] = all): Suite {
  const cases = chosen.filter((one) => one.needs === undefined || harness[one.needs] !== undefined)
  const expected = harness.expectedFailures ?? {}
  const known = new Set([...all, ...chosen].map(({ id }) => id))
  const unknown = Object.keys(expected).find((id) => !known.has(id))
  if (unknown !== undefined)
    throw new TypeError(
      `expectedFailures of ${harness.name} names ${JSON.stringify(unknown)}, which is no case of the suite.`,
    )

  const namespace = randomName('c')
  let ready: Promise<readonly Capability[]> | undefined
  return {
    cases,
    async run(one) {
      ready ??= setUp(harness, namespace, cases)
      const reason = expected[one.id]
      const run = new CaseRun(harness, namespace, await ready)
      try {
        if (reason === undefined) await judged(one, run, harness)
        else await failing(one, run, harness, reason)
      } finally {
        await run.close()
      }
    },
    async close() {
      await harness.close?.()
    },
  }
}

async function judged(one: Case, run: CaseRun, harness: Harness): Promise<void> {
  const running = inTime(one.run(run), harness.timeout ?? CASE_TIMEOUT)
  if (one.requires === undefined || run.claims(one.requires)) return running
  try {
    await running
  } catch (error) {
    if (error instanceof StoreError && error.code === 'UNSUPPORTED') return
    throw new ConformanceError(
      `${one.requires} is not claimed, so the call should be refused with UNSUPPORTED; it failed otherwise`,
      { cause: error },
    )
  }
  throw new ConformanceError(`${one.requires} is not claimed, and yet it works: claim it`)
}

async function failing(one: Case, run: CaseRun, harness: Harness, reason: string): Promise<void> {
  try {
    await judged(one, run, harness)
  } catch {
    return
  }
  throw new ConformanceError(
    `it passes, but ${harness.name} expects it to fail (${reason}): it has healed, so take it out of expectedFailures`,
  )
}

async function inTime(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceError(`it did not end within ${milliseconds} ms`)), milliseconds)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Sets up the entities of all cases in the namespace that they share, and finds out what the adapter claims. */
async function setUp(harness: Harness, namespace: string, cases: readonly Case[]): Promise<readonly Capability[]> {
  const entities: Entities = Object.fromEntries(
    cases.flatMap((one) => Object.values(one.entities)).map((entity) => [entity.name, entity]),
  )
  const adapter = await harness.adapter(namespace)
  await using db = await connect<Entities, unknown>(
    adapter,
    entities as Parameters<typeof connect<Entities, unknown>>[1],
  )
  await db.setup()
  return adapter.capabilities
}
