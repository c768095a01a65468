import { StoreError } from '@isomodel/core/driver'

/** The store holds another model under the same name. */
export function modelMismatch(entity: string, what: string, here: string, wanted: string): StoreError {
  return new StoreError(
    `This memory() already holds ${entity} with another ${what}: ${here}, not ${wanted}. Give the changed model a ` +
      'memory() of its own, or the index another name',
    { code: 'MODEL_MISMATCH', entity },
  )
}

/** What was restored before the model was connected does not fit it. */
export function unfit(entity: string, cause: unknown): StoreError {
  return new StoreError(
    `What this memory() was restored to holds an ${entity} that does not fit the model. Connect the model that the ` +
      'snapshot was taken with, or begin with another snapshot',
    { code: 'CORRUPT', entity, cause },
  )
}

/** What was given to restore is none of our snapshots. */
export function foreignSnapshot(problem: string, cause?: unknown): StoreError {
  return new StoreError(`This is no snapshot that can be restored: ${problem}. Give what snapshot() returned`, {
    code: 'VALIDATION',
    cause,
  })
}
