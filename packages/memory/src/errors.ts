import { StoreError } from '@isomodel/core/driver'

/** The store holds another model under the same name; `what` is the key, or an index by its name. */
export function modelMismatch(entity: string, what: string, here: string, wanted: string): StoreError {
  const remedy =
    what === 'key'
      ? 'Declare the key as it was, or give the changed model a memory() of its own.'
      : 'Declare it as it was, or give the new one another name, or the changed model a memory() of its own.'
  return new StoreError(
    `This memory() already holds ${entity} with another ${what}: ${here}, not ${wanted}. ${remedy}`,
    {
      code: 'MODEL_MISMATCH',
      entity,
    },
  )
}

/** The log no longer goes back so far. */
export function positionLost(): StoreError {
  return new StoreError(
    'This memory() no longer holds every change behind the position: it keeps the latest 10,000, and none from before restore(). Read all entities anew, and follow the changes from now on.',
    { code: 'POSITION_LOST' },
  )
}

/** What was restored before the model was connected does not fit it. */
export function unfit(entity: string, cause: unknown): StoreError {
  return new StoreError(
    `What this memory() was restored to holds an ${entity} that does not fit the model. Connect the model that the ` +
      'snapshot was taken with, or begin with another snapshot.',
    { code: 'CORRUPT', entity, cause },
  )
}

/** What was given to restore is none of our snapshots. */
export function foreignSnapshot(problem: string, cause?: unknown): StoreError {
  return new StoreError(`This is no snapshot that can be restored: ${problem}. Give what snapshot() returned.`, {
    code: 'VALIDATION',
    cause,
  })
}
