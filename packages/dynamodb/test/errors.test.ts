import { StoreError } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { isCausedBy, isThrottled, toStoreError } from '../src/errors.js'

const at = { command: 'PutItem', tables: ['shop'], writes: true, left: true, signal: undefined }

function vendor(name: string, message = '', more: object = {}): Error {
  return Object.assign(new Error(message), { name }, more)
}

describe('errors', () => {
  it.each([
    ['ProvisionedThroughputExceededException', 'THROTTLED', true, 'not committed'],
    ['ThrottlingException', 'THROTTLED', true, 'not committed'],
    ['RequestLimitExceeded', 'THROTTLED', true, 'not committed'],
    ['AccessDeniedException', 'ACCESS_DENIED', false, 'not committed'],
    ['UnrecognizedClientException', 'ACCESS_DENIED', false, 'not committed'],
    ['CredentialsProviderError', 'ACCESS_DENIED', false, 'not committed'],
    ['RequestTimeTooSkewed', 'UNAVAILABLE', true, 'not committed'],
    ['InternalServerError', 'UNAVAILABLE', true, 'unknown'],
    ['TransactionConflictException', 'CONFLICT', true, 'not committed'],
    ['ItemCollectionSizeLimitExceededException', 'LIMIT_EXCEEDED', false, 'not committed'],
    ['ResourceNotFoundException', 'MODEL_MISMATCH', false, 'not committed'],
    ['TimeoutError', 'TIMEOUT', true, 'unknown'],
    ['SomethingNew', 'UNEXPECTED', false, 'unknown'],
  ] as const)('%s is %s', (name, code, retryable, outcome) => {
    const cause = vendor(name, 'vendor words')
    const error = toStoreError(cause, at)
    expect(error).toMatchObject({ code, retryable, outcome, store: 'DynamoDB', cause })
    expect(error.message).toContain('vendor words')
  })

  it.each([
    ['Item size has exceeded the maximum allowed size', 'LIMIT_EXCEEDED'],
    ['Item size to update has exceeded the maximum allowed size', 'LIMIT_EXCEEDED'],
    [
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
      'LIMIT_EXCEEDED',
    ],
    [
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      'LIMIT_EXCEEDED',
    ],
    [
      'Hash primary key values must be under 2048 bytes, and range primary key values must be under 1024 bytes',
      'LIMIT_EXCEEDED',
    ],
    ['Number overflow. Attempting to store a number with magnitude larger than supported range', 'LIMIT_EXCEEDED'],
    ['The table does not have the specified index: gsi1', 'MODEL_MISMATCH'],
    ['The provided key element does not match the schema', 'MODEL_MISMATCH'],
    ['One or more parameter values were invalid: Type mismatch for key pk expected: N actual: S', 'MODEL_MISMATCH'],
    ['Something else is wrong', 'UNEXPECTED'],
  ])('a ValidationException saying "%s" is %s, and nothing was written', (message, code) => {
    expect(toStoreError(vendor('ValidationException', message), at)).toMatchObject({ code, outcome: 'not committed' })
  })

  it.each([
    ['ECONNREFUSED', 'UNAVAILABLE', 'not committed'],
    ['ENOTFOUND', 'UNAVAILABLE', 'not committed'],
    ['ECONNRESET', 'UNAVAILABLE', 'unknown'],
    ['EPIPE', 'UNAVAILABLE', 'unknown'],
  ])('%s is %s, %s', (code, expected, outcome) => {
    const cause = vendor('Error', `${code} 127.0.0.1:8000`, { code })
    expect(toStoreError(cause, at)).toMatchObject({ code: expected, outcome, retryable: true })
    expect(toStoreError(vendor('Error', 'wrapped', { cause }), at)).toMatchObject({ code: expected, outcome })
  })

  it('tells what did not even connect, and a signature that was too old', () => {
    const silent = vendor(
      'TimeoutError',
      '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 3000 ms.',
    )
    expect(toStoreError(silent, at)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not committed' })
    expect(toStoreError(vendor('TimeoutError', 'read ECONNRESET', { code: 'ECONNRESET' }), at)).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'unknown',
    })
    expect(
      toStoreError(vendor('InvalidSignatureException', 'Signature expired: 2020 is now earlier than 2026'), at),
    ).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
  })

  it('names the addresses of a refused connection', () => {
    const each = [
      vendor('Error', 'connect ECONNREFUSED ::1:8000'),
      vendor('Error', 'connect ECONNREFUSED 127.0.0.1:8000'),
    ]
    const error = toStoreError(Object.assign(new AggregateError(each, String()), { code: 'ECONNREFUSED' }), at)
    expect(error.message).toMatch(/cannot be reached.*endpoint.*127\.0\.0\.1:8000/)
  })

  it('knows that nothing happened when nothing was sent, and nothing to lose when it was a read', () => {
    expect(toStoreError(vendor('Error', 'x', { code: 'ECONNRESET' }), { ...at, left: false }).outcome).toBe(
      'not committed',
    )
    expect(toStoreError(vendor('Error', 'x', { code: 'ECONNRESET' }), { ...at, writes: false }).outcome).toBe(
      'not committed',
    )
  })

  it('tells a missing table with the way out', () => {
    const error = toStoreError(vendor('ResourceNotFoundException', 'Requested resource not found'), at)
    expect(error.message).toMatch(/DynamoDB has no table shop .*await db\.setup\(\)/)
    expect(isCausedBy(error, 'ResourceNotFoundException')).toBe(true)
  })

  it('tells a missing region before anything was sent', () => {
    const error = toStoreError(vendor('Error', 'Region is missing'), { ...at, left: false })
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not committed', retryable: false })
    expect(error.message).toContain('AWS_REGION')
  })

  it('goes by the status where the name says nothing', () => {
    expect(toStoreError(vendor('Unknown', '', { $metadata: { httpStatusCode: 503 } }), at)).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'unknown',
    })
    const throttled = toStoreError(vendor('Unknown', '', { $metadata: { httpStatusCode: 429 } }), at)
    expect(throttled).toMatchObject({ code: 'THROTTLED' })
    expect(isThrottled(throttled)).toBe(true)
    expect(toStoreError(vendor('Unknown', '', { $metadata: { httpStatusCode: 400 } }), at)).toMatchObject({
      code: 'UNEXPECTED',
      outcome: 'not committed',
    })
  })

  it('tells an abort from a deadline, and whether the write may be there', () => {
    const aborted = AbortSignal.abort()
    expect(toStoreError(vendor('AbortError'), { ...at, signal: aborted })).toMatchObject({
      code: 'ABORTED',
      outcome: 'unknown',
    })
    expect(toStoreError(vendor('AbortError'), { ...at, left: false, signal: aborted })).toMatchObject({
      outcome: 'not committed',
    })
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'))
    expect(toStoreError(vendor('AbortError'), { ...at, signal: late })).toMatchObject({
      code: 'TIMEOUT',
      outcome: 'unknown',
    })
  })

  it('passes on what is a StoreError already', () => {
    const error = new StoreError('x', { code: 'CORRUPT' })
    expect(toStoreError(error, at)).toBe(error)
  })
})
