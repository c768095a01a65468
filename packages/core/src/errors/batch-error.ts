import { StoreError, type StoreErrorDetails } from './store-error.js'

export interface BatchFailure {
  /** The item's place in the list that was given. */
  readonly index: number
  readonly key: { readonly [field: string]: unknown }
  readonly error: StoreError
}

/** A batch in which some items failed; all others are in the store. Its code is the first failure's. */
export class BatchError extends StoreError {
  override readonly name: string = 'BatchError'
  readonly failures: readonly BatchFailure[]

  constructor(message: string, failures: readonly BatchFailure[], details: StoreErrorDetails) {
    super(message, details)
    this.failures = failures
  }

  protected override copy(details: StoreErrorDetails): StoreError {
    return new BatchError(this.detail, this.failures, details)
  }
}
