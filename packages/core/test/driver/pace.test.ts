import { describe, expect, it } from 'vitest'
import { abortError, throwIfAborted } from '../../src/driver/abort.js'
import { fullJitter, sleep } from '../../src/driver/backoff.js'
import { checkToken, newToken } from '../../src/driver/token.js'
import { StoreError } from '../../src/errors/store-error.js'

describe('fullJitter', () => {
  it('doubles its longest wait up to the cap', () => {
    const longest = [0, 1, 2, 3, 4, 2_000].map((attempt) => fullJitter(attempt, { base: 10, cap: 100 }, () => 1))
    expect(longest).toStrictEqual([10, 20, 40, 80, 100, 100])
  })

  it('may wait not at all', () => {
    expect(fullJitter(9, { base: 10, cap: 100 }, () => 0)).toBe(0)
  })
})

describe('sleep', () => {
  it('waits', async () => {
    const started = performance.now()
    await sleep(20)
    expect(performance.now() - started).toBeGreaterThanOrEqual(19)
  })

  it('ends as soon as the signal fires', async () => {
    const controller = new AbortController()
    const waiting = sleep(60_000, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('does not start under a signal that has fired', async () => {
    await expect(sleep(60_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('abortError', () => {
  it('is TIMEOUT, and retryable, of a deadline', async () => {
    await expect(sleep(60_000, AbortSignal.timeout(1))).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true })
  })

  it('keeps the reason as its cause, and a StoreError as itself', () => {
    const reason = new Error('closed the tab')
    expect(abortError(AbortSignal.abort(reason))).toMatchObject({ code: 'ABORTED', retryable: false, cause: reason })
    const closed = new StoreError('closed', { code: 'CLOSED' })
    expect(() => throwIfAborted(AbortSignal.abort(closed))).toThrow(closed)
  })

  it('is nothing while no signal fired', () => {
    expect(() => throwIfAborted(undefined)).not.toThrow()
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow()
  })
})

describe('a write token', () => {
  it('is 21 URL-safe characters, the first the format version, and never the same', () => {
    const tokens = Array.from({ length: 5_000 }, newToken)
    expect(new Set(tokens).size).toBe(tokens.length)
    for (const token of tokens) expect(token).toMatch(/^1[A-Za-z0-9_-]{20}$/)
    expect(checkToken(tokens[0])).toBe(tokens[0])
  })

  it('uses every character of its alphabet', () => {
    expect(new Set(Array.from({ length: 500 }, newToken).join('')).size).toBe(64)
  })

  it.each([undefined, null, 7, '', '1short', `2${newToken().slice(1)}`, `${newToken()}x`, `1${'#'.repeat(20)}`])(
    'is not %s',
    (token) => {
      expect(() => checkToken(token)).toThrow(
        expect.objectContaining({ code: 'CORRUPT', message: expect.stringMatching(/upgrade/) }),
      )
    },
  )
})
