import type { Case } from '../conformance/case.js'
import type { Harness } from '../conformance/harness.js'
import { type Runner, registerSuite } from '../conformance/register.js'
import { suite } from '../conformance/suite.js'
import { generatedCase } from './generated-case.js'

/** Operations of one case. */
const OPERATIONS = 1_000

export interface GeneratedOptions {
  /** Operations in all, a thousand in each case. Default: 2,000. */
  readonly operations?: number
  /** What the first case's histories are drawn from; the others follow. Default: 1. */
  readonly seed?: number
}

/**
 * Registers tests that play generated histories of all operations on a store and on the reference model, and demand the
 * same answers: values, order, error codes with their paths, revisions, pages that go on after writes. A history that finds
 * a difference is shortened, and told as code.
 *
 * Everything follows from the seed that a test's title says, so that a failure comes again.
 *
 * @throws TypeError for a runner without `afterAll` or `after`, or an option that is no whole number of its range
 * @example
 * import * as vitest from 'vitest'
 * generated(harness, vitest, { operations: 100_000, seed: 7 })
 */
export function generated(harness: Harness, runner: Runner, options: GeneratedOptions = {}): void {
  registerSuite('generated histories', harness, suite(harness, generatedCases(options)), runner, {})
}

/** The cases that `generated` registers; for `suite`, and a runner of your own. */
export function generatedCases(options: GeneratedOptions = {}): readonly Case[] {
  return portions(options).flatMap(({ seed, operations }) => generatedCase(seed, operations))
}

/** The operations of each case, with its seed. */
export function portions({ operations = 2_000, seed = 1 }: GeneratedOptions): readonly Required<GeneratedOptions>[] {
  if (!Number.isSafeInteger(operations) || operations < 1)
    throw new TypeError(`operations is ${operations}: give a whole number from 1.`)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError(`seed is ${seed}: give a whole number from 0.`)
  return Array.from({ length: Math.ceil(operations / OPERATIONS) }, (_, at) => ({
    seed: seed + at,
    operations: Math.min(OPERATIONS, operations - at * OPERATIONS),
  }))
}
