import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, type EngineError, type Store, startEngine, startStore } from '../src/index.js'
import { accepts, collectLog, portOf } from './machine.js'

const { log, lines } = collectLog()

const refusal = (starting: Promise<Engine>): Promise<EngineError> =>
  starting.then(
    (engine) => Promise.reject(new Error(`${engine.engine} was started`)),
    (error: unknown) => error as EngineError,
  )

describe('an address in the environment', () => {
  let mine: Engine
  beforeAll(async () => {
    mine = await startEngine('valkey', { log })
  })
  afterAll(() => mine.stop())

  test('is used, identified, and left alone', async () => {
    const engine = await startStore('valkey', { env: { VALKEY_URL: mine.address }, log })
    expect(engine).toMatchObject({ store: 'valkey', engine: 'valkey', version: '9.1.2', source: 'address' })
    expect(engine.address).toBe(mine.address)
    expect(engine.pid).toBeUndefined()
    expect(lines.at(-1)).toBe(`valkey: valkey 9.1.2, given by its address, at ${mine.address}`)

    for (const call of ['pause', 'resume', 'kill', 'restart'] as const) {
      await expect(engine[call]()).rejects.toMatchObject({
        code: 'NOT_CONTROLLED',
        reason: expect.stringContaining(`VALKEY_URL=${mine.address}`),
        remedy: 'Unset VALKEY_URL to have one started that can be.',
      })
    }
    await engine.stop()
    expect(await accepts('127.0.0.1', portOf(mine.address))).toBe(true)
  })

  test('a Valkey given as Redis is used, and called by its name', async () => {
    await using engine = await startStore('redis', { env: { REDIS_URL: mine.address }, log })
    expect(engine).toMatchObject({ store: 'redis', engine: 'valkey', version: '9.1.2' })
  })

  test('logs in with the password, and never shows it', async () => {
    await using locked = await startEngine('valkey', { log })
    const client = new Redis(locked.address)
    await client.config('SET', 'requirepass', 'p@ss:word')
    client.disconnect()

    const address = locked.address.replace('//', `//:${encodeURIComponent('p@ss:word')}@`)
    await using engine = await startStore('valkey', { env: { VALKEY_URL: address }, log })
    expect(engine.version).toBe('9.1.2')
    expect(lines.at(-1)).toContain('//:***@127.0.0.1')

    const wrong = await refusal(
      startStore('valkey', { env: { VALKEY_URL: address.replace('word', 'open-sesame') }, log }),
    )
    expect(wrong.message).toContain('WRONGPASS')
    expect(wrong.message).not.toContain('open-sesame')
    const without = await refusal(startStore('valkey', { env: { VALKEY_URL: locked.address }, log }))
    expect(without.message).toContain('NOAUTH')
  })

  test('durable cannot be promised for it', async () => {
    const error = await refusal(startStore('valkey', { env: { VALKEY_URL: mine.address }, durable: true, log }))
    expect(error.code).toBe('NOT_CONTROLLED')
    expect(error.remedy).toContain('leave out `durable`')
  })

  test('of several MongoDB hosts the first that answers is asked', async () => {
    await using mongo = await startEngine('secantus-mdb', { log })
    const uri = mongo.address.replace('127.0.0.1', '127.0.0.1:1,127.0.0.1')
    await using engine = await startStore('mongodb', { env: { MONGODB_URI: uri }, log })
    expect(engine).toMatchObject({ engine: 'secantus-mdb', version: '0.5.3-beta.196', source: 'address' })
  })

  test('a DynamoDB endpoint is used, and identified', async () => {
    await using dynoxide = await startEngine('dynoxide', { log })
    await using engine = await startStore('dynamodb', { env: { DYNAMODB_ENDPOINT: dynoxide.address }, log })
    expect(engine).toMatchObject({ engine: 'dynoxide', version: '1.2.1', source: 'address' })
  })
})

describe('a wrong address is an error, and nothing else is started', () => {
  const variables: Record<Store, string> = {
    dynamodb: 'DYNAMODB_ENDPOINT',
    mongodb: 'MONGODB_URI',
    redis: 'REDIS_URL',
    valkey: 'VALKEY_URL',
  }
  const schemes: Record<Store, string> = { dynamodb: 'http', mongodb: 'mongodb', redis: 'redis', valkey: 'redis' }
  const stores = Object.keys(variables) as Store[]

  test.for(stores)('%s: nobody listens there', async (store) => {
    const error = await refusal(
      startStore(store, { env: { [variables[store]]: `${schemes[store]}://127.0.0.1:1` }, log }),
    )
    expect(error.code).toBe('UNREACHABLE')
    expect(error.message).toMatch(new RegExp(`^The ${store} server of ${variables[store]}=.*ECONNREFUSED`))
    expect(error.remedy).toContain(`Or unset ${variables[store]}, to have a server started`)
  })

  test.for(stores)('%s: something else listens there', async (store) => {
    const web = createServer((_, response) => response.end('<html>hello</html>'))
    await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
    const { port } = web.address() as AddressInfo
    const error = await refusal(
      startStore(store, { env: { [variables[store]]: `${schemes[store]}://127.0.0.1:${port}` }, timeout: 2_000, log }),
    )
    web.close()
    web.closeAllConnections()
    expect(error.code).toBe('UNREACHABLE')
    expect(error.reason).toMatch(/is not DynamoDB|closed the connection|does not speak/)
  })

  test.for(stores)('%s: it is no address', async (store) => {
    const error = await refusal(startStore(store, { env: { [variables[store]]: 'localhost' }, log }))
    expect(error.code).toBe('UNREACHABLE')
    expect(error.remedy).toMatch(/^Write (http|mongodb|redis):\/\//)
  })
})
