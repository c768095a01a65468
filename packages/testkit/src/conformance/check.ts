import { type ErrorCode, StoreError } from '@isomodel/core'
import { differences, showDifferences } from '../same/difference.js'
import { show } from '../same/show.js'

/** A case's finding: what the store gave is not what the contract says. */
export class ConformanceError extends Error {
  override readonly name: string = 'ConformanceError'
  readonly actual: unknown
  readonly expected: unknown

  constructor(
    message: string,
    found: { readonly actual?: unknown; readonly expected?: unknown; readonly cause?: unknown } = {},
  ) {
    super(message, found.cause === undefined ? undefined : { cause: found.cause })
    this.actual = found.actual
    this.expected = found.expected
  }
}

/** Demands that two values are the same; see `differences` for what that means. */
export function same(actual: unknown, expected: unknown, what = 'the answer'): void {
  const found = differences(actual, expected)
  if (found.length === 0) return
  throw new ConformanceError(`${what} is not what it should be:\n${showDifferences(found, ['is', 'should be'])}`, {
    actual,
    expected,
  })
}

/** Demands that something holds. */
export function holds(truth: boolean, what: string): asserts truth {
  if (!truth) throw new ConformanceError(what)
}

/** What an error must say; fields that are left out may be anything. */
export interface ExpectedError {
  readonly outcome?: StoreError['outcome']
  readonly retryable?: boolean
  readonly path?: readonly (string | number)[]
  /** Must occur in the message, each. */
  readonly says?: readonly string[]
}

/**
 * Demands that a call is refused with a StoreError of this code (or one of these), and gives the error. A refused write
 * must not be in the store, so the outcome is 'not committed' unless said otherwise.
 */
export async function refused(
  call: Promise<unknown> | (() => unknown),
  code: ErrorCode | readonly ErrorCode[],
  expected: ExpectedError = {},
): Promise<StoreError> {
  const codes = typeof code === 'string' ? [code] : code
  const error = await rejection(call, codes.join(' or '))
  if (!(error instanceof StoreError)) {
    throw new ConformanceError(
      `the call failed with ${show(error)}, not with a StoreError of code ${codes.join(' or ')}`,
      { actual: error, cause: error },
    )
  }
  if (!codes.includes(error.code)) {
    throw new ConformanceError(`the call failed with ${error.code}, not ${codes.join(' or ')}: ${error.message}`, {
      actual: error.code,
      expected: code,
      cause: error,
    })
  }
  same(error.outcome, expected.outcome ?? 'not committed', `the outcome of ${error.code}`)
  if (expected.retryable !== undefined) same(error.retryable, expected.retryable, `retryable of ${error.code}`)
  if (expected.path !== undefined) same(error.path, expected.path, `the path of ${error.code}`)
  for (const words of expected.says ?? []) {
    holds(error.message.includes(words), `the message of ${error.code} does not say ${show(words)}: ${error.message}`)
  }
  return error
}

async function rejection(call: Promise<unknown> | (() => unknown), wanted: string): Promise<unknown> {
  let answer: unknown
  try {
    answer = await (typeof call === 'function' ? call() : call)
  } catch (error) {
    return error
  }
  throw new ConformanceError(`the call should be refused with ${wanted}; it gave ${show(answer)}`, {
    actual: answer,
    expected: wanted,
  })
}
