import { describe, expect, it } from 'vitest'
import { type BatchReply, type BatchSpec, getBatch, runBatch, writeBatch } from '../../src/driver/batch.js'
import type { BatchOp, BatchOutcome, Driver, GetRequest, ReadCall, Stored } from '../../src/driver/contract.js'
import { StoreError } from '../../src/errors/store-error.js'
import { entity, object, string } from '../support/build-model.js'

const retry = { attempts: 5, base: 1, cap: 2 }
const ok = (value: string): BatchReply<string> => ({ status: 'done', value })
const spec = (
  send: BatchSpec<string, string>['send'],
  more: Partial<BatchSpec<string, string>> = {},
): BatchSpec<string, string> => ({
  identify: (item) => item.slice(0, 3),
  send,
  size: 10,
  concurrency: 3,
  divide: false,
  signal: undefined,
  retry,
  ...more,
})
const items = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at).padStart(3, '0'))
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

describe('runBatch', () => {
  it('chunks to the size, runs as many at once as allowed, and answers in the order asked', async () => {
    const chunks: number[] = []
    let running = 0
    let most = 0
    const results = await runBatch(
      items(95),
      spec(async (chunk) => {
        chunks.push(chunk.length)
        most = Math.max(most, ++running)
        await turn()
        running--
        return chunk.map(ok)
      }),
    )
    expect(results).toStrictEqual(items(95).map(ok))
    expect(chunks.toSorted((a, b) => a - b)).toStrictEqual([5, ...Array.from({ length: 9 }, () => 10)])
    expect(most).toBe(3)
  })

  it('sends nothing for nothing, and one chunk where there is no limit', async () => {
    const sent: number[] = []
    const send: BatchSpec<string, string>['send'] = async (chunk) => {
      sent.push(chunk.length)
      return chunk.map(ok)
    }
    expect(await runBatch([], spec(send))).toStrictEqual([])
    expect(sent).toStrictEqual([])
    await runBatch(items(50), spec(send, { size: Number.POSITIVE_INFINITY }))
    expect(sent).toStrictEqual([50])
  })

  it('sends items of one identity once, the last of them, and all get its result', async () => {
    const sent: string[] = []
    const results = await runBatch(
      ['000a', '001a', '000b', '000c'],
      spec(async (chunk) => {
        sent.push(...chunk)
        return chunk.map(ok)
      }),
    )
    expect(sent.toSorted()).toStrictEqual(['000c', '001a'])
    expect(results).toStrictEqual(['000c', '001a', '000c', '000c'].map(ok))
  })

  it('sends throttled items again until they are taken', async () => {
    const attempts = new Map<string, number>()
    const results = await runBatch(
      items(30),
      spec(async (chunk) =>
        chunk.map((item) => {
          const attempt = (attempts.get(item) ?? 0) + 1
          attempts.set(item, attempt)
          return attempt > Number(item) % 4 ? ok(item) : 'throttled'
        }),
      ),
    )
    expect(results).toStrictEqual(items(30).map(ok))
    expect([...attempts].every(([item, attempt]) => attempt === (Number(item) % 4) + 1)).toBe(true)
  })

  it('fails an item that stays throttled with THROTTLED, and it alone', async () => {
    let tries = 0
    const [first, second] = await runBatch(
      ['000', '001'],
      spec(async (chunk) =>
        chunk.map((item) => {
          if (item === '001') return ok(item)
          tries++
          return 'throttled'
        }),
      ),
    )
    expect(first).toMatchObject({
      status: 'failed',
      error: { code: 'THROTTLED', retryable: true, outcome: 'not committed' },
    })
    expect(second).toStrictEqual(ok('001'))
    expect(tries).toBe(retry.attempts)
  })

  it('sends a chunk again that surely left nothing behind, and no other', async () => {
    let calls = 0
    const flaky = await runBatch(
      items(3),
      spec(async (chunk) => {
        if (++calls === 1) throw new StoreError('busy', { code: 'THROTTLED', retryable: true })
        return chunk.map(ok)
      }),
    )
    expect(flaky).toStrictEqual(items(3).map(ok))

    calls = 0
    const lost = await runBatch(
      items(3),
      spec(async () => {
        calls++
        throw new StoreError('lost', { code: 'UNAVAILABLE', retryable: true, outcome: 'unknown' })
      }),
    )
    expect(calls).toBe(1)
    expect(lost.map((each) => each.status)).toStrictEqual(['failed', 'failed', 'failed'])
  })

  it('fails the items of a chunk that failed, and goes on with the others', async () => {
    const results = await runBatch(
      items(30),
      spec(async (chunk) => {
        if (chunk.includes('015')) throw new StoreError('no', { code: 'ACCESS_DENIED' })
        return chunk.map(ok)
      }),
    )
    const failed = results.flatMap((each, at) => (each.status === 'failed' ? [at] : []))
    expect(failed).toStrictEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  })

  it('finds the one item that cannot be read by halves, when reads may be repeated', async () => {
    let calls = 0
    const results = await runBatch(
      items(100),
      spec(
        async (chunk) => {
          calls++
          if (chunk.includes('042')) throw new StoreError('bad item', { code: 'CORRUPT' })
          return chunk.map(ok)
        },
        { divide: true, size: 100 },
      ),
    )
    expect(results.flatMap((each, at) => (each.status === 'failed' ? [[at, each.error.code]] : []))).toStrictEqual([
      [42, 'CORRUPT'],
    ])
    expect(calls).toBeLessThan(20)
  })

  it('does not hide an error that is none of the contract', async () => {
    const cause = new TypeError('bug')
    const [result] = await runBatch(
      ['000'],
      spec(async () => {
        throw cause
      }),
    )
    expect(result).toMatchObject({ status: 'failed', error: { code: 'UNEXPECTED', outcome: 'unknown', cause } })
  })

  it('stops at the deadline: what is done stays done, what is left says so', async () => {
    const controller = new AbortController()
    const results = await runBatch(
      items(40),
      spec(
        async (chunk) => {
          if (chunk.includes('010')) controller.abort()
          return chunk.map((item) => (item === '003' ? 'throttled' : ok(item)))
        },
        { signal: controller.signal, concurrency: 1, retry: { attempts: 9, base: 1, cap: 1 } },
      ),
    )
    const codes = results.map((each) => (each.status === 'done' ? 'done' : each.error.code))
    expect(codes.slice(4, 10)).toStrictEqual(Array.from({ length: 6 }, () => 'done'))
    expect(codes[3]).toBe('ABORTED')
    expect(codes.slice(20)).toStrictEqual(Array.from({ length: 20 }, () => 'ABORTED'))
  })
})

