import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type EngineError, startEngine } from '../src/index.js'
import { connectTo } from './clients.js'
import { collectLog, exists, ownTemporaryFolder } from './machine.js'

const temporary = ownTemporaryFolder()
const { log, lines } = collectLog()

test('a paused engine answers nothing, and goes on where it was', async () => {
  await using engine = await startEngine('valkey', { log })
  await using client = await connectTo(engine)
  await client.write('key', 'value')

  await engine.pause()
  const answer = client.read('key')
  expect(await Promise.race([answer, sleep(300, 'silence')])).toBe('silence')
  await engine.resume()
  expect(await answer).toBe('value')
})

test('a paused engine can be restarted, killed and stopped', async () => {
  const engine = await startEngine('valkey', { log })
  await engine.pause()
  await engine.restart()
  await using client = await connectTo(engine)
  await client.write('key', 'value')
  await engine.pause()
  await engine.kill()
  await engine.restart()
  await engine.pause()
  await engine.stop()
  expect(temporary.entries()).toEqual([])
})

test('without durable, a killed Valkey comes back empty', async () => {
  await using engine = await startEngine('valkey', { log })
  await using client = await connectTo(engine)
  await client.write('key', 'value')
  await engine.kill()
  await engine.restart()
  expect(await client.read('key')).toBeUndefined()
})

test('calls run in the order asked, and stop is the last one', async () => {
  const engine = await startEngine('valkey', { log })
  const pid = engine.pid ?? 0
  const calls = await Promise.allSettled([
    engine.kill(),
    engine.restart(),
    engine.stop(),
    engine.restart(),
    engine.stop(),
  ])
  expect(calls.map((call) => call.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(exists(pid)).toBe(false)
  await expect(engine.pause()).rejects.toMatchObject({ code: 'STOPPED', remedy: 'Start another one.' })
})

test('an engine that dies by itself says so, with its last words', async () => {
  await using engine = await startEngine('valkey', { log })
  process.kill(engine.pid ?? 0, 'SIGTERM')
  await expect.poll(() => lines.find((line) => line.includes('ended by itself'))).toContain('ready to exit')
  expect(engine.pid).toBeUndefined()
  await engine.restart()
  expect(engine.pid).toBeDefined()
})

test('a start can be cancelled, and leaves nothing', async () => {
  const cancel = new AbortController()
  const starting = startEngine('dynamodb-local', { log, signal: cancel.signal })
  await expect.poll(temporary.entries).toHaveLength(1)
  cancel.abort(new Error('changed my mind'))
  await expect(starting).rejects.toThrow('changed my mind')
  expect(temporary.entries()).toEqual([])
})

test('what cancels the start has no say in a restart', async () => {
  const cancel = new AbortController()
  await using engine = await startEngine('valkey', { log, signal: cancel.signal })
  cancel.abort()
  await engine.restart()
  expect(engine.pid).toBeDefined()
})

test('a server that is not ready in time is an error that quotes it', async () => {
  const starting = startEngine('dynamodb-local', { log, timeout: 1 })
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason as EngineError,
  )
  expect(error?.attempts.at(-1)?.reason).toContain('dynamodb-local was not ready within 1 ms: it does not listen')
  expect(error?.attempts.at(-1)?.remedy).toContain('`timeout`')
  expect(temporary.entries()).toEqual([])
})
