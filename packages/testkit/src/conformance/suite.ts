import { type Adapter, type Capability, type Entities, StoreError } from '@isomodel/core'
import { connectAny } from '../connect-any.js'
import type { Case } from './case.js'
import { CaseRun } from './case-run.js'
import { cases as all } from './cases.js'
import { ConformanceError } from './check.js'
import { CASE_TIMEOUT, type Harness } from './harness.js'
import { type Ending, type Outcome, Tally } from './outcome.js'
import { randomName } from './random-name.js'

/** The conformance suite over one harness; for `conformance()`, and for a runner of your own. */
export interface Suite {
  /** The cases that apply, in order. */
  readonly cases: readonly Case[]
  /** Runs one: resolves when it passes, also as an expected failure that fails or a refused lack of a capability. */
  run(one: Case): Promise<void>
  /** What the cases that were run have shown; undefined when the store could not be set up, or none was run. */
  outcome(): Promise<Outcome | undefined>
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
  const tally = new Tally()
  let ready: Promise<Tested> | undefined
  return {
    cases,
    async run(one) {
      ready ??= setUp(harness, namespace, cases)
      const { capabilities } = await ready
      const run = new CaseRun(harness, namespace, capabilities)
      const reason = expected[one.id]
      tally.end(one, 'failed')
      try {
        tally.end(one, await (reason === undefined ? judged(one, run, harness) : failing(one, run, harness, reason)))
      } finally {
        await run.close()
      }
    },
    async outcome() {
      const tested = await ready?.catch(() => undefined)
      return tested && { name: harness.name, ...tested, ...tally.of(cases) }
    },
    async close() {
      await harness.close?.()
    },
  }
}

async function judged(one: Case, run: CaseRun, harness: Harness): Promise<Ending> {
  const running = inTime(one.run(run), harness.timeout ?? CASE_TIMEOUT)
  const lacking = one.requires.filter((capability) => !run.claims(capability)).join(' and ')
  if (lacking === '') {
    await running
    return 'passed'
  }
  try {
    await running
  } catch (error) {
    if (isUnsupported(error)) return 'refused'
    throw new ConformanceError(
      `${lacking} is not claimed, so the call should be refused with UNSUPPORTED; it failed otherwise`,
      { cause: error },
    )
  }
  throw new ConformanceError(`${lacking} is not claimed, and yet it works: claim it`)
}

/** Also where the case was waiting for another refusal. */
function isUnsupported(error: unknown): boolean {
  const raised = error instanceof ConformanceError ? error.cause : error
  return raised instanceof StoreError && raised.code === 'UNSUPPORTED'
}

async function failing(one: Case, run: CaseRun, harness: Harness, reason: string): Promise<Ending> {
  try {
    await judged(one, run, harness)
  } catch {
    return 'expectedFailures'
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

/** What is found out of the adapter while it is set up. */
type Tested = Pick<Outcome, 'store' | 'capabilities' | 'limits'>

/** Sets up the entities of all cases in the namespace that they share, and finds out what the adapter claims. */
async function setUp(harness: Harness, namespace: string, cases: readonly Case[]): Promise<Tested> {
  const all: Entities = Object.fromEntries(
    cases.flatMap((one) => Object.values(one.entities)).map((entity) => [entity.name, entity]),
  )
  const adapter = (await harness.adapter(namespace)) as Adapter<Capability>
  const { store } = adapter
  try {
    await using db = await connectAny(adapter, all)
    await db.setup()
    return { store, capabilities: db.capabilities, limits: db.limits }
  } catch (error) {
    // Without transactions there are no unique constraints: their cases are to be refused in turn, and the others go on.
    const lacks = error instanceof StoreError && error.code === 'UNSUPPORTED' && !adapter.capabilities['transact:store']
    if (!lacks) throw error
  }
  const plain = Object.entries(all).filter(([, { model }]) => model.uniques.length === 0)
  await using db = await connectAny(adapter, Object.fromEntries(plain))
  await db.setup()
  return { store, capabilities: db.capabilities, limits: db.limits }
}