const model = entity({ name: 'Thing', type: object({ id: string }), partition: ['id'] })
const other = entity({ name: 'Other', type: object({ id: string }), partition: ['id'] })

/** The two batch methods of a driver over a map, with small limits. */
function driver(stored: Map<string, Stored>, sent: number[]): Driver {
  const name = ({ entity: of, key }: GetRequest): string => `${of.name}/${key.id}`
  const methods: Pick<Driver, 'limits' | 'get' | 'writeBatch'> = {
    limits: { getBatch: 4, writeBatch: 3, concurrency: 2, fillsIndexes: true, expiryLag: 'none' },
    get: async (requests) => {
      sent.push(requests.length)
      return requests.map((request) => stored.get(name(request)))
    },
    writeBatch: async (ops) => {
      sent.push(ops.length)
      return ops.map((op): BatchOutcome => {
        if (op.kind === 'delete') stored.delete(name(op))
        else if (op.key.id === 'bad')
          return { status: 'failed', error: new StoreError('too large', { code: 'LIMIT_EXCEEDED' }) }
        else stored.set(name(op), { values: op.values, token: op.token })
        return { status: 'done' }
      })
    },
  }
  return methods as Driver
}

const call: ReadCall = { signal: undefined, consistency: 'strong', sent: () => () => undefined }
const put = (id: string, token: string, of = model): BatchOp => ({
  kind: 'put',
  entity: of,
  key: { id },
  values: { id },
  guard: { exists: 'any' },
  token,
  now: 0,
  returning: 'none',
})

describe('getBatch', () => {
  it('reads each key once, tells entities apart, and gives no object twice', async () => {
    const sent: number[] = []
    const stored = new Map([
      ['Thing/a', { values: { id: 'a' }, token: 'T1' }],
      ['Other/a', { values: { id: 'a' }, token: 'T2' }],
    ])
    const request = (id: string, of = model): GetRequest => ({ entity: of, key: { id } })
    const asked = [request('a'), request('b'), request('a'), request('a', other), request('c'), request('d')]
    const results = await getBatch(driver(stored, sent), asked, call)
    expect(results.map((each) => each.status === 'done' && each.value?.token)).toStrictEqual([
      'T1',
      undefined,
      'T1',
      'T2',
      undefined,
      undefined,
    ])
    expect(sent).toStrictEqual([4, 1])
    const [first, , third] = results.map((each) => (each.status === 'done' ? each.value : undefined))
    expect(first).toStrictEqual(third)
    expect(first?.values).not.toBe(third?.values)
  })
})

describe('writeBatch', () => {
  it('writes the last of a key, and types the failure of one item', async () => {
    const sent: number[] = []
    const stored = new Map<string, Stored>()
    const ops = [put('a', 'T1'), put('bad', 'T2'), put('a', 'T3'), put('a', 'T4', other)]
    const results = await writeBatch(driver(stored, sent), ops, call)
    expect(results.map((each) => (each.status === 'done' ? 'done' : each.error.code))).toStrictEqual([
      'done',
      'LIMIT_EXCEEDED',
      'done',
      'done',
    ])
    expect([...stored].map(([name, { token }]) => [name, token])).toStrictEqual([
      ['Thing/a', 'T3'],
      ['Other/a', 'T4'],
    ])
    expect(sent).toStrictEqual([3])
  })
})
