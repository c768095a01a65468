import { defineEntity } from '@isomodel/core'
import * as fc from 'fast-check'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { ConformanceError, holds } from '../check.js'
import { RandomRun } from './random-run.js'
import { histories, type Step } from './random-steps.js'

const Subject = defineEntity({
  name: 'P4Random',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    text: z.string().nullable().optional(),
    int: z.int().min(-5).max(20).nullable().optional(),
    big: z.bigint().optional(),
    float: z.number().optional(),
    flag: z.boolean().optional(),
    day: z.date().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['x', 'y', 'z']).default('x'),
    list: z.array(z.int()).nullable().optional(),
    rows: z.array(z.object({ a: z.int(), b: z.string().optional() })).optional(),
    set: z.set(z.string()).nullable().optional(),
    object: z
      .object({ a: z.int().optional(), b: z.object({ c: z.string().optional() }).optional() })
      .nullable()
      .optional(),
    record: z.record(z.string(), z.number()).optional(),
    any: z.union([z.string(), z.int(), z.bigint(), z.boolean()]).optional(),
    until: z.date().nullable().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: {
    byText: { partition: ['group'], sort: ['text', 'int'] },
    byKind: { partition: ['group', 'kind'], sort: ['float'] },
    byBig: { partition: ['group', 'flag'], sort: ['big', 'day'] },
  },
  ttl: 'until',
  revision: true,
})

/** Fixed, so that a failure is the same in every run; each seed is a case of its own. */
const SEEDS = [1, 2]
const HISTORIES = 100

export const random: readonly Case[] = cases(
  'P4',
  'random histories',
  { Subject },
  Object.fromEntries(
    SEEDS.map((seed) => [
      `give the reference model's answers (seed ${seed})`,
      async (t, db) => {
        let run = 0
        const agrees = fc.asyncProperty(histories, async (history) => {
          run += 1
          await new RandomRun(t, db.Subject, `${t.id}-${run}`).play(history)
        })
        // What is left of the case's time when a history fails goes into finding a shorter one that fails too.
        const details = await fc.check(agrees, { seed, numRuns: HISTORIES, interruptAfterTimeLimit: t.timeout * 0.8 })
        if (details.failed) throw disagreement(details)
        holds(!details.interrupted, `only ${run} of ${HISTORIES} histories fitted into the time`)
      },
    ]),
  ),
)

/** The history on which store and reference differ, step by step, and the difference. */
function disagreement({ counterexample, errorInstance }: fc.RunDetails<[readonly Step[]]>): ConformanceError {
  const steps = (counterexample?.[0] ?? []).map((step, at) => `  ${at} ${fc.stringify(step)}`)
  const difference = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return new ConformanceError(`${difference}\n\nThe history:\n${steps.join('\n')}`, { cause: errorInstance })
}
