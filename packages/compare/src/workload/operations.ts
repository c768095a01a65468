import type { Db } from '@isomodel/core'
import type { PatternName } from '../shop/expected.js'
import { patternNames } from '../shop/expected.js'
import { patterns } from '../shop/patterns.js'
import type { workloadModel } from './model.js'

export type WorkloadDb = Db<typeof workloadModel>

/** The writes that are measured beside the sixteen patterns. */
export const writeNames = ['put', 'conditional update', 'counter'] as const
export type WriteName = (typeof writeNames)[number]
export type OperationName = PatternName | WriteName

export const operationNames: readonly OperationName[] = [...patternNames, ...writeNames]

/** What one call of an operation is given: an id that was loaded, and dates where it has a range. */
export interface OperationArguments {
  readonly id: string
  readonly from?: string
  readonly to?: string
}

/** One call; gives the number of entities that came back, so that two clients' answers can be held against each other. */
export type Operation = (asked: OperationArguments) => Promise<number>

export type Operations = { readonly [O in OperationName]: Operation }

/** A new value for each write: a store that is given what it has may skip the work. */
export function counting(): () => number {
  let value = 0
  return () => ++value
}

/** The operations as calls of isomodel's repositories. */
export function libraryOperations(db: WorkloadDb): Operations {
  const reads = Object.fromEntries(
    patternNames.map((name) => [name, async (asked: OperationArguments) => (await patterns[name](db, asked)).length]),
  ) as { readonly [P in PatternName]: Operation }
  const next = counting()
  return {
    ...reads,
    put: async ({ id }) => {
      await db.ProductViews.put({ productId: id, views: next(), state: 'open' }, { return: 'none' })
      return 1
    },
    'conditional update': async ({ id }) => {
      await db.ProductViews.update(
        { productId: id },
        { views: next() },
        { if: (o, { eq }) => eq(o.state, 'open'), return: 'none' },
      )
      return 1
    },
    counter: async ({ id }) => {
      await db.ProductViews.update({ productId: id }, (o, { add }) => add(o.views, 1), { return: 'none' })
      return 1
    },
  }
}
