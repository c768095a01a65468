import { StoreError, type StoreErrorDetails } from './store-error.js'

/** A transaction that was refused because of one of its items; nothing of it was written. Its code is that item's reason. */
export class TransactionError extends StoreError {
  override readonly name: string = 'TransactionError'
  /** The item's place in the list that was given. */
  readonly index: number

  constructor(message: string, index: number, details: StoreErrorDetails) {
    super(message, details)
    this.index = index
  }

  protected override copy(details: StoreErrorDetails): StoreError {
    return new TransactionError(this.detail, this.index, details)
  }
}
