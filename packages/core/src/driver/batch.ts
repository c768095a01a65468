import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import type { Values } from '../schema/value.js'
import { abortError } from './abort.js'
import { type Backoff, fullJitter, sleep } from './backoff.js'
import type { BatchOp, Call, Driver, GetRequest, ReadCall, Stored } from './contract.js'
import { keyText } from './key-text.js'
import { placeText } from './place-text.js'

/** What became of one item of a batch. */
export type BatchResult<R> =
  | { readonly status: 'done'; readonly value: R }
  | { readonly status: 'failed'; readonly error: StoreError }

/** What a store says of one item of a request; 'throttled': not tried, to be sent again. */
export type BatchReply<R> = BatchResult<R> | 'throttled'

export interface BatchSpec<T, R> {
  /** Items of one identity travel once; the last of them, and all get its result. */
  readonly identify: (item: T) => string
  /** Sends one chunk; a reply for each item, in their order. */
  readonly send: (chunk: readonly T[]) => Promise<readonly BatchReply<R>[]>
  /** Most items of one chunk. */
  readonly size: number
  /** Most chunks under way at once. */
  readonly concurrency: number
  /** Whether a chunk that failed for what may be one item's fault may be sent again in halves (reads may). */
  readonly divide: boolean
  readonly signal: AbortSignal | undefined
  /** Told when items are sent again. */
  readonly retried?: Call['retried']
  /** Default: 10 times in all, waiting up to 50 ms at first and 5 s at most. */
  readonly retry?: Backoff & { readonly attempts: number }
}

/**
 * Sends any number of items in chunks from a pool of workers. Throttled items go again after a random, growing wait, until
 * attempts or deadline are used up; a worker that was throttled waits itself, so that the store gets less to do. Gives
 * a result for each item, in the order given; never rejects.
 */
export async function runBatch<T, R>(items: readonly T[], spec: BatchSpec<T, R>): Promise<readonly BatchResult<R>[]> {
  const jobs = new Map<string, Job<T, R>>()
  const asked = items.map((item) => {
    const identity = spec.identify(item)
    const same = jobs.get(identity)
    if (same !== undefined) {
      same.item = item
      return same
    }
    const job: Job<T, R> = { item, attempts: 0, together: spec.size, result: undefined }
    jobs.set(identity, job)
    return job
  })
  const queue = [...jobs.values()].reverse()
  const workers = Math.min(spec.concurrency, Math.max(1, Math.ceil(queue.length / spec.size)))
  await Promise.all(Array.from({ length: workers }, () => work(queue, spec)))
  return asked.map((job) => job.result as BatchResult<R>)
}

/** Reads any number of entities by key; a result for each request, in their order, no object given twice. */
export async function getBatch(
  driver: Driver,
  requests: readonly GetRequest[],
  call: ReadCall,
): Promise<readonly BatchResult<Stored | undefined>[]> {
  const results = await runBatch<GetRequest, Stored | undefined>(requests, {
    identify: identityOf,
    send: async (chunk) =>
      (await driver.get(chunk, call)).map((found) => (found === 'throttled' ? found : done(found))),
    size: driver.limits.getBatch,
    concurrency: driver.limits.concurrency,
    divide: true,
    ...passing(call),
  })
  const given = new Set<Stored>()
  return results.map((result) => {
    if (result.status === 'failed' || result.value === undefined) return result
    if (given.has(result.value)) return done(structuredClone(result.value))
    given.add(result.value)
    return result
  })
}

/** Writes any number of unguarded puts and deletes; of a repeated key the last wins. A result for each, in their order. */
export function writeBatch(
  driver: Driver,
  ops: readonly BatchOp[],
  call: Call,
): Promise<readonly BatchResult<undefined>[]> {
  return runBatch<BatchOp, undefined>(ops, {
    identify: identityOf,
    send: async (chunk) => {
      const outcomes = await driver.writeBatch(chunk, call)
      return outcomes.map((outcome) => {
        if (outcome.status === 'throttled') return outcome.status
        return outcome.status === 'done' ? done(undefined) : failed(outcome.error)
      })
    },
    size: driver.limits.writeBatch,
    concurrency: driver.limits.concurrency,
    divide: false,
    ...passing(call),
  })
}

