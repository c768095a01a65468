import { type ErrorCode, type Path, StoreError, TransactionError } from '@isomodel/core'
import { ReferenceRefusal } from '../reference/refusal.js'

/** What a call gave, or the refusal that it met. */
export type Answer = { readonly value: unknown } | Refused

export interface Refused {
  readonly code: ErrorCode
  readonly outcome: StoreError['outcome']
  readonly path: Path | undefined
  /** The item of a transaction that refused. */
  readonly item: number | undefined
}

/** What the reference gives or refuses. */
export type Expected = { readonly value: unknown } | { readonly refusal: ReferenceRefusal }

export async function answerOf(call: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await call() }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { code, outcome, path } = error
    return { code, outcome, path, item: error instanceof TransactionError ? error.index : undefined }
  }
}

export function expectedOf(call: () => unknown): Expected {
  try {
    return { value: call() }
  } catch (error) {
    if (error instanceof ReferenceRefusal) return { refusal: error }
    throw error
  }
}
