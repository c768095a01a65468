import * as vitest from 'vitest'
import { describe, expect, it } from 'vitest'
import { type GeneratedOptions, generated, generatedCases, generatedSideBySide } from '../../src/generated/index.js'
import { memoryHarness } from '../memory-harness.js'

generated(memoryHarness(), vitest, { operations: 5_000 })
generatedSideBySide([memoryHarness(), { ...memoryHarness(), name: 'another memory' }], vitest, { operations: 500 })

describe('generated', () => {
  it.each<[GeneratedOptions, string]>([
    [{ operations: 0 }, 'operations is 0: give a whole number from 1.'],
    [{ operations: 1.5 }, 'operations is 1.5: give a whole number from 1.'],
    [{ seed: -1 }, 'seed is -1: give a whole number from 0.'],
    [{ seed: Number.NaN }, 'seed is NaN: give a whole number from 0.'],
  ])('refuses %o', (options, message) => {
    expect(() => generatedCases(options)).toThrow(new TypeError(message))
  })

  it('divides the operations, each part under a seed of its own', () => {
    expect(generatedCases({ operations: 2_500, seed: 7 }).map(({ name }) => name)).toEqual([
      "give the reference model's answers (1000 operations, seed 7)",
      "give the reference model's answers (1000 operations, seed 8)",
      "give the reference model's answers (500 operations, seed 9)",
    ])
  })

  it('needs the end of a runner, and a harness', () => {
    const runner = { describe: () => undefined, it: () => undefined }
    expect(() => generated(memoryHarness(), runner)).toThrow(
      'generated histories needs afterAll (vitest, jest) or after (node:test), to close the harness.',
    )
    expect(() => generatedSideBySide([memoryHarness()], runner)).toThrow(
      'generatedSideBySide needs afterAll (vitest, jest) or after (node:test), to close the harnesses.',
    )
    expect(() => generatedSideBySide([] as never, { ...runner, after: () => undefined })).toThrow(
      'generatedSideBySide needs a harness or more.',
    )
  })
})