function passing({ signal, retried }: Call): Pick<BatchSpec<never, never>, 'signal' | 'retried'> {
  return { signal, ...(retried === undefined ? {} : { retried }) }
}

interface Job<T, R> {
  item: T
  attempts: number
  /** Most items it may travel with. */
  together: number
  result: BatchResult<R> | undefined
}

const RETRY = { attempts: 10, base: 50, cap: 5_000 }

async function work<T, R>(queue: Job<T, R>[], spec: BatchSpec<T, R>): Promise<void> {
  for (let chunk = take(queue); chunk.length > 0; chunk = take(queue)) {
    if (spec.signal?.aborted === true) settle(chunk, failed(abortError(spec.signal)))
    else await sendChunk(chunk, queue, spec)
  }
}

function take<T, R>(queue: Job<T, R>[]): readonly Job<T, R>[] {
  const chunk: Job<T, R>[] = []
  for (let job = queue.pop(); job !== undefined; job = queue.pop()) {
    if (chunk.length >= Math.min(job.together, chunk[0]?.together ?? job.together)) {
      queue.push(job)
      break
    }
    chunk.push(job)
  }
  return chunk
}

async function sendChunk<T, R>(chunk: readonly Job<T, R>[], queue: Job<T, R>[], spec: BatchSpec<T, R>): Promise<void> {
  let replies: readonly BatchReply<R>[]
  try {
    replies = await spec.send(chunk.map((job) => job.item))
  } catch (thrown) {
    const error = asStoreError(thrown)
    if (isPassing(error)) return again(chunk, error, queue, spec)
    if (spec.divide && chunk.length > 1 && error.code === 'CORRUPT') {
      const half = Math.ceil(chunk.length / 2)
      for (const job of chunk) job.together = half
      putBack(chunk, queue)
    } else settle(chunk, failed(error))
    return
  }
  const throttled: Job<T, R>[] = []
  for (const [at, job] of chunk.entries()) {
    const reply = replies[at] as BatchReply<R>
    if (reply === 'throttled') throttled.push(job)
    else job.result = reply
  }
  if (throttled.length > 0) await again(throttled, throttledError(), queue, spec)
}

async function again<T, R>(
  jobs: readonly Job<T, R>[],
  reason: StoreError,
  queue: Job<T, R>[],
  { retry = RETRY, signal, retried }: BatchSpec<T, R>,
): Promise<void> {
  const left: Job<T, R>[] = []
  for (const job of jobs) {
    job.attempts++
    if (job.attempts < retry.attempts) left.push(job)
    else job.result = failed(reason)
  }
  const most = Math.max(...left.map((job) => job.attempts))
  if (left.length === 0) return
  try {
    await sleep(fullJitter(most - 1, retry), signal)
    retried?.()
    putBack(left, queue)
  } catch (aborted) {
    settle(left, failed(aborted))
  }
}

function throttledError(): StoreError {
  return new StoreError(
    'The store kept refusing the item for now: too many requests. It was not tried; do so later, or give the store ' +
      'more capacity',
    { code: 'THROTTLED', retryable: true },
  )
}

/** Whether a request surely left nothing behind and may succeed when sent again. */
function isPassing({ retryable, outcome, code }: StoreError): boolean {
  return retryable && outcome === 'not committed' && code !== 'TIMEOUT'
}

function putBack<T, R>(jobs: readonly Job<T, R>[], queue: Job<T, R>[]): void {
  for (const job of jobs) queue.push(job)
}

function settle<T, R>(jobs: readonly Job<T, R>[], result: BatchResult<R>): void {
  for (const job of jobs) job.result = result
}

function done<R>(value: R): BatchResult<R> {
  return { status: 'done', value }
}

function failed(error: unknown): { readonly status: 'failed'; readonly error: StoreError } {
  return { status: 'failed', error: asStoreError(error) }
}

function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError('The adapter failed in a way that is none of its contract; see the cause', {
    code: 'UNEXPECTED',
    outcome: 'unknown',
    cause: error,
  })
}

/** One text for one entity of all. */
export function identityOf({ entity, key }: { readonly entity: EntityModel; readonly key: Values }): string {
  return placeText(keyText(entity, key))
}
