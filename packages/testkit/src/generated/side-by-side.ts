import { CaseRun } from '../conformance/case-run.js'
import { CASE_TIMEOUT, type Harness } from '../conformance/harness.js'
import { randomName } from '../conformance/random-name.js'
import type { Runner } from '../conformance/register.js'
import { type GeneratedOptions, portions } from './generated.js'
import { playAll } from './generated-case.js'

/**
 * As `generated`, with every history on several stores at once: each step on all of them and on the reference, under one
 * clock. The difference says which stores differ.
 *
 * @throws TypeError for no harness, a runner without `afterAll` or `after`, or an option that is no whole number of its range
 * @example
 * generatedSideBySide([onMemory, onRedis], vitest, { operations: 100_000, seed: 7 })
 */
export function generatedSideBySide(
  harnesses: readonly [Harness, ...Harness[]],
  runner: Runner,
  options: GeneratedOptions = {},
): void {
  const atEnd = runner.afterAll ?? runner.after
  if (atEnd === undefined)
    throw new TypeError(
      'generatedSideBySide needs afterAll (vitest, jest) or after (node:test), to close the harnesses.',
    )
  if (harnesses.length === 0) throw new TypeError('generatedSideBySide needs a harness or more.')
  const timeout = Math.max(...harnesses.map((harness) => harness.timeout ?? CASE_TIMEOUT))
  runner.describe(`generated histories of ${harnesses.map(({ name }) => name).join(', ')}`, () => {
    atEnd(async () => {
      await Promise.all(harnesses.map((harness) => harness.close?.()))
    })
    for (const { seed, operations } of portions(options)) {
      runner.it(
        `give the reference model's answers side by side (${operations} operations, seed ${seed})`,
        () => playOn(harnesses, seed, operations),
        timeout + 15_000,
      )
    }
  })
}

async function playOn(harnesses: readonly Harness[], seed: number, operations: number): Promise<void> {
  const runs = await Promise.all(harnesses.map(runOn))
  try {
    await playAll(Object.fromEntries(runs.map((run, at) => [harnesses[at]?.name ?? '', run])), seed, operations)
  } finally {
    await Promise.all(runs.map((run) => run.close()))
  }
}

async function runOn(harness: Harness): Promise<CaseRun> {
  const namespace = randomName('c')
  const { capabilities } = await harness.adapter(namespace)
  return new CaseRun(harness, namespace, capabilities)
}
