import { createServer } from 'node:net'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { connect, defineEntity, StoreError } from '@isomodel/core'
import { newToken, type WriteOp } from '@isomodel/core/driver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dynamodb } from '../src/index.js'
import { clientAt, engineNames, runEngine } from './support/engines.js'
import { type Opened, open } from './support/open.js'
import { FaultyProxy } from './support/proxy.js'

const Counter = defineEntity({
  name: 'Counter',
  schema: z.object({ id: z.string(), n: z.int() }),
  key: { partition: ['id'] },
})
const key = { id: 'a' }

function increment(): WriteOp {
  return {
    kind: 'update',
    entity: Counter.model,
    key,
    token: newToken(),
    now: Date.now(),
    guard: { exists: 'present' },
    changes: [{ op: 'add', path: ['n'], value: 1 }],
    returning: 'none',
  }
}

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  try {
    await work
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe.each(engineNames)('through a faulty network, %s', (name) => {
  const running = runEngine(name)
  let proxy: FaultyProxy
  let client: DynamoDBClient
  let db: Opened

  beforeEach(async () => {
    proxy = await FaultyProxy.before(running().engine.address)
    // The SDK's own settings: three attempts, with its standard strategy.
    client = clientAt(proxy.address)
    db = await open(client, [Counter])
    await db.driver.write(
      {
        kind: 'put',
        entity: Counter.model,
        key,
        token: newToken(),
        now: 0,
        guard: { exists: 'any' },
        values: { ...key, n: 0 },
        returning: 'none',
      },
      db.call,
    )
    db.look()
    proxy.arrived.length = 0
  })
  afterEach(async () => {
    client.destroy()
    await proxy[Symbol.asyncDispose]()
  })

  const stored = async (): Promise<unknown> => (await db.driver.get([{ entity: Counter.model, key }], db.strong))[0]

  it.each(['standard', 'adaptive'])(
    'sends a write once when its reply is lost, with a client in %s mode',
    async (retryMode) => {
      const other = new DynamoDBClient({ ...config(proxy), retryMode, maxAttempts: 10 })
      const driver = await dynamodb({ client: other, table: db.table }).open(
        { entities: [Counter.model] },
        { now: Date.now },
      )
      proxy.set('UpdateItem', { kind: 'drop reply' })
      const op = increment()
      expect(await failureOf(driver.write(op, db.call))).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
      expect(proxy.count('UpdateItem')).toBe(1)
      expect(db.look()).toMatchObject([{ command: 'UpdateItem', reply: { error: expect.anything() } }])
      expect(await stored()).toMatchObject({ values: { n: 1 }, token: op.token })
      other.destroy()
    },
  )

  it('sends once whatever strategy the caller gave, and through a document client', async () => {
    let asked = 0
    const stubborn = new DynamoDBClient({
      ...config(proxy),
      retryStrategy: {
        acquireInitialRetryToken: async () => token(0),
        refreshRetryTokenForRetry: async () => token(++asked),
        recordSuccess: () => undefined,
      },
    })
    const document = DynamoDBDocumentClient.from(stubborn)
    const driver = await dynamodb({ client: document, table: db.table }).open(
      { entities: [Counter.model] },
      { now: Date.now },
    )
    proxy.set('UpdateItem', { kind: 'drop reply' })
    expect(await failureOf(driver.write(increment(), db.call))).toMatchObject({ outcome: 'unknown' })
    expect(proxy.count('UpdateItem')).toBe(1)
    expect(asked).toBe(0)
    stubborn.destroy()
  })

  it('sends once when the store answers 500, and says that it may be there', async () => {
    proxy.set('UpdateItem', { kind: 'answer', status: 500, type: 'InternalServerError' })
    expect(await failureOf(db.driver.write(increment(), db.call))).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'unknown',
      retryable: true,
    })
    expect(proxy.count('UpdateItem')).toBe(1)
    expect(await stored()).toMatchObject({ values: { n: 0 } })
  })

  it('sends once when it is throttled, and says that nothing is there', async () => {
    proxy.set('UpdateItem', { kind: 'answer', status: 400, type: 'ProvisionedThroughputExceededException' })
    expect(await failureOf(db.driver.write(increment(), db.call))).toMatchObject({
      code: 'THROTTLED',
      outcome: 'not committed',
    })
    expect(proxy.count('UpdateItem')).toBe(1)
  })

  it('leaves throttled batches to the kit', async () => {
    for (const operation of ['BatchGetItem', 'BatchWriteItem']) {
      proxy.set(operation, { kind: 'answer', status: 400, type: 'ThrottlingException' })
    }
    const requests = ['x', 'y'].map((id) => ({ entity: Counter.model, key: { id } }))
    expect(await db.driver.get(requests, db.strong)).toEqual(['throttled', 'throttled'])
    const ops = requests.map((request) => ({
      ...request,
      kind: 'delete' as const,
      token: newToken(),
      now: 0,
      guard: { exists: 'any' as const },
      returning: 'none' as const,
    }))
    expect(await db.driver.writeBatch(ops, db.call)).toEqual([{ status: 'throttled' }, { status: 'throttled' }])
    expect(proxy.count('BatchGetItem') + proxy.count('BatchWriteItem')).toBe(2)
  })

  it("leaves the retries of the caller's own commands on", async () => {
    await db.driver.write(increment(), db.call)
    proxy.set('PutItem', { kind: 'answer', status: 500, type: 'InternalServerError' })
    await client
      .send(new PutItemCommand({ TableName: db.table, Item: { pk: { S: 'x' }, sk: { S: 'x' } } }))
      .catch(() => undefined)
    expect(proxy.count('PutItem')).toBeGreaterThan(1)
  })

  it('adjusts the clock of the client when the store calls it wrong', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000)
    proxy.set('GetItem', {
      kind: 'answer',
      status: 400,
      type: 'RequestTimeTooSkewed',
      headers: { date: tomorrow.toUTCString() },
    })
    expect(await failureOf(stored())).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    proxy.set('GetItem', undefined)
    await stored()
    const days = proxy.arrived
      .filter(({ operation }) => operation === 'GetItem')
      .map(({ headers }) => String(headers['x-amz-date']).slice(0, 8))
    expect(days).toHaveLength(2)
    expect(days[1]).toBe(tomorrow.toISOString().slice(0, 10).replaceAll('-', ''))
    expect(days[0]).not.toBe(days[1])
  })

  it('stops waiting when the signal fires, and says that the write may be there', async () => {
    proxy.set('UpdateItem', { kind: 'no reply' })
    const stop = new AbortController()
    const work = failureOf(db.driver.write(increment(), { ...db.call, signal: stop.signal }))
    while (proxy.count('UpdateItem') === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    expect(await work).toMatchObject({ code: 'ABORTED', outcome: 'unknown' })
    expect(await failureOf(db.driver.write(increment(), { ...db.call, signal: stop.signal }))).toMatchObject({
      code: 'ABORTED',
      outcome: 'not committed',
    })
    expect(proxy.count('UpdateItem')).toBe(1)
  })

  it('counts once in a repository, which settles a lost reply by the token', async () => {
    await using shop = await connect(dynamodb({ client, table: db.table }), { Counter })
    proxy.set('UpdateItem', { kind: 'drop reply' })
    expect(await shop.Counter.update(key, (c, { add }) => [add(c.n, 1)])).toMatchObject({ n: 1 })
    expect(proxy.count('UpdateItem')).toBe(1)
    expect(await stored()).toMatchObject({ values: { n: 1 } })
  })

  it('says that nobody listens, with the address', async () => {
    const port = await freePort()
    const away = await dynamodb({
      client: { ...config(proxy), endpoint: `http://127.0.0.1:${port}` },
      table: 'shop',
    }).open({ entities: [Counter.model] }, { now: Date.now })
    const error = await failureOf(away.write(increment(), db.call))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not committed', retryable: true })
    expect(error.message).toContain(`127.0.0.1:${port}`)
    await away.close()
  })

  it('says that there are no credentials, and sends nothing', async () => {
    const stranger = new DynamoDBClient({
      ...config(proxy),
      credentials: async () => {
        throw Object.assign(new Error('no credentials found'), { name: 'CredentialsProviderError' })
      },
    })
    const driver = await dynamodb({ client: stranger, table: db.table }).open(
      { entities: [Counter.model] },
      { now: Date.now },
    )
    expect(await failureOf(driver.write(increment(), db.call))).toMatchObject({
      code: 'ACCESS_DENIED',
      outcome: 'not committed',
    })
    expect(proxy.count('UpdateItem')).toBe(0)
    stranger.destroy()
  })
})

function config({ address }: FaultyProxy): {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
} {
  return { endpoint: address, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
}

function token(count: number): { getRetryCount(): number; getRetryDelay(): number } {
  return { getRetryCount: () => count, getRetryDelay: () => 0 }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
