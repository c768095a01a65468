import { connect, defineEntity } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import manifest from '../package.json' with { type: 'json' }
import { IsomodelInstrumentation } from '../src/index.js'

const Item = defineEntity({
  name: 'Item',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int().default(0) }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'], sort: ['id'] } },
})
const key = { group: 'g', id: '1' }

const spans = new InMemorySpanExporter()
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] })
const exported = new InMemoryMetricExporter(AggregationTemporality.DELTA)
const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 })
const meterProvider = new MeterProvider({ readers: [reader] })
const tracer = tracerProvider.getTracer('test')

async function measured(name: string): Promise<MetricData> {
  await meterProvider.forceFlush()
  const found = exported
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .find(({ descriptor }) => descriptor.name === name)
  if (found === undefined) throw new Error(`no metric ${name}`)
  return found
}

describe('the instrumentation', () => {
  const instrumentation = new IsomodelInstrumentation({ enabled: false })
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    registerInstrumentations({ instrumentations: [instrumentation], tracerProvider, meterProvider })
  })
  afterAll(async () => {
    instrumentation.disable()
    context.disable()
    await meterProvider.shutdown()
  })
  beforeEach(async () => {
    spans.reset()
    await meterProvider.forceFlush()
    exported.reset()
  })

  it('makes a CLIENT span of a call, with what it was and what it took', async () => {
    await using db = await connect(memory(), { Item })
    await db.Item.create(key)
    const [span] = spans.getFinishedSpans()
    expect(span).toMatchObject({ name: 'create Item', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } })
    expect(span?.attributes).toEqual({
      'db.system.name': 'memory',
      'db.operation.name': 'create',
      'db.query.summary': 'create Item',
      'db.response.returned_rows': 1,
      'isomodel.entity': 'Item',
      'isomodel.round_trips': 1,
      'isomodel.retries': 0,
      'isomodel.rows_read': 0,
    })
    expect(span?.instrumentationScope).toEqual({
      name: manifest.name,
      version: manifest.version,
      schemaUrl: 'https://opentelemetry.io/schemas/1.45.0',
    })
  })

  it('names the index, and the size of what is a batch', async () => {
    await using db = await connect(memory(), { Item })
    await db.Item.putMany([key, { ...key, id: '2' }])
    await db.Item.putMany([key])
    await db.Item.query('byN', { n: 0 }).all()
    await db.transact((t) => [t.Item.delete(key), t.Item.delete({ ...key, id: '2' })])
    expect(
      spans
        .getFinishedSpans()
        .map(({ name, attributes }) => [name, attributes['db.operation.batch.size'], attributes['isomodel.index']]),
    ).toEqual([
      ['putMany Item', 2, undefined],
      ['putMany Item', undefined, undefined],
      ['query.all Item.byN', undefined, 'byN'],
      ['transact', 2, undefined],
    ])
  })

  it('says by its code why a call failed, and shows no message', async () => {
    await using db = await connect(memory(), { Item })
    await db.Item.create(key)
    await db.Item.create(key).catch(() => undefined)
    const span = spans.getFinishedSpans()[1]
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'ALREADY_EXISTS' },
      attributes: { 'error.type': 'ALREADY_EXISTS', 'isomodel.outcome': 'not committed' },
      events: [],
    })
  })

  it("is a child of the caller's span, and the parent of what is made within the call", async () => {
    const store = memory()
    const adapter = {
      ...store,
      open: async (...args: Parameters<typeof store.open>) => {
        const driver = await store.open(...args)
        const { write } = driver
        driver.write = async (op, call) => {
          await Promise.resolve()
          tracer.startSpan('of the client').end()
          return write.call(driver, op, call)
        }
        return driver
      },
    }
    await using db = await connect(adapter, { Item })
    await tracer.startActiveSpan('of the caller', async (caller) => {
      await db.Item.put(key)
      expect(trace.getActiveSpan()).toBe(caller)
      caller.end()
    })
    const [inner, call, outer] = spans.getFinishedSpans()
    expect([inner?.name, call?.name, outer?.name]).toEqual(['of the client', 'put Item', 'of the caller'])
    expect(inner?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId)
    expect(call?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
  })

  it('measures durations in seconds, in the buckets of the conventions', async () => {
    await using db = await connect(memory(), { Item })
    await db.Item.create(key)
    await db.Item.create(key).catch(() => undefined)
    const duration = (await measured('db.client.operation.duration')) as HistogramMetricData
    expect(duration).toMatchObject({ descriptor: { unit: 's' }, dataPointType: DataPointType.HISTOGRAM })
    expect(duration.dataPoints.map(({ attributes }) => attributes)).toEqual([
      {
        'db.system.name': 'memory',
        'db.operation.name': 'create',
        'db.query.summary': 'create Item',
        'isomodel.entity': 'Item',
      },
      expect.objectContaining({ 'error.type': 'ALREADY_EXISTS' }),
    ])
    const [value] = duration.dataPoints.map((point) => point.value)
    expect(value?.buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])
    const [span] = spans.getFinishedSpans()
    const [seconds = 0, nanoseconds = 0] = span?.duration ?? []
    expect(value?.sum).toBeGreaterThan(0)
    expect(value?.sum).toBeLessThanOrEqual(seconds + nanoseconds / 1e9 + 0.01)
    const rows = (await measured('db.client.response.returned_rows')) as HistogramMetricData
    expect(rows.dataPoints.map((point) => point.value.sum)).toEqual([1])
    const trips = await measured('isomodel.round_trips')
    expect(trips.dataPoints.map((point) => point.value)).toEqual([1, 1])
  })

  it('makes nothing after it was disabled', async () => {
    instrumentation.disable()
    await using db = await connect(memory(), { Item })
    await db.Item.create(key)
    instrumentation.enable()
    expect(spans.getFinishedSpans()).toEqual([])
  })
})

describe('without a provider given', () => {
  it('works by the global ones', async () => {
    const own = new InMemorySpanExporter()
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: own })] }))
    const instrumentation = new IsomodelInstrumentation()
    await using db = await connect(memory(), { Item })
    await db.Item.create(key)
    instrumentation.disable()
    trace.disable()
    metrics.disable()
    expect(own.getFinishedSpans().map(({ name }) => name)).toEqual(['create Item'])
  })
})
