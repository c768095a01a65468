import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { formatPath } from '../schema/value.js'

/** A step as `formatPath` writes it. */
const STEP = String.raw`(?:\.[\p{L}_$][\p{L}\p{N}_$]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])`

/**
 * The error without what lies below sensitive fields: the keys of a record are values too. What an error says of a field
 * itself stays.
 */
export function masked(model: EntityModel, error: StoreError): StoreError {
  if (model.sensitive.size === 0) return error
  const detail = [...model.sensitive].reduce(withoutSteps, error.detail)
  const [first, ...below] = error.path ?? []
  const hidden = below.length > 0 && model.sensitive.has(String(first))
  if (detail === error.detail && !hidden) return error
  const { code, retryable, outcome, store, operation, entity, key, cause } = error
  return new StoreError(detail, {
    code,
    retryable,
    outcome,
    ...(store === undefined ? {} : { store }),
    ...(operation === undefined ? {} : { operation }),
    ...(entity === undefined ? {} : { entity }),
    ...(key === undefined ? {} : { key }),
    ...(first === undefined ? {} : { path: [first] }),
    // An error of the library's own says the same again.
    ...(cause === undefined || cause instanceof StoreError ? {} : { cause }),
  })
}

function withoutSteps(text: string, field: string): string {
  const name = formatPath([field]).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}_$.])${name}${STEP}+`, 'gu'), `${formatPath([field])}[redacted]`)
}
