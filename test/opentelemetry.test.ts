import { tracingChannel } from 'node:diagnostics_channel'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { connect, defineEntity } from '@isomodel/core'
import { type Engine, startEngine, uniqueNamespace } from '@isomodel/devstack'
import { dynamodb } from '@isomodel/dynamodb'
import { IsomodelInstrumentation } from '@isomodel/opentelemetry'
import { redis } from '@isomodel/redis'
import { context, type TracerProvider as Provider } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { selectedStores } from './engines/engines.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customer: z.string(), id: z.string(), total: z.number().default(0) }),
  key: { partition: ['customer'], sort: ['id'] },
})
const key = { customer: 'c-1', id: 'o-1' }

const spans = new InMemorySpanExporter()
const provider: Provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] })
const client = provider.getTracer('of the client')
const instrumentation = new IsomodelInstrumentation({ enabled: false })
let engine: Engine | undefined

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  instrumentation.setTracerProvider(provider)
  instrumentation.enable()
})
afterEach(() => spans.reset())
afterAll(async () => {
  instrumentation.disable()
  context.disable()
  await engine?.stop()
})

/** Tests on a store, where it is selected. */
function on(store: 'redis' | 'dynamodb', tests: () => void): void {
  if (selectedStores().includes(store)) describe(`on ${store}`, tests)
  else it(`${store} is left out`, () => expect(selectedStores()).not.toContain(store))
}

const named = (name: string): ReadableSpan | undefined => spans.getFinishedSpans().find((span) => span.name === name)

on('redis', () => {
  it('says where the call went, and is the parent of what the client traces', async () => {
    engine = await startEngine('redis')
    const { hostname, port } = new URL(engine.address)
    const commands = tracingChannel<string, object>('ioredis:command')
    const traced = { start: () => client.startSpan('command').end() }
    commands.subscribe(traced as never)
    await using db = await connect(redis({ url: engine.address, namespace: uniqueNamespace('otel') }), { Order })
    await db.setup()
    await db.Order.put(key)
    spans.reset()
    await db.Order.update(key, { total: 5 })
    commands.unsubscribe(traced as never)
    const call = named('update Order')
    expect(call?.attributes).toMatchObject({
      'db.system.name': 'redis',
      'db.namespace': '0',
      'server.address': hostname,
      'server.port': Number(port),
      'isomodel.round_trips': 1,
    })
    expect(named('command')?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId)
    await engine.stop()
  })
})

on('dynamodb', () => {
  it('names table, endpoint, consumed capacity and the code of a failure', async () => {
    engine = await startEngine('dynoxide')
    const { hostname, port } = new URL(engine.address)
    const aws = new DynamoDBClient({
      endpoint: engine.address,
      region: 'local',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    aws.middlewareStack.add(
      (next) => (args) => {
        client.startSpan('request').end()
        return next(args)
      },
      { step: 'build' },
    )
    const table = uniqueNamespace('otel')
    await using db = await connect(dynamodb({ client: aws, table }), { Order })
    await db.Order.put(key).catch(() => undefined)
    const [missing] = spans.getFinishedSpans().filter(({ name }) => name === 'put Order')
    expect(missing?.attributes).toMatchObject({
      'error.type': 'MODEL_MISMATCH',
      'db.response.status_code': 'ResourceNotFoundException',
    })
    await db.setup()
    spans.reset()
    await db.Order.put(key)
    await db.Order.query({ customer: 'c-1' }).all()
    const put = named('put Order')
    expect(put?.attributes).toMatchObject({
      'db.system.name': 'aws.dynamodb',
      'db.collection.name': table,
      'server.address': hostname,
      'server.port': Number(port),
      'aws.dynamodb.table_names': [table],
      'isomodel.capacity.write': 1,
      'aws.dynamodb.consumed_capacity': [
        JSON.stringify({ TableName: table, CapacityUnits: 1, ReadCapacityUnits: 0, WriteCapacityUnits: 1 }),
      ],
    })
    expect(named('query.all Order')?.attributes).toMatchObject({
      'isomodel.rows_read': 1,
      'db.response.returned_rows': 1,
      'isomodel.capacity.read': expect.any(Number),
    })
    expect(named('request')?.parentSpanContext?.spanId).toBe(put?.spanContext().spanId)
    aws.destroy()
    await engine.stop()
  })
})
