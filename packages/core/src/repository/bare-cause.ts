import { BatchError } from '../errors/batch-error.js'
import { type ErrorCode, StoreError } from '../errors/store-error.js'

/** Their cause is the caller's own: what a callback threw, the reason of a signal. */
const OWN: ReadonlySet<ErrorCode> = new Set(['VALIDATION', 'ABORTED', 'TIMEOUT'])

/**
 * Leaves of the vendor's errors below an error only what they are. Their messages and fields may show values: a refused
 * document, the item that a condition met, the key that was there already.
 */
export function hideCauses(error: StoreError): void {
  if (error instanceof BatchError) for (const failure of error.failures) hideCauses(failure.error)
  const { cause } = error
  if (cause instanceof StoreError) hideCauses(cause)
  else if (cause !== undefined && !OWN.has(error.code)) error.cause = bare(cause)
}

function bare(cause: unknown): Error {
  const made = new Error('[redacted]')
  if (!(cause instanceof Error)) return made
  made.name = cause.name
  const frames = /^ {4}at [\s\S]*/m.exec(cause.stack ?? '')?.[0]
  made.stack = `${cause.name}: ${made.message}${frames === undefined ? '' : `\n${frames}`}`
  const { code } = cause as { readonly code?: unknown }
  return typeof code === 'string' || typeof code === 'number' ? Object.assign(made, { code }) : made
}
