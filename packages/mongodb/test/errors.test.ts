import { StoreError } from '@isomodel/core/driver'
import {
  MongoClientClosedError,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type Failed, refused, storeError, unconfirmed } from '../src/errors.js'

const write: Failed = { write: true, signal: undefined, hosts: 'db.example:27017' }
const read: Failed = { ...write, write: false }
const server = (code: number, message = 'the words of the server', more: object = {}): MongoServerError =>
  new MongoServerError({ message, errmsg: message, code, ...more })

describe('errors of the server', () => {
  it.each<[number, string, boolean, string]>([
    [13, 'ACCESS_DENIED', false, 'not committed'],
    [18, 'ACCESS_DENIED', false, 'not committed'],
    [26, 'MODEL_MISMATCH', false, 'not committed'],
    [50, 'TIMEOUT', true, 'unknown'],
    [59, 'UNSUPPORTED', false, 'not committed'],
    [85, 'MODEL_MISMATCH', false, 'not committed'],
    [91, 'UNAVAILABLE', true, 'unknown'],
    [112, 'CONFLICT', true, 'not committed'],
    [121, 'MODEL_MISMATCH', false, 'not committed'],
    [189, 'UNAVAILABLE', true, 'unknown'],
    [303, 'UNSUPPORTED', false, 'not committed'],
    [462, 'THROTTLED', true, 'not committed'],
    [10107, 'UNAVAILABLE', true, 'not committed'],
    [10334, 'LIMIT_EXCEEDED', false, 'not committed'],
    [11000, 'UNIQUE_VIOLATION', false, 'not committed'],
    [11602, 'UNAVAILABLE', true, 'unknown'],
    [17280, 'LIMIT_EXCEEDED', false, 'not committed'],
    [17419, 'LIMIT_EXCEEDED', false, 'not committed'],
    [424242, 'UNEXPECTED', false, 'not committed'],
  ])('with the code %i are %s', (code, expected, retryable, outcome) => {
    const cause = server(code)
    const error = storeError(cause, write)
    expect(error).toMatchObject({ code: expected, retryable, outcome, cause })
    expect(error.message).toContain('db.example:27017 said: the words of the server')
    expect(storeError(cause, read).outcome).toBe('not committed')
  })

  it('with one code for several causes are told apart by their words', () => {
    expect(storeError(server(2, 'hint provided does not correspond to an existing index'), read)).toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringContaining('Create it with await db.setup()'),
    })
    expect(storeError(server(2, 'Document exceeds maximum nested object depth'), write).code).toBe('LIMIT_EXCEEDED')
    expect(storeError(server(2, 'something else'), write).code).toBe('UNEXPECTED')
  })

  it('labelled as overloaded are throttling, whatever their code', () => {
    const overloaded = server(462, 'busy', { errorLabels: ['SystemOverloadedError', 'RetryableError'] })
    expect(storeError(overloaded, write)).toMatchObject({
      code: 'THROTTLED',
      retryable: true,
      outcome: 'not committed',
    })
  })

  it('of one write in a command read the same', () => {
    expect(refused(undefined, 121, 'Document failed validation', write)).toMatchObject({ code: 'MODEL_MISMATCH' })
  })

  it('about the write concern leave the outcome open', () => {
    expect(unconfirmed({ code: 64, errmsg: 'waiting for replication timed out' }, write)).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'unknown',
      message: expect.stringContaining('waiting for replication timed out'),
    })
  })
})

describe('errors of the client', () => {
  it('say where no server was found', () => {
    const cause = new MongoNetworkError('connect ECONNREFUSED 127.0.0.1:9')
    const error = storeError(new MongoServerSelectionError('no server', { error: cause } as never), write)
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: 'not committed' })
    expect(error.message).toMatch(/^MongoDB at db\.example:27017 cannot be reached .*Check that it runs/)
  })

  it('leave a write open when the connection broke', () => {
    const broken = new MongoNetworkError('read ECONNRESET')
    expect(storeError(broken, write)).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: 'unknown' })
    expect(storeError(broken, read)).toMatchObject({ retryable: true, outcome: 'not committed' })
    expect(storeError(new MongoNetworkTimeoutError('timed out'), write).outcome).toBe('unknown')
    const ofSocket = Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET' })
    expect(storeError(ofSocket, write)).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: 'unknown' })
  })

  it('know that nothing was sent before the handshake', () => {
    const broken = new MongoNetworkError('read ECONNRESET')
    broken.addErrorLabel('HandshakeError')
    expect(storeError(broken, write)).toMatchObject({ retryable: true, outcome: 'not committed' })
  })

  it('are named for what they are', () => {
    expect(storeError(new MongoClientClosedError(), write).code).toBe('CLOSED')
    expect(storeError(new MongoMissingCredentialsError('no password'), write).code).toBe('ACCESS_DENIED')
    expect(storeError(new RangeError('bug'), write)).toMatchObject({ code: 'UNEXPECTED', outcome: 'unknown' })
    const known = new StoreError('known', { code: 'CORRUPT' })
    expect(storeError(known, write)).toBe(known)
  })

  it('under a signal that fired are the signal’s', () => {
    const abort = new AbortController()
    abort.abort()
    const failed = { ...write, signal: abort.signal }
    expect(storeError(new Error('whatever'), failed)).toMatchObject({ code: 'ABORTED', outcome: 'unknown' })
    expect(storeError(new Error('whatever'), { ...failed, write: false })).toMatchObject({ outcome: 'not committed' })
  })
})
