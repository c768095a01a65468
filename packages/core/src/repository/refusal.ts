import type { Refusal, RefusalReason } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'

const words: { readonly [R in RefusalReason]: string } = {
  NOT_FOUND:
    'There is no such entity (or it has expired). Create it first, or use upsert, or update with orCreate: true.',
  ALREADY_EXISTS:
    'An entity with this key is there already. Use put to replace it, upsert to merge into it, or another key.',
  REVISION_MISMATCH:
    'The entity has been written since its revision was read. Read it again, decide again, and write with the new revision.',
  CONDITION_FAILED: 'The entity is there, but `if` does not hold of it. Read it to see what it is now.',
  INVALID_PATH:
    'The path does not lead into the stored entity: a parent is absent, or the list is shorter. Set the parent first.',
  INVALID_VALUE: 'The change does not fit what is stored there. Read the entity and set the value you mean.',
}

/** The error for a write that the store judged and left undone. */
export function refusalError(refusal: Refusal): StoreError {
  return new StoreError(refusal.message ?? words[refusal.reason], {
    code: refusal.reason,
    ...(refusal.path === undefined ? {} : { path: refusal.path }),
  })
}
