import { createServer } from 'node:net'
import type { StoreError, WriteOutcome } from '@isomodel/core/driver'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { redis } from '../src/index.js'
import { Counter } from './support/counter.js'
import { call, open, put, read, update } from './support/drive.js'
import { startProxy } from './support/proxy.js'
import { eachServer } from './support/server.js'

const model = Counter.model
const key = { name: 'hits' }
const increment = (): ReturnType<typeof update> =>
  update(model, { key, changes: [{ op: 'add', path: ['count'], value: 1 }] })
const failure = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error) => error,
  )

eachServer((server) => {
  describe.each(['a url', "a client with ioredis's own defaults"])('a dropped reply, on %s', (how) => {
    it('never makes an increment count twice, and its outcome is unknown', async () => {
      await using proxy = await startProxy(server.engine.address)
      const client = how === 'a url' ? undefined : new Redis(proxy.url)
      try {
        const { namespace } = server.options()
        await using opened = await open({ namespace, ...(client === undefined ? { url: proxy.url } : { client }) }, [
          Counter,
        ])
        await opened.driver.write(put(model, { name: 'hits', count: 0 }), call())

        proxy.cutReplyTo('EVALSHA')
        const op = increment()
        const error = await failure(opened.driver.write(op, call()))
        expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true, store: 'Redis' })
        expect(error.message).toMatch(/broke before the reply came/)

        // The connection comes back by itself, and the token tells that the write is there.
        const stored = await read(opened.driver, model, key)
        expect(stored).toEqual({ values: { name: 'hits', count: 1 }, token: op.token })
        expect(proxy.passed(op.token)).toBe(1)
        expect(client?.status ?? 'ready').toBe('ready')
      } finally {
        client?.disconnect()
      }
    })
  })

  it('a request that never left is known not to have happened', async () => {
    await using proxy = await startProxy(server.engine.address)
    await using opened = await open(server.options({ url: proxy.url, connectTimeout: 300 }), [Counter])
    await proxy[Symbol.asyncDispose]()
    // The first call may still find the connection open; from then on nothing can leave.
    await failure(opened.driver.write(increment(), call()))
    const error = await failure(opened.driver.write(increment(), call()))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not committed', retryable: true })
    expect(error.message).toMatch(`Redis at 127.0.0.1:${proxy.port} cannot be reached`)
  })

  it('a server that stops answering is given up after replyTimeout', async () => {
    await using proxy = await startProxy(server.engine.address)
    await using opened = await open(server.options({ url: proxy.url, replyTimeout: 200 }), [Counter])
    proxy.stall()
    const error = await failure(opened.driver.write(increment(), call()))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(error.message).toMatch(/200ms/)
  })

  it('an aborted call ends at once; a write that was under way is unknown, one that was not is not committed', async () => {
    await using proxy = await startProxy(server.engine.address)
    await using opened = await open(server.options({ url: proxy.url }), [Counter])
    proxy.stall()
    const controller = new AbortController()
    const writing = failure(opened.driver.write(increment(), call(controller.signal)))
    const reading = failure(opened.driver.get([{ entity: model, key }], call(controller.signal)))
    setTimeout(() => controller.abort(), 20)
    expect(await writing).toMatchObject({ code: 'ABORTED', outcome: 'unknown' })
    expect(await reading).toMatchObject({ code: 'ABORTED', outcome: 'not committed' })

    const late = call(AbortSignal.timeout(20))
    expect(await failure(opened.driver.write(increment(), late))).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' })
    const never = call(controller.signal)
    expect(await failure(opened.driver.write(increment(), never))).toMatchObject({ outcome: 'not committed' })
    expect(never.sentCommands).toEqual([])
  })

  it('forgotten scripts are sent again', async () => {
    await using opened = await open(server.options(), [Counter])
    await opened.driver.write(put(model, { name: 'hits', count: 0 }), call())
    await server.client.script('FLUSH')
    const at = call()
    await opened.driver.write(increment(), at)
    expect(at.sentCommands).toEqual(['EVALSHA', 'EVAL'])
    const again = call()
    await opened.driver.write(increment(), again)
    expect(again.sentCommands).toEqual(['EVALSHA'])

    await server.client.script('FLUSH')
    const names = Array.from({ length: 5 }, (_, at) => `n${at}`)
    const outcomes = await opened.driver.writeBatch(
      names.map((name) => put(model, { name, count: 1 }) as never),
      call(),
    )
    expect(outcomes).toEqual(names.map(() => ({ status: 'done' })))
    expect((await read(opened.driver, model, key))?.values.count).toBe(2)
  })

  it('keeps each of 50 concurrent increments', async () => {
    await using opened = await open(server.options(), [Counter])
    await opened.driver.write(put(model, { name: 'hits', count: 0 }), call())
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => opened.driver.write(increment(), call())))
    expect(outcomes.every(({ status }: WriteOutcome) => status === 'done')).toBe(true)
    expect((await read(opened.driver, model, key))?.values.count).toBe(50)
  })

  it("leaves the caller's client as it is, and open", async () => {
    const client = new Redis(server.engine.address, { keyPrefix: 'team:', stringNumbers: true, commandTimeout: 9_000 })
    try {
      const before = { ...client.options }
      const { namespace } = server.options()
      const opened = await open({ client, namespace }, [Counter])
      await opened.driver.write(put(model, { name: 'hits', count: 1 }), call())
      expect(opened.driver.native(model, key)).toEqual({ client, key: `team:${namespace}:{0}:e:Counter#hits!Counter` })
      expect(await client.hget(`${namespace}:{0}:e:Counter#hits!Counter`, 'count')).toBe('1')
      await opened.driver.close()
      await opened.driver.close()
      expect(client.options).toEqual(before)
      expect(client.status).toBe('ready')
      expect(await failure(read(opened.driver, model, key))).toMatchObject({ code: 'CLOSED' })
    } finally {
      client.disconnect()
    }
  })
})

describe('a server that is not there', () => {
  const model1 = { entities: [model] }

  it('is reported at once, naming the address and what to do', async () => {
    const error = await failure(redis({ url: 'redis://127.0.0.1:1' }).open(model1, { now: Date.now }))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not committed', store: 'Redis' })
    expect(error.message).toMatch(
      /Redis at 127\.0\.0\.1:1 cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Check that it runs/,
    )
  })

  it('is given up after connectTimeout when it takes connections and says nothing', async () => {
    const mute = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => mute.once('listening', resolve))
    const { port } = mute.address() as { port: number }
    const started = performance.now()
    const error = await failure(
      redis({ url: `redis://127.0.0.1:${port}`, connectTimeout: 200 }).open(model1, { now: Date.now }),
    )
    expect(error.code).toBe('UNAVAILABLE')
    expect(performance.now() - started).toBeLessThan(5_000)
    mute.close()
  })
})
