import type { GeneratedOptions } from '@isomodel/testkit/generated'

/** `OPERATIONS=100000` plays as many operations, `SEED=7` draws others. */
export function generatedOptions(operations: number, { OPERATIONS, SEED } = process.env): GeneratedOptions {
  return { operations: OPERATIONS ? Number(OPERATIONS) : operations, ...(SEED ? { seed: Number(SEED) } : {}) }
}
